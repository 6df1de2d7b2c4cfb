import logging
from uuid import UUID

from celery import shared_task
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from foundation.announcing import announce
from foundation.documents.assembly import render_missing
from foundation.documents.selectors import somebody_waits
from foundation.incoming.kinds import ENDED_SECONDS, READING_SECONDS

from . import services
from .documents import draft_book
from .enums import PlanState
from .models import Plan

logger = logging.getLogger(__name__)

# Saves within this many seconds are rendered together.
AHEAD_AFTER = 20
# Redis hands out higher numbers last: whoever waits for a document goes first.
AHEAD_PRIORITY = 9


@shared_task(expires=3600)
def forget_copies() -> None:
    """Unsaved texts to which nobody came back are forgotten, once a day."""
    logger.info("unsaved texts forgotten: %s", services.forget_copies())


@shared_task(expires=3600)
def forget_pictures() -> None:
    """Pictures that were uploaded and never used are let go of, once a day."""
    logger.info("unused pictures forgotten: %s", services.forget_pictures())


@shared_task(soft_time_limit=READING_SECONDS, time_limit=ENDED_SECONDS)
def read_import(pk: str) -> None:
    """The Word file with this key was read or refused, unless it is in other hands."""
    services.read_import(pk)


@shared_task(expires=30)
def sweep_imports() -> None:
    """Word files that were left behind are on their way again, and those of yesterday are gone."""
    services.sweep_imports(read_soon)


def read_soon(pk: UUID) -> None:
    """A worker is told of the file."""
    announce(read_import, pk)


@shared_task(expires=600)
def render_ahead(plan_pk: int) -> None:
    """The draft's chapters are rendered as far as nobody waits for a worker; publishing then mostly assembles."""
    cache.delete(_expected(plan_pk))
    plan = Plan.objects.select_related("partnership").filter(pk=plan_pk, state=PlanState.DRAFT).first()
    if plan is None:
        return
    render_missing(draft_book(plan), goes_on=lambda: not somebody_waits())
    if somebody_waits():
        render_ahead_soon(plan)


def render_ahead_soon(plan: Plan) -> None:
    """The plan was saved: its changed chapters are rendered in a while, once for all saves until then.

    Nothing depends on it. Without cache or broker the chapters are rendered when somebody asks for the document.
    """
    try:
        if cache.add(_expected(plan.pk), True, AHEAD_AFTER * 3):
            render_ahead.apply_async(
                (plan.pk,), countdown=AHEAD_AFTER, priority=AHEAD_PRIORITY, retry_policy={"max_retries": 0}
            )
    except (OperationalError, RedisError):
        logger.warning("plan %s is not rendered ahead", plan.pk, exc_info=True)


def _expected(plan_pk: int) -> str:
    return f"strategic_plans.render_ahead:{plan_pk}"
