import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from foundation.audit.frozen_rows import FreezeRows, frozen_row_sql, reverse_frozen_sql

DIRECTION = "budgets_direction"
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
    dependencies = [
        ("budgets", "0007_days_of_offers"),
        ("partnerships", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Revocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "from_day",
                    models.DateField(help_text="The first day on which the direction is not in force"),
                ),
                ("reason", models.TextField()),
                ("minute_reference", models.CharField(max_length=160)),
                ("prepared_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("returned_reason", models.CharField(blank=True, max_length=500)),
                ("revision", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.AddField(
            model_name="direction",
            name="end_prepared_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="direction",
            name="expected_end_on",
            field=models.DateField(
                blank=True,
                help_text="When it is expected to have done its work; it does not end by itself then",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="direction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_prepared_by__isnull", True),
                    models.Q(("end_prepared_by", models.F("ended_by")), _negated=True),
                    _connector="OR",
                ),
                name="direction_revoked_by_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="direction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expected_end_on__isnull", True),
                    ("starts_on__isnull", True),
                    ("expected_end_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="direction_expected_to_end_after_it_starts",
            ),
        ),
        migrations.AddField(
            model_name="revocation",
            name="direction",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="revocation", to="budgets.direction"
            ),
        ),
        migrations.AddField(
            model_name="revocation",
            name="prepared_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="revocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True), models.Q(("minute_reference", ""), _negated=True)
                ),
                name="revocation_with_a_reason",
            ),
        ),
        # Who prepared its end is written when it ends, as who decided it is.
        migrations.RunSQL(reverse_frozen_sql(DIRECTION), frozen_row_sql(DIRECTION, "issued_at", STILL_OPEN)),
        FreezeRows(DIRECTION, "issued_at", [*STILL_OPEN, "end_prepared_by_id"]),
    ]
