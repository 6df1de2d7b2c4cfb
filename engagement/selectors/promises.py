from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from partnerships.models import Membership, Partnership, User

from ..enums import PromiseState
from ..models import Promise, PromiseQuerySet
from .activities import WHOLE_AREA


@dataclass(frozen=True)
class PromiseCounts:
    """How many promises stand where. Kept means done and told back."""

    due: int
    overdue: int
    to_tell_back: int
    kept: int

    @property
    def all(self) -> int:
        return self.due + self.overdue + self.to_tell_back + self.kept

    @property
    def open(self) -> int:
        return self.all - self.kept

    @property
    def sentence(self) -> str:
        """The headline: how many promises were kept, and what is pressing."""
        if not self.all:
            return "No promise is recorded yet."
        parts = [f"{self.kept} of {self.all} promises kept and told back"]
        parts += [f"{self.overdue} overdue"] if self.overdue else []
        parts += [f"{self.to_tell_back} done but not yet told back"] if self.to_tell_back else []
        return f"{'; '.join(parts)}."


def promises_for(partnership: Partnership) -> PromiseQuerySet:
    """All promises of the partnership, the earliest due first, with what their rows show."""
    return (
        Promise.objects.for_partnership(partnership)
        .select_related("activity__locality", "owner")
        .defer("activity__locality__boundary")
        .order_by("due_on", "pk")
    )


def promises_shown(
    partnership: Partnership, *, state: str = "", locality: str = "", owner: User | None = None
) -> PromiseQuerySet:
    """The promises that pass the filter; without a state those that are not kept yet. `locality` is a slug."""
    found, today = promises_for(partnership), timezone.localdate()
    if state == "all":
        pass
    elif state in PromiseState.values:
        found = found.in_state(PromiseState(state), today)
    else:
        found = found.filter(told_back_on__isnull=True)
    if locality == WHOLE_AREA:
        found = found.filter(activity__locality__isnull=True)
    elif locality:
        found = found.filter(activity__locality__slug=locality)
    return found.filter(owner=owner) if owner else found


def promise_counts(
    partnership: Partnership, *, locality_id: int | None = None, on: date | None = None
) -> PromiseCounts:
    """How many promises are due, overdue, to be told back and kept on a day (today). One query."""
    day = on or timezone.localdate()
    promises = Promise.objects.for_partnership(partnership)
    if locality_id is not None:
        promises = promises.filter(activity__locality=locality_id)
    counted = promises.aggregate(
        due=Count("pk", filter=Q(done_on__isnull=True, due_on__gte=day)),
        overdue=Count("pk", filter=Q(done_on__isnull=True, due_on__lt=day)),
        to_tell_back=Count("pk", filter=Q(done_on__isnull=False, told_back_on__isnull=True)),
        kept=Count("pk", filter=Q(told_back_on__isnull=False)),
    )
    return PromiseCounts(**counted)


def possible_owners(partnership: Partnership) -> QuerySet[User]:
    """The people with a role here today, who can see to a promise."""
    members = Membership.objects.for_partnership(partnership).on(timezone.localdate())
    return User.objects.filter(pk__in=members.values("user"), is_active=True).order_by("name", "pk")
