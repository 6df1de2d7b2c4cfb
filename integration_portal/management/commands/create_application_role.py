import os
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql


class Command(BaseCommand):
    help = (
        "The role that DATABASE_URL names exists, with that address's password and without any right of its own. "
        "Runs as the role of DATABASE_OWNER_URL, which must be allowed to create roles. Safe to run again."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        owner_url = os.environ.get("DATABASE_OWNER_URL")
        application = urlsplit(os.environ.get("DATABASE_URL", ""))
        if not owner_url or not application.username:
            raise CommandError(
                "Set DATABASE_URL (the application's role) and DATABASE_OWNER_URL (the owner's)."
            )
        if application.username == urlsplit(owner_url).username:
            raise CommandError("DATABASE_URL and DATABASE_OWNER_URL name the same role. They must differ.")
        create_role(owner_url, unquote(application.username), unquote(application.password or ""))
        self.stdout.write(f"The role {application.username} is there.")


def create_role(owner_url: str, role: str, password: str) -> None:
    """The role can log in with the password and owns nothing."""
    name = sql.Identifier(role)
    with psycopg.connect(owner_url) as connection:
        if connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone() is None:
            connection.execute(sql.SQL("create role {} login").format(name))
        if password:
            connection.execute(sql.SQL("alter role {} password {}").format(name, sql.Literal(password)))
