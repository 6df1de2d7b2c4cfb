from django.db import migrations

from foundation.audit.append_only import ProtectTable


class Migration(migrations.Migration):
    """What was saved and what was published stays: the database refuses to change it, whoever asks."""

    dependencies = [("strategic_plans", "0001_initial")]

    operations = [
        ProtectTable("strategic_plans_sectionrevision"),
        ProtectTable("strategic_plans_arrangementrevision"),
        ProtectTable("strategic_plans_snapshot"),
        ProtectTable("strategic_plans_planversion"),
    ]
