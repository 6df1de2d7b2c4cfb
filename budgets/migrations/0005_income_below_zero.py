from django.conf import settings
from django.db import migrations, models

import budgets.models.money

# The part of a line that a locality, a direction or the authority itself has stands on the line's side of zero. Asked at
# the end of the transaction: a line and its parts change one after the other.
ON_THE_LINES_SIDE = """
CREATE FUNCTION budgets_check_side(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM budgets_budgetline line JOIN (
            SELECT line_id, amount FROM budgets_localityshare
            UNION ALL SELECT line_id, amount FROM budgets_directionline
            UNION ALL SELECT line_id, amount FROM budgets_owncost
        ) part ON part.line_id = line.id
        WHERE line.id = wanted
          AND CASE WHEN line.subjective = 'income' THEN part.amount > 0 ELSE part.amount < 0 END
    ) THEN
        RAISE EXCEPTION 'A part of budget line % is on the other side of zero than the line', wanted
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'budget_line_part_on_its_side';
    END IF;
END
$$;

CREATE FUNCTION budgets_part_on_its_side() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM budgets_check_side(NEW.line_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION budgets_line_on_the_side_of_its_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM budgets_check_side(NEW.id);
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER budgets_share_on_its_side AFTER INSERT OR UPDATE ON budgets_localityshare
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION budgets_part_on_its_side();
CREATE CONSTRAINT TRIGGER budgets_directed_on_its_side AFTER INSERT OR UPDATE ON budgets_directionline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION budgets_part_on_its_side();
CREATE CONSTRAINT TRIGGER budgets_own_cost_on_its_side AFTER INSERT OR UPDATE ON budgets_owncost
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION budgets_part_on_its_side();
CREATE CONSTRAINT TRIGGER budgets_line_on_the_side_of_its_parts AFTER UPDATE OF subjective ON budgets_budgetline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.subjective IS DISTINCT FROM NEW.subjective) EXECUTE FUNCTION budgets_line_on_the_side_of_its_parts();
"""
ON_ANY_SIDE = """
DROP TRIGGER budgets_share_on_its_side ON budgets_localityshare;
DROP TRIGGER budgets_directed_on_its_side ON budgets_directionline;
DROP TRIGGER budgets_own_cost_on_its_side ON budgets_owncost;
DROP TRIGGER budgets_line_on_the_side_of_its_parts ON budgets_budgetline;
DROP FUNCTION budgets_part_on_its_side, budgets_line_on_the_side_of_its_parts, budgets_check_side;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0004_what_the_database_holds"),
        ("partnerships", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="budgetline",
            name="budget_line_not_negative",
        ),
        migrations.RemoveConstraint(
            model_name="confirmation",
            name="confirmation_not_negative",
        ),
        migrations.RemoveConstraint(
            model_name="directionline",
            name="direction_line_above_nothing",
        ),
        migrations.RemoveConstraint(
            model_name="localityshare",
            name="locality_share_not_negative",
        ),
        migrations.AlterField(
            model_name="budgetline",
            name="amount",
            field=budgets.models.money.Money(
                decimal_places=2,
                help_text="Allocated for the year as it stands now, in pounds; income stands below zero",
                max_digits=14,
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__lte", 0), ("subjective", "income")),
                    models.Q(models.Q(("subjective", "income"), _negated=True), ("amount__gte", 0)),
                    _connector="OR",
                ),
                name="budget_line_below_zero_for_income_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(("fund", "set_aside"), ("subjective", "income"), _negated=True),
                name="budget_line_no_income_of_the_set_aside",
            ),
        ),
        migrations.AddConstraint(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(("contribution__isnull", True), ("amount__gte", 0), _connector="OR"),
                name="confirmation_of_a_contribution_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="directionline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="direction_line_of_a_sum"
            ),
        ),
        migrations.RunSQL(ON_THE_LINES_SIDE, ON_ANY_SIDE),
    ]
