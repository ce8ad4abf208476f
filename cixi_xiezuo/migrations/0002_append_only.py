from django.db import migrations

from cixi_xiezuo.appendonly import protection


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [protection("audit_event")]
