import logging
from uuid import UUID

from celery import shared_task
from kombu.exceptions import OperationalError

from . import services

logger = logging.getLogger(__name__)


@shared_task(
    soft_time_limit=services.imports.READING_SECONDS, time_limit=services.imports.READING_SECONDS + 20
)
def read_line_import(pk: str) -> None:
    """The file of lines with this key was read and compared or refused, unless it is in other hands."""
    services.read_import(pk)


@shared_task(expires=30)
def sweep_line_imports() -> None:
    """Files of lines that were left behind are on their way again, and those that nobody applied are gone."""
    services.sweep_imports(read_soon)


def read_soon(pk: UUID) -> None:
    """A worker is told of the file. If no broker answers, the sweep will tell it later."""
    try:
        read_line_import.apply_async((str(pk),), retry_policy={"max_retries": 1, "interval_start": 0.1})
    except OperationalError:
        logger.warning("the broker did not take import %s; the sweep will announce it", pk, exc_info=True)
