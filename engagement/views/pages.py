"""What the pages of engagement share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from partnerships.models import Partnership
from partnerships.permissions import Standing

from ..enums import PromiseState
from ..models import Promise
from ..rules import reach_of


@dataclass(frozen=True)
class PromiseRow:
    """One promise as it stands today, and whether this person may see to it."""

    promise: Promise
    state: PromiseState
    may_keep: bool


def promise_rows(standing: Standing, promises: Iterable[Promise]) -> list[PromiseRow]:
    """The promises with their state today. Who may keep which is asked once, however many there are."""
    today, reach = timezone.localdate(), reach_of(standing)
    return [PromiseRow(promise, promise.state_on(today), bool(reach.keeps(promise))) for promise in promises]


def crumbs(partnership: Partnership, *here: str) -> list[dict[str, str]]:
    """The way to the page: home, engagement, and below it this page."""
    way = [
        {"label": "Home", "url": reverse("partnerships:home", args=[partnership.slug])},
        {
            "label": "Engagement",
            "url": reverse("engagement:list", args=[partnership.slug]) if here else "",
        },
    ]
    return [*way, *({"label": label, "url": ""} for label in here)]
