from django.db import migrations

import budgets.models.money

# A host's figure of a closed month stands still as the others do.
CLOSED_STANDS_STILL = """
DROP TRIGGER budgets_figure_of_closed_period ON budgets_periodfigure;
CREATE TRIGGER budgets_figure_of_closed_period
    BEFORE INSERT OR UPDATE OF period_id, line_id, budget, budget_to_date, actual, forecast, hosted_outturn
    ON budgets_periodfigure
    FOR EACH ROW EXECUTE FUNCTION budgets_refuse_closed_period();
"""
WITHOUT_THE_HOSTS = """
DROP TRIGGER budgets_figure_of_closed_period ON budgets_periodfigure;
CREATE TRIGGER budgets_figure_of_closed_period
    BEFORE INSERT OR UPDATE OF period_id, line_id, budget, budget_to_date, actual, forecast ON budgets_periodfigure
    FOR EACH ROW EXECUTE FUNCTION budgets_refuse_closed_period();
"""

# Only a hosted line has a host that tells what the whole service costs.
HOSTED_ALONE = """
CREATE FUNCTION budgets_refuse_outturn_of_no_host() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM budgets_budgetline WHERE id = NEW.line_id AND arm <> 'hosted') THEN
        RAISE EXCEPTION 'Line % has no host', NEW.line_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'hosted_outturn_of_a_hosted_line';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER budgets_hosted_outturn_of_a_hosted_line
    BEFORE INSERT OR UPDATE OF hosted_outturn, line_id ON budgets_periodfigure
    FOR EACH ROW WHEN (NEW.hosted_outturn IS NOT NULL) EXECUTE FUNCTION budgets_refuse_outturn_of_no_host();
"""
NO_HOSTED_ALONE = """
DROP TRIGGER budgets_hosted_outturn_of_a_hosted_line ON budgets_periodfigure;
DROP FUNCTION budgets_refuse_outturn_of_no_host;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0005_why_a_direction_was_given_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="periodfigure",
            name="hosted_outturn",
            field=budgets.models.money.Money(
                blank=True,
                decimal_places=2,
                help_text="What the host expects the whole hosted service to cost in the year; hosted lines only",
                max_digits=14,
                null=True,
            ),
        ),
        migrations.RunSQL(CLOSED_STANDS_STILL, WITHOUT_THE_HOSTS),
        migrations.RunSQL(HOSTED_ALONE, NO_HOSTED_ALONE),
    ]
