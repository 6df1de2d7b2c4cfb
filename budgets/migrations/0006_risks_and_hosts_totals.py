import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import budgets.models.money


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0005_income_below_zero"),
        ("partnerships", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Risk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("lowest", budgets.models.money.Money(decimal_places=2, max_digits=14)),
                ("highest", budgets.models.money.Money(decimal_places=2, max_digits=14)),
                (
                    "likelihood",
                    models.CharField(
                        choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")], max_length=10
                    ),
                ),
                (
                    "mitigation",
                    models.TextField(help_text="What is done so that it does not happen, or costs less"),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["-highest", "title"],
            },
        ),
        migrations.AddField(
            model_name="budgetline",
            name="hosted_total",
            field=budgets.models.money.Money(
                blank=True,
                decimal_places=2,
                help_text="The host's budget for the whole service, in pounds; empty: not told",
                max_digits=14,
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(("hosted_total__isnull", True), ("arm", "hosted"), _connector="OR"),
                name="budget_line_total_of_a_host",
            ),
        ),
        migrations.AddField(
            model_name="risk",
            name="budget",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="risks", to="budgets.budget"
            ),
        ),
        migrations.AddField(
            model_name="risk",
            name="changed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.UniqueConstraint(fields=("budget", "title"), name="risk_title_once"),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("highest__gt", 0), ("highest__gte", models.F("lowest")), ("lowest__gte", 0)
                ),
                name="risk_from_lowest_to_highest",
            ),
        ),
    ]
