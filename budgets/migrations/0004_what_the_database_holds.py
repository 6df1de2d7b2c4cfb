"""What the database itself holds about the money, whoever writes to it."""

from django.db import migrations

from foundation.audit.append_only import ProtectTable
from foundation.audit.frozen_rows import FreezeRows, FreezeWithParent

# No reserve falls below zero, neither with what is planned nor counting only what has moved; judged when the
# transaction ends, so that the order of its statements does not matter. The lock lets two of them take turns.
NEVER_BELOW_ZERO = """
CREATE FUNCTION budgets_reserve_never_below_zero() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := ARRAY[COALESCE(NEW.reserve_id, OLD.reserve_id), COALESCE(OLD.reserve_id, NEW.reserve_id)];
BEGIN
    PERFORM 1 FROM budgets_reserve WHERE id = ANY (touched) ORDER BY id FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM (
            SELECT SUM(year_all) OVER running AS planned, SUM(year_made) OVER running AS made
            FROM (
                SELECT m.reserve_id, b.year,
                    SUM(CASE m.flow WHEN 'used' THEN -m.amount ELSE m.amount END) AS year_all,
                    SUM(CASE WHEN m.moved_on IS NULL THEN 0 WHEN m.flow = 'used' THEN -m.amount ELSE m.amount END)
                        AS year_made
                FROM budgets_reservemovement m JOIN budgets_budget b ON b.id = m.budget_id
                WHERE m.reserve_id = ANY (touched)
                GROUP BY m.reserve_id, b.year
            ) years
            WINDOW running AS (PARTITION BY reserve_id ORDER BY year)
        ) balances
        WHERE planned < 0 OR made < 0
    ) THEN
        RAISE EXCEPTION 'A reserve would fall below zero'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reserve_never_below_zero';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER reserve_never_below_zero
    AFTER INSERT OR UPDATE OR DELETE ON budgets_reservemovement
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION budgets_reserve_never_below_zero();
"""
MAY_FALL = """
DROP TRIGGER reserve_never_below_zero ON budgets_reservemovement;
DROP FUNCTION budgets_reserve_never_below_zero();
"""

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

# Only a partner officer of the body speaks for it, and only the chief finance officer for the authority, each while the
# role holds; the figure belongs to the same year. What was said is never changed afterwards; a person or a role that is
# deleted leaves the row without its name.
HOLD_WORDS = """
CREATE FUNCTION budgets_hold_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.budget_id, NEW.word, NEW.stood, NEW.amount, NEW.reason, NEW.said_at)
            IS DISTINCT FROM (OLD.budget_id, OLD.word, OLD.stood, OLD.amount, OLD.reason, OLD.said_at)
            OR (NEW.contribution_id, NEW.line_id, NEW.body_id)
            IS DISTINCT FROM (OLD.contribution_id, OLD.line_id, OLD.body_id)
            OR (NEW.by_id IS NOT NULL AND NEW.by_id IS DISTINCT FROM OLD.by_id)
            OR (NEW.membership_id IS NOT NULL AND NEW.membership_id IS DISTINCT FROM OLD.membership_id)
        THEN
            RAISE EXCEPTION 'A confirmation is never changed' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT membership.user_id, membership.role, membership.body_id, membership.partnership_id,
           membership.starts_on, membership.ends_on, budget.partnership_id AS tenant
      INTO held
      FROM partnerships_membership AS membership, budgets_budget AS budget
     WHERE membership.id = NEW.membership_id AND budget.id = NEW.budget_id;
    IF held IS NULL OR held.user_id IS DISTINCT FROM NEW.by_id OR held.partnership_id IS DISTINCT FROM held.tenant
        OR held.starts_on > CURRENT_DATE + 1 OR held.ends_on < CURRENT_DATE - 1
        OR (NEW.body_id IS NOT NULL AND (held.role <> 'partner_officer' OR held.body_id IS DISTINCT FROM NEW.body_id))
        OR (NEW.body_id IS NULL AND held.role <> 'chief_finance_officer')
    THEN
        RAISE EXCEPTION 'The person does not speak for this party' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM budgets_budgetline WHERE id = NEW.line_id AND budget_id = NEW.budget_id
        UNION ALL
        SELECT 1 FROM budgets_contribution
         WHERE id = NEW.contribution_id AND budget_id = NEW.budget_id
           AND (NEW.body_id IS NULL OR body_id = NEW.body_id)
    ) THEN
        RAISE EXCEPTION 'The figure is not this party''s in this budget' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER budgets_confirmation_held BEFORE INSERT OR UPDATE ON budgets_confirmation
    FOR EACH ROW EXECUTE FUNCTION budgets_hold_confirmation();
"""
FORGET_WORDS = """
DROP TRIGGER budgets_confirmation_held ON budgets_confirmation;
DROP FUNCTION budgets_hold_confirmation();
"""

DIRECTION = "budgets_direction"
# Where an issued direction stands can change; what it says and pays cannot.
STILL_OPEN = [
    "state",
    "ends_on",
    "ended_by_id",
    "end_prepared_by_id",
    "end_reason",
    "end_minute_reference",
    "revision",
    "changed_by_id",
    "changed_at",
]

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
    dependencies = [("budgets", "0003_money_of_a_year")]

    operations = [
        migrations.RunSQL(NEVER_BELOW_ZERO, MAY_FALL),
        # An issued direction says what it said, and what a body acknowledged and reported stays.
        FreezeRows(DIRECTION, "issued_at", STILL_OPEN),
        FreezeWithParent("budgets_directiontarget", DIRECTION, "direction_id", "issued_at"),
        FreezeWithParent("budgets_directionline", DIRECTION, "direction_id", "issued_at"),
        FreezeWithParent("budgets_replacement", DIRECTION, "direction_id", "issued_at"),
        FreezeWithParent("budgets_direction_functions", DIRECTION, "direction_id", "issued_at"),
        ProtectTable("budgets_acknowledgement"),
        ProtectTable("budgets_directionreport"),
        ProtectTable("budgets_close"),
        migrations.RunSQL(LINE_ADDS_UP, NO_LINE_ADDS_UP),
        migrations.RunSQL(CLOSED_STANDS_STILL, NO_CLOSED_STANDS_STILL),
        migrations.RunSQL(HOLD_WORDS, FORGET_WORDS),
        migrations.RunSQL(ON_THE_LINES_SIDE, ON_ANY_SIDE),
    ]
