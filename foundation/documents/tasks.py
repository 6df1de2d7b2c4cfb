import logging
from functools import partial
from uuid import UUID

from celery import shared_task
from kombu.exceptions import OperationalError

from ..announcing import announce
from . import making, memory, services
from .assembly import store
from .models import Document

logger = logging.getLogger(__name__)

# Redis hands out higher numbers last.
FIRST, LATER = 0, 5


@shared_task
def build_document(pk: str) -> None:
    """The document with this key is made, unless it is at rest or in other hands."""
    making.make(pk, call_help=partial(_call_help, pk))
    memory.give_back()


@shared_task(expires=60)
def help_with_document(pk: str) -> None:
    """Another worker makes the document with this key: this one takes chapters off its hands."""
    if making.help_with(pk):
        memory.give_back()


@shared_task(expires=3600)
def sweep_parts() -> None:
    """Rendered chapters that are old are gone."""
    logger.info("rendered chapters thrown away: %s", store.sweep())


@shared_task(expires=30)
def sweep_documents() -> None:
    """Documents that were left behind are on their way again."""
    services.sweep(wake)


def enqueue(document: Document, *, nobody_waits: bool = False) -> None:
    """A worker is told of the document if it waits for one.

    Documents for which nobody waits come after all that somebody waits for.
    """
    if document.is_under_way:
        wake(document.pk, LATER if nobody_waits else FIRST)


def wake(pk: UUID, priority: int = FIRST) -> None:
    announce(build_document, pk, priority=priority)


def _call_help(pk: str, helpers: int) -> None:
    for _ in range(helpers):
        try:
            help_with_document.apply_async((pk,), retry_policy={"max_retries": 0})
        except OperationalError:
            logger.warning("the broker took no call for help with document %s", pk, exc_info=True)
            return
