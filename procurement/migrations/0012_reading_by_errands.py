"""Receipts that wait to be read at the time of the upgrade get their errands."""

from django.db import migrations


def post(apps, schema_editor):
    Receipt, Errand = apps.get_model("procurement", "Receipt"), apps.get_model("core", "Errand")
    waiting = Receipt.objects.filter(reading__in=("waiting", "reading"), file__isnull=False)
    Errand.objects.bulk_create(
        (Errand(task="procurement.read_receipt", args=[pk]) for pk in waiting.values_list("pk", flat=True)),
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [("procurement", "0011_answers_and_red_invoices"), ("core", "0004_outbox")]
    operations = [migrations.RunPython(post, migrations.RunPython.noop)]
