"""Whether this portal can do its work: what a load balancer, a container and script/server ask."""

import logging
from dataclasses import dataclass
from typing import Final

import redis
from django.db import DatabaseError, connection
from django.db.models import Min
from django.utils import timezone

from foundation.documents.enums import State
from foundation.documents.models import Document

from . import heartbeat

# A document is built in minutes at most; one that waits this long tells that nobody builds.
LONGEST_WAIT_SECONDS: Final = 900

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `seconds` is an age, where the thing has one."""

    name: str
    is_well: bool
    seconds: int | None = None


def readiness() -> list[Check]:
    """The state of database, broker, worker and queue. What went wrong is logged and not part of the answer."""
    database = database_check()
    broker = broker_check()
    return [
        database,
        broker,
        worker_check() if broker.is_well else Check("worker", is_well=False),
        queue_check() if database.is_well else Check("queue", is_well=False),
    ]


def database_check() -> Check:
    """Whether the database answers a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
            return Check("database", is_well=cursor.fetchone() == (1,))
    except DatabaseError as error:
        logger.warning("The database does not answer: %s", error)
        return Check("database", is_well=False)


def broker_check() -> Check:
    """Whether Redis answers."""
    try:
        with heartbeat.client() as client:
            return Check("broker", is_well=bool(client.ping()))
    except redis.RedisError as error:
        logger.warning("The broker does not answer: %s", error)
        return Check("broker", is_well=False)


def worker_check() -> Check:
    """Whether any worker gave a sign within the last 35 seconds."""
    try:
        seconds = heartbeat.seconds_since_sign(heartbeat.WORKERS)
    except redis.RedisError as error:
        logger.warning("The workers' signs cannot be read: %s", error)
        return Check("worker", is_well=False)
    if seconds is None:
        return Check("worker", is_well=False)
    return Check("worker", is_well=seconds <= heartbeat.GONE_AFTER_SECONDS, seconds=round(seconds))


def queue_check() -> Check:
    """Whether the document that has waited longest has waited less than 15 minutes."""
    try:
        oldest = Document.objects.filter(state=State.QUEUED).aggregate(at=Min("requested_at"))["at"]
    except DatabaseError as error:
        logger.warning("The queue cannot be read: %s", error)
        return Check("queue", is_well=False)
    if oldest is None:
        return Check("queue", is_well=True)
    seconds = int((timezone.now() - oldest).total_seconds())
    return Check("queue", is_well=seconds <= LONGEST_WAIT_SECONDS, seconds=seconds)
