"""What the timetable does with files that were left behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from .arriving import discard
from .enums import State
from .kinds import ATTEMPTS_LIMIT, Kind, M
from .reading import refuse, waiting

# A file that no worker took is announced again after this, and then at the longer interval.
FIRST_REMINDER = timedelta(seconds=5)
NEXT_REMINDER = timedelta(seconds=60)
MOST_AT_ONCE = 50


def sweep(kind: Kind[M], wake: Callable[[UUID], None]) -> int:
    """No file is left behind, and none that nobody applied is kept for too long: `wake` is called for what waits.

    One whose worker died is read again, or refused in words after ATTEMPTS_LIMIT attempts. Returns how many wait.
    """
    rows = kind.model._default_manager
    old = rows.filter(brought_at__lt=Now() - kind.kept_for).exclude(state=State.APPLIED)
    for row in old.only("file"):
        discard(row)
    for tired in waiting(kind).filter(attempts__gte=ATTEMPTS_LIMIT).only("file", "held_until"):
        refuse(kind, tired, kind.words.interrupted)
    never_woken = Q(woken_at=None, brought_at__lt=Now() - FIRST_REMINDER)
    died = Q(held_until__lt=Now(), woken_at__lt=Now() - FIRST_REMINDER)
    overdue = never_woken | died | Q(woken_at__lt=Now() - NEXT_REMINDER)
    left_behind = waiting(kind).filter(overdue, attempts__lt=ATTEMPTS_LIMIT)
    found = list(left_behind.order_by("brought_at").values_list("pk", flat=True)[:MOST_AT_ONCE])
    rows.filter(pk__in=found).update(woken_at=Now())
    for pk in found:
        wake(pk)
    return len(found)
