"""How a worker is told of a row that waits. The row is the queue's truth (docs/adr/0003); the broker only wakes."""

import logging
from typing import Any
from uuid import UUID

from celery import Task
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def announce(task: "Task[..., Any]", key: UUID | int, **options: Any) -> None:
    """A worker is told to do the task for the row with this key. If no broker answers, the sweep will tell it later."""
    said = key if isinstance(key, int) else str(key)
    try:
        task.apply_async((said,), retry_policy={"max_retries": 1, "interval_start": 0.1}, **options)
    except OperationalError:
        logger.warning(
            "the broker did not take %s of %s; the sweep will announce it", task.name, key, exc_info=True
        )
