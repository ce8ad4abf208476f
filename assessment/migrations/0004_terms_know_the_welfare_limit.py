from django.db import migrations


def tell(apps, schema_editor):
    """Each year's terms get the limit that its policy's rule sets."""
    Rule = apps.get_model("assessment", "Rule")
    YearTerms = apps.get_model("procurement", "YearTerms")
    for terms, amount in Rule.objects.filter(kind="union_welfare_cap").values_list("policy__terms", "amount"):
        YearTerms.objects.filter(pk=terms).update(welfare_per_head=amount)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0003_snapshots_stay"), ("procurement", "0010_welfare_per_head")]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop, elidable=True)]
