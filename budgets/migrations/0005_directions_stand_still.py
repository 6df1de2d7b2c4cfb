from django.db import migrations

from foundation.audit.append_only import ProtectTable
from foundation.audit.frozen_rows import FreezeRows, FreezeWithParent

DIRECTION = "budgets_direction"
# Where an issued direction stands can change; what it says and pays cannot.
STILL_OPEN = [
    "state",
    "ends_on",
    "ended_by_id",
    "end_reason",
    "end_minute_reference",
    "revision",
    "changed_by_id",
    "changed_at",
]


class Migration(migrations.Migration):
    """An issued direction says what it said, and what a body acknowledged and reported stays, whoever asks."""

    dependencies = [("budgets", "0004_directions")]

    operations = [
        FreezeRows(DIRECTION, "issued_at", STILL_OPEN),
        FreezeWithParent("budgets_directiontarget", DIRECTION, "direction_id", "issued_at"),
        FreezeWithParent("budgets_directionline", DIRECTION, "direction_id", "issued_at"),
        FreezeWithParent("budgets_replacement", DIRECTION, "direction_id", "issued_at"),
        FreezeWithParent("budgets_direction_functions", DIRECTION, "direction_id", "issued_at"),
        ProtectTable("budgets_acknowledgement"),
        ProtectTable("budgets_directionreport"),
    ]
