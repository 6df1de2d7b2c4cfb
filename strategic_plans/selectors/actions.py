"""The actions of a plan as plain rows, and one action with what was reported on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max, OuterRef, Prefetch, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils import timezone

from foundation.sgds.formats import count_in_words
from localities.models import Locality
from partnerships.models import Membership, Partnership, User
from partnerships.permissions import Standing

from ..editions import period_in_words
from ..enums import ActionStatus
from ..models import Action, Plan
from ..rules import may_update_action

WHOLE_AREA = "whole-area"
NOBODY = "nobody"
ME = "me"
# A text in words stands among the keys of people in the filter's address.
ROLE = "role:"


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action as lists and the golden thread show it, on a day. No localities: the whole area."""

    pk: int
    priority: int
    priority_label: str
    label: str
    title: str
    owner_pk: int | None
    owner_name: str
    owner_words: str
    starts_on: date | None
    due_on: date | None
    status: ActionStatus
    cost: Decimal | None
    line: int | None
    line_title: str
    paid_from: str
    localities: tuple[tuple[int, str, str], ...]
    reported_at: datetime | None

    @property
    def name(self) -> str:
        return f"{self.label} {self.title}"

    @property
    def owner(self) -> str:
        """Who answers for it, in words; nothing when nobody does."""
        return " for ".join(filter(None, (self.owner_name, self.owner_words)))

    @property
    def where(self) -> str:
        return ", ".join(name for _, _, name in self.localities) or "The whole area"

    @property
    def when(self) -> str:
        return period_in_words(self.starts_on, self.due_on)

    @property
    def money(self) -> str:
        """Where its money comes from; nothing when that is not said."""
        return self.line_title or self.paid_from

    @property
    def locality_keys(self) -> set[int]:
        return {pk for pk, _, _ in self.localities}


def action_rows(plan: Plan, on: date | None = None, priority: int | None = None) -> list[ActionRow]:
    """The plan's actions, or one priority's, in order, as they stand on a day (today). One query for plain values."""
    day = on or timezone.localdate()
    places = Locality.objects.filter(plan_actions=OuterRef("pk")).order_by("name")
    found = Action.objects.filter(priority__plan=plan)
    if priority is not None:
        found = found.filter(priority=priority)
    values = found.order_by("priority__number", "number").values_list(
        "pk",
        "priority",
        "priority__number",
        "priority__title",
        "number",
        "title",
        "owner",
        "owner__name",
        "owner_words",
        "starts_on",
        "due_on",
        "status",
        "cost",
        "line",
        "line__title",
        "paid_from",
        ArraySubquery(places.values_list(JSONObject(pk="pk", slug="slug", name="name"))),
        Max("updates__made_at"),
    )
    return [
        ActionRow(
            pk=pk,
            priority=of,
            priority_label=f"{of_number}. {of_title}",
            label=f"{of_number}.{number}",
            title=title,
            owner_pk=owner,
            owner_name=owner_name or "",
            owner_words=owner_words,
            starts_on=starts_on,
            due_on=due_on,
            status=ActionStatus.on(day, status, due_on),
            cost=cost,
            line=line,
            line_title=line_title or "",
            paid_from=paid_from,
            localities=tuple((one["pk"], one["slug"], one["name"]) for one in localities),
            reported_at=reported_at,
        )
        for (
            pk,
            of,
            of_number,
            of_title,
            number,
            title,
            owner,
            owner_name,
            owner_words,
            starts_on,
            due_on,
            status,
            cost,
            line,
            line_title,
            paid_from,
            localities,
            reported_at,
        ) in values
    ]


@dataclass(frozen=True)
class ActionFilter:
    """Which actions are shown; what is empty filters nothing. `owner` is a person's key, `me`, or a role in words."""

    status: str = ""
    owner: str = ""
    locality: str = ""
    priority: str = ""


def actions_shown(rows: Iterable[ActionRow], chosen: ActionFilter, me: int) -> list[ActionRow]:
    """The rows that pass the filter. A locality shows what is done there and what is done in the whole area."""
    return [
        row
        for row in rows
        if (not chosen.status or _has_status(row, chosen.status))
        and (not chosen.owner or _has_owner(row, chosen.owner, me))
        and (not chosen.locality or _is_done_in(row, chosen.locality))
        and (not chosen.priority or str(row.priority) == chosen.priority)
    ]


def _has_status(row: ActionRow, status: str) -> bool:
    return row.status.is_open if status == "open" else row.status == status


def _has_owner(row: ActionRow, owner: str, me: int) -> bool:
    if owner == ME:
        return row.owner_pk == me
    if owner == NOBODY:
        return not row.owner
    if owner.startswith(ROLE):
        return row.owner_words == owner.removeprefix(ROLE)
    return str(row.owner_pk) == owner


def _is_done_in(row: ActionRow, locality: str) -> bool:
    if locality == WHOLE_AREA:
        return not row.localities
    return not row.localities or any(slug == locality for _, slug, _ in row.localities)


def owners_of(rows: Iterable[ActionRow]) -> list[tuple[str, str]]:
    """Who answers for these actions, as choices: people by name, then bodies and roles."""
    people = {str(row.owner_pk): row.owner_name for row in rows if row.owner_pk}
    roles = {f"{ROLE}{row.owner_words}": row.owner_words for row in rows if row.owner_words}
    return [
        *sorted(people.items(), key=lambda choice: choice[1]),
        *sorted(roles.items(), key=lambda choice: choice[1]),
    ]


def progress_sentence(rows: Iterable[ActionRow]) -> str:
    """How the actions stand, in a sentence; what is pressing comes last."""
    standing = [row.status for row in rows]
    if not standing:
        return "No action is written yet."
    parts = [
        f"{count} {status.label.lower()}"
        for status in (
            ActionStatus.DONE,
            ActionStatus.IN_PROGRESS,
            ActionStatus.NOT_STARTED,
            ActionStatus.CANCELLED,
            ActionStatus.LATE,
        )
        if (count := standing.count(status))
    ]
    return f"{count_in_words(len(standing), 'action')}: {', '.join(parts)}.".capitalize()


def action_of(plan: Plan, pk: int) -> Action:
    """One action of the plan with its priority, owner, line and localities. Raises Http404. Two queries."""
    found = Action.objects.filter(priority__plan=plan, pk=pk)
    action = (
        found.select_related("priority", "owner", "line__budget", "carried_from__priority__plan")
        .prefetch_related(Prefetch("localities", Locality.objects.defer("boundary")))
        .first()
    )
    if action is None:
        raise Http404("There is no such action in this plan.")
    action.priority.plan = plan
    return action


def updates_of(action: Action) -> QuerySet[Any]:
    """What was reported on the action, the newest first, with who said it."""
    return action.updates.select_related("made_by")


def may_update(standing: Standing, plan: Plan, row: ActionRow) -> bool:
    """Whether this person reports on the action of a row."""
    return bool(may_update_action(standing, plan, owner=row.owner_pk, localities=row.locality_keys))


def possible_action_owners(partnership: Partnership, keeping: int | None = None) -> QuerySet[User]:
    """Who may answer for an action: people with a role here today, and whoever does so already."""
    holders = Membership.objects.for_partnership(partnership).on(timezone.localdate())
    found = User.objects.filter(pk__in=holders.values("user"), is_active=True)
    if keeping is not None:
        found = found | User.objects.filter(pk=keeping)
    return found.order_by("name", "pk")
