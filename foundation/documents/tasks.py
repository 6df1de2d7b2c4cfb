import logging
from uuid import UUID

from celery import shared_task
from kombu.exceptions import OperationalError

from . import making, services
from .models import Document

logger = logging.getLogger(__name__)


@shared_task
def build_document(pk: str) -> None:
    """The document with this key is made, unless it is at rest or in other hands."""
    making.make(pk)


@shared_task(expires=30)
def sweep_documents() -> None:
    """Documents that were left behind are on their way again."""
    services.sweep(wake)


def enqueue(document: Document) -> None:
    """A worker is told of the document if it waits for one. If no broker answers, the sweep will tell it later."""
    if document.is_under_way:
        wake(document.pk)


def wake(pk: UUID) -> None:
    try:
        build_document.apply_async((str(pk),), retry_policy={"max_retries": 1, "interval_start": 0.1})
    except OperationalError:
        logger.warning("the broker did not take document %s; the sweep will announce it", pk, exc_info=True)
