"""Workers and the clock say every few seconds that they are alive; the health page and probes read it.

Two sorted sets in Redis, from a process's name to the time of its last sign. They expire when nothing writes them.
"""

import logging
import time
from typing import Any, Final

import redis
from celery import bootsteps
from celery.beat import PersistentScheduler
from django.conf import settings

WORKERS: Final = "portal:heartbeat:workers"
CLOCKS: Final = "portal:heartbeat:clocks"
EVERY_SECONDS: Final = 10.0
# Three missed signs and a little: then the process counts as gone.
GONE_AFTER_SECONDS: Final = 35.0
FORGOTTEN_AFTER_SECONDS: Final = 3600

logger = logging.getLogger(__name__)


def client() -> redis.Redis:
    """A connection to the broker that gives up after two seconds."""
    return redis.Redis.from_url(settings.REDIS_CLIENT_URL, socket_timeout=2.0)


def give_sign(kind: str, name: str) -> None:
    """The process `name` is known to be alive now. A broker that does not answer is logged, not raised."""
    now = time.time()
    try:
        with client() as connection, connection.pipeline() as pipeline:
            pipeline.zadd(kind, {name: now})
            pipeline.zremrangebyscore(kind, 0, now - FORGOTTEN_AFTER_SECONDS)
            pipeline.expire(kind, FORGOTTEN_AFTER_SECONDS)
            pipeline.execute()
    except redis.RedisError as error:
        logger.warning("No sign of life could be given: %s", error)


def take_leave(kind: str, name: str) -> None:
    """The process `name` is known to have stopped on purpose."""
    try:
        with client() as connection:
            connection.zrem(kind, name)
    except redis.RedisError as error:
        logger.warning("Stopping could not be announced: %s", error)


def seconds_since_sign(kind: str, name: str = "") -> float | None:
    """Seconds since the last sign of `name`, or of any process of the kind; None when there was none.

    :raises redis.RedisError: the broker does not answer.
    """
    with client() as connection:
        if name:
            latest = connection.zscore(kind, name)
        else:
            newest = connection.zrange(kind, 0, 0, desc=True, withscores=True)
            latest = newest[0][1] if newest else None
    return None if latest is None else max(0.0, time.time() - float(latest))


class HeartbeatStep(bootsteps.StartStopStep):
    """Part of a worker's consumer: it beats while the worker is connected and takes tasks."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **_: Any) -> None:
        self.entry: Any = None
        super().__init__(parent)

    def start(self, parent: Any) -> None:
        give_sign(WORKERS, parent.hostname)
        self.entry = parent.timer.call_repeatedly(EVERY_SECONDS, give_sign, (WORKERS, parent.hostname))

    def stop(self, parent: Any) -> None:
        if self.entry is not None:
            self.entry.cancel()
            self.entry = None
            take_leave(WORKERS, parent.hostname)


class BeatingScheduler(PersistentScheduler):
    """Celery's own clock, which also says that it ticks."""

    _last_sign = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if time.monotonic() - self._last_sign >= EVERY_SECONDS:
            self._last_sign = time.monotonic()
            give_sign(CLOCKS, "beat")
        return min(super().tick(*args, **kwargs), EVERY_SECONDS)
