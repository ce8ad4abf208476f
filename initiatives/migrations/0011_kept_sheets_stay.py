from django.db import migrations

from cixi_xiezuo.appendonly import protection


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0010_quarterly_reports")]

    operations = [protection("initiatives_keptsheet")]
