"""One worker renders a chapter at a time. PostgreSQL lets a lock go in the moment in which its holder dies."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def held(name: str) -> Iterator[bool]:
    """Whether this worker alone may render the part with this name (a hash) while the block runs. Never waits."""
    key = int.from_bytes(bytes.fromhex(name[:16]), signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [key])
        (is_mine,) = cursor.fetchone()
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [key])
