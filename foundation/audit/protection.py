"""What the application's database role may do, written as grants."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from .append_only import protected_tables

# Only migrate writes here, and migrate runs as the owner.
_READ_ONLY = ["django_migrations"]


class RoleUnfit(Exception):
    """Grants could not bind this role; the text says why and what to do."""


def protect(connection: BaseDatabaseWrapper, role: str) -> list[str]:
    """The role may read and write every table of the public schema, but only add to append-only ones.

    Returns the append-only tables. Holds for tables that later migrations create too, except that new append-only
    ones need another run. Raises RoleUnfit for a role that does not exist, is a superuser or owns tables.
    """
    protected = protected_tables()
    with connection.cursor() as cursor:
        _check(cursor, role)
        cursor.execute("SELECT current_database()")
        names = {"role": sql.Identifier(role), "database": sql.Identifier(cursor.fetchone()[0])}
        for statement in (
            "GRANT CONNECT ON DATABASE {database} TO {role}",
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}",
            "GRANT USAGE ON SCHEMA public TO {role}",
            "REVOKE TRUNCATE, REFERENCES, TRIGGER ON ALL TABLES IN SCHEMA public FROM {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
        ):
            cursor.execute(sql.SQL(statement).format(**names))
        for table in protected:
            _revoke(cursor, "UPDATE, DELETE, TRUNCATE", table, role)
        for table in _READ_ONLY:
            _revoke(cursor, "INSERT, UPDATE, DELETE, TRUNCATE", table, role)
    return protected


def _check(cursor: CursorWrapper, role: str) -> None:
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
    found = cursor.fetchone()
    if found is None:
        raise RoleUnfit(
            f"There is no role {role!r}. Create it first: CREATE ROLE {role} LOGIN PASSWORD '...';"
        )
    if found[0]:
        raise RoleUnfit(
            f"{role!r} is a superuser, whom no grant binds. Give the application a role of its own."
        )
    cursor.execute(
        """
        SELECT count(*) FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
           AND pg_has_role(%s, relowner, 'MEMBER')
        """,
        [role],
    )
    if cursor.fetchone()[0]:
        raise RoleUnfit(
            f"{role!r} owns tables, or is a member of the role that does, and could lift every protection. "
            "Let one role own the tables (DATABASE_OWNER_URL) and the application use another (DATABASE_URL)."
        )


def _revoke(cursor: CursorWrapper, rights: str, table: str, role: str) -> None:
    statement = sql.SQL("REVOKE {rights} ON TABLE {table} FROM {role}").format(
        rights=sql.SQL(rights), table=sql.Identifier(table), role=sql.Identifier(role)
    )
    cursor.execute(statement)
    cursor.execute("SELECT has_table_privilege(%s, %s::regclass, %s)", [role, f'public."{table}"', rights])
    if cursor.fetchone()[0]:
        raise RoleUnfit(
            f"{role!r} may still change {table}: it has the right through PUBLIC or another role."
        )
