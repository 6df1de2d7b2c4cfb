from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0008_directions_end_by_two_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="saving",
            name="directions",
            field=models.ManyToManyField(
                blank=True,
                help_text="The directions that carry it out",
                related_name="savings",
                to="budgets.direction",
            ),
        ),
    ]
