"""States of a draft that somebody kept under a name, and what each can be compared with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from ..editions import Edition
from ..models import NamedSnapshot, Plan, Snapshot
from .editions import draft_edition

DRAFT = "draft"


def named_snapshots(plan: Plan) -> QuerySet[NamedSnapshot]:
    """The plan's named snapshots, the latest first, without their texts. One query."""
    found: QuerySet[NamedSnapshot] = plan.named_snapshots.select_related("taken_by", "snapshot").defer(
        "snapshot__content"
    )
    return found


def named_snapshot(plan: Plan, number: int) -> NamedSnapshot:
    """The plan's snapshot of this number, with its text. Raises Http404."""
    named: NamedSnapshot = get_object_or_404(
        plan.named_snapshots.select_related("snapshot", "taken_by"), number=number
    )
    named.plan = plan
    return named


@dataclass(frozen=True)
class State:
    """The plan as it stood at one moment: a snapshot, a version, or the draft of now, which has no snapshot."""

    key: str
    label: str
    at: datetime
    snapshot: int | None

    def edition(self, plan: Plan) -> Edition:
        if self.snapshot is None:
            return draft_edition(plan)
        return Snapshot.objects.get(pk=self.snapshot).edition


def states_of(plan: Plan) -> list[State]:
    """Every state of the plan that can be read again, the latest first. Two queries."""
    return sorted(_states(plan), key=lambda state: state.at, reverse=True)


def _states(plan: Plan) -> Iterator[State]:
    if plan.is_draft:
        yield State(DRAFT, "The draft as it stands now", timezone.now(), None)
    for number, label, at, snapshot in plan.named_snapshots.values_list(
        "number", "label", "taken_at", "snapshot_id"
    ):
        yield State(f"snapshot-{number}", f"Snapshot {number}: {label}", at, snapshot)
    for number, label, at, snapshot in plan.versions.values_list(
        "number", "label", "published_at", "snapshot_id"
    ):
        said = f": {label}" if label and label != f"Version {number}" else ""
        yield State(f"version-{number}", f"Version {number}{said}", at, snapshot)


@dataclass(frozen=True)
class Pair:
    """A snapshot and another state of its plan, the earlier first, and what else it could be compared with."""

    named: NamedSnapshot
    before: State
    after: State
    others: list[State]
    other: State

    def editions(self) -> tuple[Edition, Edition]:
        """What both say."""
        other = self.other.edition(self.named.plan)
        own = self.named.snapshot.edition
        return (other, own) if self.before is self.other else (own, other)


def pair_of(named: NamedSnapshot, wanted: str) -> Pair | None:
    """The snapshot with the state that `wanted` names, or else with the latest other one. None if there is no other."""
    states = states_of(named.plan)
    own = next(state for state in states if state.key == f"snapshot-{named.number}")
    others = [state for state in states if state is not own]
    if not others:
        return None
    other = next((state for state in others if state.key == wanted), others[0])
    before, after = sorted((own, other), key=lambda state: state.at)
    return Pair(named, before, after, others, other)
