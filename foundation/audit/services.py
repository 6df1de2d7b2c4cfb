"""Writing entries and sealing them."""

import re
from typing import Any, Final, Protocol

from django.db.models import Model

from .context import request_id
from .models import Entry
from .snapshots import json_safe

_ACTION = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


class System:
    """The portal itself, where no person acts: a timetable, a sweep, the loading of reference data."""

    name = "The portal"

    def __repr__(self) -> str:
        return "SYSTEM"


SYSTEM: Final = System()


class Person(Protocol):
    @property
    def pk(self) -> Any: ...


class AnonymousAct(ValueError):
    """An act was to be recorded without saying who did it."""


def record(
    *,
    by: Person | System,
    action: str,
    subject: Model | str,
    tenant: str = "",
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> Entry:
    """One entry says that `by` did `action` to `subject`. Call it inside the transaction that does the act.

    No lock is taken: writers wait neither for each other nor for the sealer. `tenant` is a plain string;
    `before` and `after` are anything that `json_safe` can put down.

    Raises AnonymousAct unless `by` is a saved user or SYSTEM, ValueError for an action not written "app.verb".
    """
    if not _ACTION.fullmatch(action):
        raise ValueError(f"An action is written like 'budgets.line_changed', not {action!r}")
    actor_id, actor_name = _actor(by)
    subject_type, subject_id, subject_label = _subject(subject)
    return Entry.objects.create(
        request_id=request_id(),
        tenant=tenant,
        actor_id=actor_id,
        actor_name=actor_name,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        subject_label=subject_label,
        before=json_safe(before),
        after=json_safe(after),
        reason=json_safe(reason),
    )


def _actor(by: Person | System) -> tuple[int | None, str]:
    if by is SYSTEM:
        return None, SYSTEM.name
    identifier = getattr(by, "pk", None)
    if identifier is None:
        raise AnonymousAct(
            f"{by!r} is nobody: pass the user who acts, or SYSTEM where the portal itself does"
        )
    name = json_safe(str(getattr(by, "name", "") or by))
    return identifier, name[:200]


def _subject(subject: Model | str) -> tuple[str, str, str]:
    if isinstance(subject, Model):
        return subject._meta.label, str(subject.pk), json_safe(str(subject))[:300]
    return "", "", json_safe(subject)[:300]
