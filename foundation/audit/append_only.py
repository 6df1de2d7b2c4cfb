"""Tables that only ever grow: triggers refuse UPDATE, DELETE and TRUNCATE to everybody, owner included.

The database's own catalogue is the list of such tables; protect_database reads it (see `protected_tables`).
"""

from django.db import connection
from django.db.migrations.operations import RunSQL
from django.db.migrations.operations.base import OperationCategory

FUNCTION = "refuse_change_of_append_only_table"

_CREATE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Table % is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
"""


def append_only_sql(table: str) -> str:
    """SQL after which the table accepts INSERT only, also under session_replication_role = replica."""
    name = connection.ops.quote_name(table)
    rows, whole = _trigger_names(table)
    return f"""{_CREATE_FUNCTION}
CREATE TRIGGER {rows} BEFORE UPDATE OR DELETE ON {name}
    FOR EACH ROW EXECUTE FUNCTION {FUNCTION}();
CREATE TRIGGER {whole} BEFORE TRUNCATE ON {name}
    FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}();
ALTER TABLE {name} ENABLE ALWAYS TRIGGER {rows};
ALTER TABLE {name} ENABLE ALWAYS TRIGGER {whole};
"""


def reverse_append_only_sql(table: str) -> str:
    """SQL after which the table is an ordinary one again. The shared function stays: others use it."""
    name = connection.ops.quote_name(table)
    return "".join(f"DROP TRIGGER IF EXISTS {trigger} ON {name};\n" for trigger in _trigger_names(table))


def _trigger_names(table: str) -> tuple[str, str]:
    return tuple(connection.ops.quote_name(f"{table[:48]}_{part}") for part in ("append_only", "no_truncate"))  # type: ignore[return-value]


class ProtectTable(RunSQL):
    """Migration operation: the table is append-only from here on. Needs no dependency on this app's migrations."""

    category = OperationCategory.SQL

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(append_only_sql(table), reverse_append_only_sql(table))

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        return self.__class__.__qualname__, [self.table], {}

    def describe(self) -> str:
        return f"Refuse UPDATE, DELETE and TRUNCATE on {self.table}"


def protected_tables() -> list[str]:
    """The names of all append-only tables of the public schema, as the database itself knows them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT pg_class.relname
              FROM pg_trigger
              JOIN pg_proc ON pg_proc.oid = pg_trigger.tgfoid
              JOIN pg_class ON pg_class.oid = pg_trigger.tgrelid
              JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
             WHERE pg_proc.proname = %s AND pg_namespace.nspname = 'public'
             ORDER BY 1
            """,
            [FUNCTION],
        )
        return [name for (name,) in cursor.fetchall()]
