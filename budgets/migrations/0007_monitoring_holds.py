"""What the database itself holds about the year's money, whoever writes to it."""

from django.db import migrations

from foundation.audit.append_only import ProtectTable

# Every agreed line is its original amount and what was applied since; what was applied is whole.
# Asked at the end of the transaction: a virement changes several rows, and is right only with all of them.
LINE_ADDS_UP = """
CREATE FUNCTION budgets_check_lines(lines bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT line.id, line.title, line.amount, line.original + moved.sum AS expected INTO wrong
      FROM budgets_budgetline line
     CROSS JOIN LATERAL (
           SELECT coalesce((SELECT sum(entry.amount) FROM budgets_viremententry entry
                              JOIN budgets_virement virement ON virement.id = entry.virement_id
                             WHERE entry.line_id = line.id AND virement.state = 'applied'), 0)
                + coalesce((SELECT sum(entry.amount) FROM budgets_fundingentry entry
                              JOIN budgets_fundingchange change ON change.id = entry.funding_change_id
                             WHERE entry.line_id = line.id AND change.state = 'applied'), 0) AS sum
           ) moved
     WHERE line.id = ANY (lines) AND line.original IS NOT NULL AND line.amount <> line.original + moved.sum
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Budget line % (%) stands at %, but its original amount and what was applied come to %',
            wrong.id, wrong.title, wrong.amount, wrong.expected
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'budget_line_adds_up';
    END IF;
END
$$;

CREATE FUNCTION budgets_line_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM budgets_check_lines(ARRAY[NEW.id]);
    RETURN NULL;
END
$$;

CREATE FUNCTION budgets_entry_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM budgets_check_lines(CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.line_id] WHEN 'DELETE' THEN ARRAY[OLD.line_id]
        ELSE ARRAY[OLD.line_id, NEW.line_id] END);
    RETURN NULL;
END
$$;

CREATE FUNCTION budgets_virement_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    net numeric;
BEGIN
    SELECT coalesce(sum(amount), 0) INTO net FROM budgets_viremententry WHERE virement_id = NEW.id;
    IF net <> 0 AND EXISTS (SELECT 1 FROM budgets_virement WHERE id = NEW.id AND state = 'applied') THEN
        RAISE EXCEPTION 'Virement % is applied, but its entries come to % and not to nothing', NEW.id, net
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'virement_nets_to_zero';
    END IF;
    PERFORM budgets_check_lines(ARRAY(SELECT line_id FROM budgets_viremententry WHERE virement_id = NEW.id));
    RETURN NULL;
END
$$;

CREATE FUNCTION budgets_funding_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    placed numeric;
    wanted numeric;
BEGIN
    SELECT coalesce(sum(amount), 0) INTO placed FROM budgets_fundingentry WHERE funding_change_id = NEW.id;
    SELECT amount INTO wanted FROM budgets_fundingchange WHERE id = NEW.id AND state = 'applied';
    IF FOUND AND placed <> wanted THEN
        RAISE EXCEPTION 'Allocation % of % is applied, but its entries come to %', NEW.id, wanted, placed
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'funding_change_is_placed';
    END IF;
    PERFORM budgets_check_lines(ARRAY(SELECT line_id FROM budgets_fundingentry WHERE funding_change_id = NEW.id));
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER budgets_line_adds_up_new AFTER INSERT ON budgets_budgetline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.original IS NOT NULL AND NEW.original <> NEW.amount)
    EXECUTE FUNCTION budgets_line_adds_up();
CREATE CONSTRAINT TRIGGER budgets_line_adds_up AFTER UPDATE OF amount, original ON budgets_budgetline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.original IS NOT NULL)
    EXECUTE FUNCTION budgets_line_adds_up();
CREATE CONSTRAINT TRIGGER budgets_virement_entry_adds_up AFTER INSERT OR UPDATE OR DELETE ON budgets_viremententry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION budgets_entry_adds_up();
CREATE CONSTRAINT TRIGGER budgets_funding_entry_adds_up AFTER INSERT OR UPDATE OR DELETE ON budgets_fundingentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION budgets_entry_adds_up();
CREATE CONSTRAINT TRIGGER budgets_virement_adds_up AFTER INSERT OR UPDATE OF state ON budgets_virement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION budgets_virement_adds_up();
CREATE CONSTRAINT TRIGGER budgets_funding_adds_up AFTER INSERT OR UPDATE OF state, amount ON budgets_fundingchange
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION budgets_funding_adds_up();
"""

NO_LINE_ADDS_UP = """
DROP TRIGGER budgets_line_adds_up_new ON budgets_budgetline;
DROP TRIGGER budgets_line_adds_up ON budgets_budgetline;
DROP TRIGGER budgets_virement_entry_adds_up ON budgets_viremententry;
DROP TRIGGER budgets_funding_entry_adds_up ON budgets_fundingentry;
DROP TRIGGER budgets_virement_adds_up ON budgets_virement;
DROP TRIGGER budgets_funding_adds_up ON budgets_fundingchange;
DROP FUNCTION budgets_line_adds_up, budgets_entry_adds_up, budgets_virement_adds_up, budgets_funding_adds_up,
    budgets_check_lines;
"""

# Figures and reasons of a closed period stand still.
CLOSED_STANDS_STILL = """
CREATE FUNCTION budgets_refuse_closed_period() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_period bigint;
BEGIN
    IF TG_TABLE_NAME = 'budgets_periodfigure' THEN
        of_period := NEW.period_id;
    ELSE
        SELECT period_id INTO of_period FROM budgets_periodfigure WHERE id = NEW.figure_id;
    END IF;
    IF EXISTS (SELECT 1 FROM budgets_period WHERE id = of_period AND state = 'closed') THEN
        RAISE EXCEPTION 'Period % is closed: its figures stand still', of_period
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'closed_period_stands_still';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER budgets_figure_of_closed_period
    BEFORE INSERT OR UPDATE OF period_id, line_id, budget, budget_to_date, actual, forecast ON budgets_periodfigure
    FOR EACH ROW EXECUTE FUNCTION budgets_refuse_closed_period();
CREATE TRIGGER budgets_reason_of_closed_period
    BEFORE INSERT OR UPDATE OF figure_id, cause, words, is_recurring, action, owner, due_on ON budgets_variancereason
    FOR EACH ROW EXECUTE FUNCTION budgets_refuse_closed_period();
"""

NO_CLOSED_STANDS_STILL = """
DROP TRIGGER budgets_figure_of_closed_period ON budgets_periodfigure;
DROP TRIGGER budgets_reason_of_closed_period ON budgets_variancereason;
DROP FUNCTION budgets_refuse_closed_period;
"""


class Migration(migrations.Migration):
    dependencies = [("budgets", "0006_monitoring")]

    operations = [
        ProtectTable("budgets_close"),
        migrations.RunSQL(LINE_ADDS_UP, NO_LINE_ADDS_UP),
        migrations.RunSQL(CLOSED_STANDS_STILL, NO_CLOSED_STANDS_STILL),
    ]
