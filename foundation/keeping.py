"""How a worker keeps what it holds while it works, however long a step takes."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)

# Leases and holds last several beats: a worker that misses them all has died.
BEAT_SECONDS = 5.0


@contextmanager
def kept(renew: Callable[[], object], what: str) -> Iterator[None]:
    """While the block runs, a thread renews the hold every BEAT_SECONDS. `what` names it in the log.

    A renewal that the database refuses is logged, and the next beat tries again.
    """
    done = threading.Event()
    thread = threading.Thread(target=_beat, args=(renew, what, done), name=f"hold of {what}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(renew: Callable[[], object], what: str, done: threading.Event) -> None:
    try:
        while not done.wait(BEAT_SECONDS):
            try:
                renew()
            except DatabaseError:
                logger.warning("hold of %s not renewed", what, exc_info=True)
                connection.close()
    finally:
        connection.close()
