"""Rows that can be changed until a moment and stand still after it: the database refuses, whoever asks.

The moment is a column of the row, or of the row that it belongs to: empty means that the row is still open.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.migrations.operations import RunSQL
from django.db.migrations.operations.base import OperationCategory


def frozen_row_sql(table: str, since: str, still_open: Sequence[str]) -> str:
    """SQL after which a row with `since` filled changes in no column but those of `still_open`, and stays."""
    name, trigger = connection.ops.quote_name(table), _trigger(table)
    columns = ", ".join(f"'{column}'" for column in still_open)
    return f"""
CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.{since} IS NULL THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE'
       OR to_jsonb(OLD) - ARRAY[{columns}]::text[] IS DISTINCT FROM to_jsonb(NEW) - ARRAY[{columns}]::text[] THEN
        RAISE EXCEPTION 'A row of % stands still once % is filled: % is refused', TG_TABLE_NAME, '{since}', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION {trigger}();
ALTER TABLE {name} ENABLE ALWAYS TRIGGER {trigger};
"""


def frozen_with_parent_sql(table: str, parent: str, key: str, since: str) -> str:
    """SQL after which rows of `table` are neither added, changed nor removed once their parent's `since` is filled."""
    name, trigger = connection.ops.quote_name(table), _trigger(table)
    # Names of tables and columns come from migrations alone.
    return f"""
CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM {connection.ops.quote_name(parent)}
         WHERE id IN (CASE WHEN TG_OP <> 'DELETE' THEN NEW.{key} END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.{key} END)
           AND {since} IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'Rows of % stand still with their {parent}: % is refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE OR DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION {trigger}();
ALTER TABLE {name} ENABLE ALWAYS TRIGGER {trigger};
"""  # noqa: S608


def reverse_frozen_sql(table: str) -> str:
    """SQL after which the table is an ordinary one again."""
    name, trigger = connection.ops.quote_name(table), _trigger(table)
    return f"DROP TRIGGER IF EXISTS {trigger} ON {name};\nDROP FUNCTION IF EXISTS {trigger}();\n"


def _trigger(table: str) -> str:
    return connection.ops.quote_name(f"{table[:50]}_frozen")


class FreezeRows(RunSQL):
    """Migration operation: a row stands still once `since` is filled, but for the columns of `still_open`."""

    category = OperationCategory.SQL

    def __init__(self, table: str, since: str, still_open: Sequence[str]) -> None:
        self.table, self.since, self.still_open = table, since, list(still_open)
        super().__init__(frozen_row_sql(table, since, still_open), reverse_frozen_sql(table))

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return self.__class__.__qualname__, [self.table, self.since, self.still_open], {}

    def describe(self) -> str:
        return f"Freeze rows of {self.table} once {self.since} is filled"


class FreezeWithParent(RunSQL):
    """Migration operation: rows stand still once the row of `parent` that `key` names has `since` filled."""

    category = OperationCategory.SQL

    def __init__(self, table: str, parent: str, key: str, since: str) -> None:
        self.table, self.parent, self.key, self.since = table, parent, key, since
        super().__init__(frozen_with_parent_sql(table, parent, key, since), reverse_frozen_sql(table))

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return self.__class__.__qualname__, [self.table, self.parent, self.key, self.since], {}

    def describe(self) -> str:
        return f"Freeze rows of {self.table} with their {self.parent}"


def lifted_sql(table: str) -> str:
    """SQL after which the table's owner may change frozen rows, until `restored_sql`."""
    return f"ALTER TABLE {connection.ops.quote_name(table)} DISABLE TRIGGER {_trigger(table)};\n"


def restored_sql(table: str) -> str:
    return f"ALTER TABLE {connection.ops.quote_name(table)} ENABLE ALWAYS TRIGGER {_trigger(table)};\n"


def frozen_tables() -> list[str]:
    """The names of all tables with rows that stand still, as the database itself knows them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pg_class.relname
              FROM pg_trigger
              JOIN pg_class ON pg_class.oid = pg_trigger.tgrelid
              JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
             WHERE pg_trigger.tgname = left(pg_class.relname, 50) || '_frozen' AND pg_namespace.nspname = 'public'
             ORDER BY 1
            """
        )
        return [name for (name,) in cursor.fetchall()]
