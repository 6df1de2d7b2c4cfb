import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from integration_portal.backups import BackupRefused, make_backup


class Command(BaseCommand):
    help = "Write the database, the files and a manifest into a new folder, while the portal goes on working."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, help="a new or empty folder")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = make_backup(
                directory=options["directory"],
                owner_url=os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"],
                storage=default_storage,
                say=self.stdout.write,
            )
        except BackupRefused as reason:
            raise CommandError(str(reason)) from reason
        rows = sum(table.rows for table in manifest.tables.values())
        self.stdout.write(
            f"Backup in {options['directory']}: {len(manifest.tables)} tables, {rows:,} rows,"
            f" {len(manifest.files)} files."
        )
