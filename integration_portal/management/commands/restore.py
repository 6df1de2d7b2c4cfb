import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from integration_portal.backups import BackupRefused, restore_backup


class Command(BaseCommand):
    help = "Read a backup back and compare with its manifest. Afterwards run script/release."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, help="the folder that a backup was written to")
        parser.add_argument("--replace", action="store_true", help="throw away what is here now")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = restore_backup(
                directory=options["directory"],
                owner_url=os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"],
                storage=default_storage,
                replace=options["replace"],
                say=self.stdout.write,
            )
        except BackupRefused as reason:
            raise CommandError(str(reason)) from reason
        if found:
            raise CommandError("The restored portal differs from the backup:\n" + "\n".join(found))
        self.stdout.write("Restored: every table and every file is as the backup says.")
