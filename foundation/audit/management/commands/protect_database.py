from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from foundation.audit import protection


class Command(BaseCommand):
    help = (
        "Gives the application's database role what it needs and no more: append-only tables cannot be changed by it. "
        "Run as the owner of the tables after each migrate; running it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", required=True, help="the role in the application's DATABASE_URL")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        role = options["role"]
        try:
            protected = protection.protect(connection, role)
        except protection.RoleUnfit as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(
            f"{role} may read and write all tables, and may only add to: {', '.join(protected)}."
        )
