from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0006_risks_and_hosts_totals"),
        ("partnerships", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="moneypolicy",
            name="board_offers_by",
            field=models.CharField(
                default="03-31",
                help_text="Month and day before the year begins: until then the health board’s offer is in time",
                max_length=5,
            ),
        ),
        migrations.AddField(
            model_name="moneypolicy",
            name="council_offers_by",
            field=models.CharField(
                default="03-11",
                help_text="Month and day before the year begins: until then a council’s offer is in time",
                max_length=5,
            ),
        ),
        migrations.AddConstraint(
            model_name="moneypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("board_offers_by__regex", "^(0[13]-(0[1-9]|[12]\\d|3[01])|02-(0[1-9]|1\\d|2[0-8]))$"),
                    ("council_offers_by__regex", "^(0[13]-(0[1-9]|[12]\\d|3[01])|02-(0[1-9]|1\\d|2[0-8]))$"),
                ),
                name="money_policy_offers_before_the_year",
            ),
        ),
    ]
