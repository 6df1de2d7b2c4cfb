"""A worker's memory between two pieces of work."""

import ctypes
import gc
from contextlib import suppress


def give_back() -> None:
    """What the last piece of work left behind belongs to the system again, where its C library can say so (glibc)."""
    gc.collect()
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
