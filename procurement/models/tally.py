"""The running sums. Written only by `procurement.tallies`; keyed by unit, so that units never contend."""

from __future__ import annotations

from django.db import models

from cixi_xiezuo.money import MoneyField

YEAR = 0
"""`period` of a whole year's row; a month's is month×100, a day's month×100+day."""


class Tally(models.Model):
    """What one unit's posted lines of a year, month or day add up to, by who answers for them."""

    year = models.PositiveSmallIntegerField()
    period = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("units.Unit", models.CASCADE, related_name="+")
    subject = models.ForeignKey("units.Unit", models.CASCADE, related_name="+")
    responsible_key = models.BigIntegerField(help_text="责任单位的主键，无则 0")
    direct_east_west = MoneyField(default=0)
    direct_mountain_sea = MoneyField(default=0)
    commerce_east_west = MoneyField(default=0)
    commerce_mountain_sea = MoneyField(default=0)
    canteen_832 = MoneyField(default=0)
    canteen_832_paired = MoneyField(default=0)
    holiday = MoneyField(default=0)
    welfare = MoneyField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "period", "unit", "subject", "responsible_key"], name="tally_key"
            )
        ]


class RegionTally(models.Model):
    """Paired purchases of one unit by county; direct, and commerce less its overlap."""

    year = models.PositiveSmallIntegerField()
    period = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("units.Unit", models.CASCADE, related_name="+")
    region = models.ForeignKey("procurement.Region", models.CASCADE, related_name="+")
    direct = MoneyField(default=0)
    commerce = MoneyField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "period", "unit", "region"], name="region_tally_key")
        ]


class ChannelTally(models.Model):
    """Paired purchases of one unit by channel, and by holiday where they were holiday gifts; sums as RegionTally's."""

    year = models.PositiveSmallIntegerField()
    period = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("units.Unit", models.CASCADE, related_name="+")
    channel = models.CharField(max_length=16)
    holiday = models.CharField(max_length=16, blank=True)
    direct = MoneyField(default=0)
    commerce = MoneyField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "period", "unit", "channel", "holiday"], name="channel_tally_key"
            )
        ]
