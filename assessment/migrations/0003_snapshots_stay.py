from django.db import migrations

from cixi_xiezuo.appendonly import protection


class Migration(migrations.Migration):
    dependencies = [("assessment", "0002_opening_snapshot")]

    operations = [protection("assessment_snapshot")]
