from django.db import migrations

from foundation.audit.append_only import ProtectTable


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        ProtectTable("audit_entry"),
        ProtectTable("audit_seal"),
        ProtectTable("audit_sealedentry"),
    ]
