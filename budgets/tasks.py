from uuid import UUID

from celery import shared_task

from foundation.announcing import announce
from foundation.incoming.kinds import ENDED_SECONDS, READING_SECONDS

from . import services


@shared_task(soft_time_limit=READING_SECONDS, time_limit=ENDED_SECONDS)
def read_line_import(pk: str) -> None:
    """The file of lines with this key was read and compared or refused, unless it is in other hands."""
    services.read_import(pk)


@shared_task(expires=30)
def sweep_line_imports() -> None:
    """Files of lines that were left behind are on their way again, and those that nobody applied are gone."""
    services.sweep_imports(read_soon)


def read_soon(pk: UUID) -> None:
    """A worker is told of the file."""
    announce(read_line_import, pk)
