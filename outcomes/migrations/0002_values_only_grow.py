from django.db import migrations

from foundation.audit.append_only import ProtectTable


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0001_initial")]

    operations = [ProtectTable("outcomes_indicatorvalue")]
