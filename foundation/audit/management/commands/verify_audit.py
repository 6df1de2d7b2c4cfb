from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.audit.selectors import verify_chain


class Command(BaseCommand):
    help = (
        "Computes every seal of the audit record again. Says in words what does not fit; exit status 1 then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--after",
            type=int,
            default=0,
            metavar="NUMBER",
            help="trust the seals up to this one, check the later ones",
        )
        parser.add_argument(
            "--known",
            action="append",
            default=[],
            metavar="NUMBER:DIGEST",
            help="a seal that you kept elsewhere (from an earlier run or the log); may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify_chain(after=options["after"], known=dict(map(_known, options["known"])))
        for fault in report.faults:
            self.stderr.write(fault)
        self.stdout.write(
            f"{report.entries:,} entries in {report.seals:,} seals checked, {report.unsealed:,} not sealed yet."
        )
        if report.last_number:
            self.stdout.write(f"Last seal, to keep elsewhere: {report.last_number}:{report.last_digest}")
        if not report.is_whole:
            raise CommandError("The audit record is not whole.", returncode=1)
        self.stdout.write(self.style.SUCCESS("The audit record is whole."))


def _known(text: str) -> tuple[int, str]:
    number, separator, digest = text.partition(":")
    if not (separator and number.isdigit()):
        raise CommandError(f"Write a known seal as NUMBER:DIGEST, not {text!r}")
    return int(number), digest.strip().lower()
