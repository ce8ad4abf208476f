"""产地, and the terms of a policy year that decide how a line is read: pairings and holidays."""

from __future__ import annotations

from django.db import models

from cixi_xiezuo.money import MoneyField
from procurement.choices import Holiday, PairingKind


class Region(models.Model):
    """A county or city goods come from. Whether it is paired belongs to a policy year (`Pairing`)."""

    code = models.CharField("区划代码", max_length=12, unique=True)
    name = models.CharField("产地", max_length=50, unique=True)
    prefecture = models.CharField("所属州市", max_length=50, blank=True)
    is_832 = models.BooleanField("832脱贫县", default=False)

    class Meta:
        ordering = ["code"]
        verbose_name = "产地"

    def __str__(self) -> str:
        return self.name


def all_holidays() -> list[str]:
    return list(Holiday.values)


def kinds_text(kinds: list[str]) -> str:
    """Kinds of unit as `YearTerms.twice` holds them, each between commas."""
    return f",{','.join(kinds)}," if kinds else ""


class YearTerms(models.Model):
    """How lines of a year are read. A year without terms of its own is read by the latest earlier ones."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    holidays = models.JSONField("法定节日", default=all_holidays)
    holiday_days = models.JSONField(
        "节日日期", default=dict, blank=True, help_text="节日 → 日期（如 2022-02-01）；没有写的按历法"
    )
    welfare_per_head = MoneyField(
        "工会福利每人限额",
        null=True,
        blank=True,
        help_text="该年度政策中工会福利规则的数额；没有这条规则的为空",
    )
    expired_counts = models.BooleanField(
        "认定过期仍计入",
        default=True,
        help_text="该年度政策的口径：供应商或产品认定过期的采购，是只作提示，还是不能提交",
    )
    twice = models.CharField(
        "两级审核",
        max_length=300,
        blank=True,
        help_text="单位类别，如 ,school,hospital,：先由主管部门或镇街初审，再由市商务局复核",
    )
    in_force = models.BooleanField("执行", default=True, help_text="草拟中的政策，其口径尚不用于任何数字")

    class Meta:
        ordering = ["year"]
        verbose_name = "年度口径"

    def __str__(self) -> str:
        return f"{self.year} 年度口径"

    @property
    def reviewed_twice(self) -> list[str]:
        """Kinds of unit whose purchases are reviewed twice."""
        return [kind for kind in self.twice.split(",") if kind]


class Pairing(models.Model):
    terms = models.ForeignKey(YearTerms, models.CASCADE, related_name="pairings")
    region = models.ForeignKey(Region, models.PROTECT, related_name="pairings", verbose_name="产地")
    kind = models.CharField("结对类别", max_length=16, choices=PairingKind.choices)
    primary = models.BooleanField("重点", default=False)

    class Meta:
        verbose_name = "结对"
        constraints = [models.UniqueConstraint(fields=["terms", "region"], name="pairing_once_a_year")]
