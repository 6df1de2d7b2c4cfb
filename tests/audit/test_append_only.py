import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from foundation import audit
from foundation.audit.append_only import (
    ProtectTable,
    append_only_sql,
    protected_tables,
    reverse_append_only_sql,
)
from foundation.audit.models import Entry, Seal, SealedEntry
from foundation.audit.sealing import seal_entries

pytestmark = pytest.mark.django_db

AUDIT_TABLES = ["audit_entry", "audit_seal", "audit_sealedentry"]


@pytest.fixture
def sealed_entry() -> Entry:
    entry = audit.record(by=audit.SYSTEM, action="plans.changed", subject="Section 3")
    seal_entries()
    run("SET CONSTRAINTS ALL IMMEDIATE")  # as a commit would
    return entry


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("model", [Entry, Seal, SealedEntry])
def test_the_owner_of_the_tables_is_refused_too(sealed_entry, model):
    with pytest.raises(IntegrityError, match="append-only: UPDATE"), transaction.atomic():
        model.objects.update(**{"digest": "0" * 64} if model is not Entry else {"reason": "forged"})
    with pytest.raises(IntegrityError, match="append-only: DELETE"):
        run(f"DELETE FROM {model._meta.db_table}")
    with pytest.raises(IntegrityError, match="append-only: TRUNCATE"):
        run(f"TRUNCATE {model._meta.db_table} CASCADE")
    assert model.objects.count() == 1


def test_a_replica_session_is_refused_too(sealed_entry):
    try:
        run("SET LOCAL session_replication_role = replica")
    except DatabaseError:
        pytest.skip("the database role may not play a replica, which only superusers may")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    with pytest.raises(IntegrityError, match="append-only"):
        run("DELETE FROM audit_entry")


def test_the_database_itself_knows_which_tables_are_append_only():
    assert set(AUDIT_TABLES) <= set(protected_tables())


def test_any_table_can_be_made_append_only_and_ordinary_again():
    run("CREATE TABLE minutes_of_a_meeting (text text)")
    run(append_only_sql("minutes_of_a_meeting"))
    run("INSERT INTO minutes_of_a_meeting VALUES ('agreed')")
    assert "minutes_of_a_meeting" in protected_tables()
    with pytest.raises(IntegrityError):
        run("UPDATE minutes_of_a_meeting SET text = 'not agreed'")

    run(reverse_append_only_sql("minutes_of_a_meeting"))
    run("UPDATE minutes_of_a_meeting SET text = 'amended'")
    assert "minutes_of_a_meeting" not in protected_tables()


def test_long_table_names_keep_their_two_triggers_apart():
    name = "t" * 63
    run(f"CREATE TABLE {name} (text text)")
    run(append_only_sql(name))
    with pytest.raises(IntegrityError, match="TRUNCATE"):
        run(f"TRUNCATE {name}")


def test_the_migration_operation_is_written_as_it_is_read():
    operation = ProtectTable("strategic_plans_planversion")
    assert operation.deconstruct() == ("ProtectTable", ["strategic_plans_planversion"], {})
    assert operation.reversible


# The application's role


@pytest.fixture
def application_role() -> str:
    """A role that goes with the test's transaction."""
    try:
        run("CREATE ROLE portal_application_in_test NOLOGIN")
    except DatabaseError:
        pytest.skip("the database role of the tests may not create roles")
    return "portal_application_in_test"


def as_role(role: str, statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        try:
            cursor.execute(statement)
        finally:
            if (
                not connection.needs_rollback
                and connection.connection.info.transaction_status.name == "INTRANS"
            ):
                cursor.execute("RESET ROLE")


@pytest.mark.parametrize("statement", ["UPDATE {} SET digest = ''", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", AUDIT_TABLES)
def test_the_application_has_no_right_to_change_the_record(sealed_entry, application_role, table, statement):
    call_command("protect_database", role=application_role)
    if table == "audit_entry":
        statement = statement.replace("digest", "reason")
    with pytest.raises(DatabaseError, match="permission denied"):
        as_role(application_role, statement.format(table))


def test_the_application_can_do_its_work(sealed_entry, application_role, partnership):
    call_command("protect_database", role=application_role)
    as_role(application_role, "UPDATE partnerships_partnership SET name = 'Angus'")
    as_role(
        application_role,
        "INSERT INTO audit_entry (at, request_id, tenant, actor_name, action, subject_type, subject_id,"
        " subject_label, reason) VALUES (now(), '', '', 'Olive', 'a.b', '', '', 'x', '')",
    )
    as_role(application_role, "SELECT count(*) FROM audit_entry")


def test_the_application_cannot_make_or_drop_tables_or_forge_migrations(application_role):
    call_command("protect_database", role=application_role)
    for statement in (
        "CREATE TABLE public.mine (a int)",
        "DROP TABLE audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER USER",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '0003_forged', now())",
    ):
        with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
            as_role(application_role, statement)


def test_tables_made_later_are_open_to_the_application(application_role):
    call_command("protect_database", role=application_role)
    run("CREATE TABLE made_later (id bigint GENERATED BY DEFAULT AS IDENTITY, text text)")
    as_role(application_role, "INSERT INTO made_later (text) VALUES ('x')")


def test_protecting_again_changes_nothing(application_role, capsys):
    call_command("protect_database", role=application_role)
    first = capsys.readouterr().out
    call_command("protect_database", role=application_role)
    assert capsys.readouterr().out == first
    assert "audit_entry" in first


def test_a_role_that_cannot_be_bound_is_named(application_role):
    with pytest.raises(CommandError, match="There is no role"):
        call_command("protect_database", role="nobody_here")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
    with pytest.raises(CommandError, match=r"superuser|owns tables"):
        call_command("protect_database", role=owner)
    run(f'GRANT "{owner}" TO {application_role}')
    with pytest.raises(CommandError, match="owns tables"):
        call_command("protect_database", role=application_role)


def test_a_right_that_comes_from_elsewhere_is_found(application_role):
    run("GRANT DELETE ON audit_entry TO PUBLIC")
    with pytest.raises(CommandError, match="may still change audit_entry"):
        call_command("protect_database", role=application_role)
