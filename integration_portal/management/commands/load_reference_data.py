from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

import engagement.imports
import localities.imports
import outcomes.imports
import partnerships.imports

LOADERS: tuple[tuple[str, Callable[[], dict[str, int]]], ...] = (
    ("partnerships", partnerships.imports.load_reference),
    ("localities", localities.imports.load_reference),
    ("outcomes", outcomes.imports.load_reference),
    ("engagement", engagement.imports.load_reference),
)


class Command(BaseCommand):
    help = (
        "Load what is the same for everybody: the integration authorities, their localities, the national outcomes, "
        "principles and indicators with their published values, the prescribed consultees. Safe to run again."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for app, load in LOADERS:
            counts = ", ".join(f"{count:,} {what}" for what, count in load().items())
            self.stdout.write(f"{app}: {counts}")
