"""What every page needs to say where its reader is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from partnerships.enums import Role
from partnerships.guards import partnerships_of
from partnerships.models import Partnership
from partnerships.permissions import ADMINISTER, VIEW_AUDIT, Standing, standing_of


@dataclass(frozen=True)
class NavigationItem:
    label: str
    url: str
    current: bool


# The same order everywhere. An item that one may not open is not shown.
SECTIONS = (
    ("Home", "partnerships:home", None),
    ("Plan", "strategic_plans:list", None),
    ("Money", "budgets:list", None),
    ("Outcomes", "outcomes:list", None),
    ("Engagement", "engagement:list", None),
    ("Localities", "localities:list", None),
    ("Documents", "partnerships:documents", None),
    ("Audit", "partnerships:audit", VIEW_AUDIT),
    ("Administer", "partnerships:people", ADMINISTER),
)


@cache
def _addresses(slug: str) -> tuple[str, ...]:
    """Where the sections of a partnership begin. Found once for each of the thirty-one, not on every page."""
    return tuple(reverse(name, args=[slug]) for _, name, _ in SECTIONS)


def navigation(path: str, standing: Standing) -> list[NavigationItem]:
    items = []
    for (label, name, wanted), url in zip(SECTIONS, _addresses(standing.partnership.slug), strict=True):
        if wanted is None or standing.may(wanted):
            current = path == url if name == "partnerships:home" else path.startswith(url)
            items.append(NavigationItem(label, url, current))
    return items


def standing_notice(standing: Standing) -> str:
    """What somebody who only reads is told on every page."""
    if standing.support:
        return "Support access: you read and change nothing, and every page you open is recorded."
    if standing.roles == {Role.AUDITOR}:
        return "You are here as an auditor: you read everything and change nothing."
    return ""


def standing_of_tenant(request: HttpRequest) -> Standing | None:
    """Who the reader is on a page that knows its partnership by its slug alone: the page of a document."""
    slug = getattr(request, "tenant", "")
    found = Partnership.objects.filter(slug=slug).first() if slug else None
    standing = standing_of(request.user, found) if found else None  # type: ignore[arg-type]
    return standing if standing and standing.is_member else None


def portal(request: HttpRequest) -> dict[str, Any]:
    standing: Standing | None = getattr(request, "standing", None) or standing_of_tenant(request)
    user = getattr(request, "user", None)
    return {
        "demonstration": settings.PORTAL_DEMONSTRATION,
        "partnership": getattr(request, "partnership", None) or (standing.partnership if standing else None),
        "standing": standing,
        "navigation": navigation(request.path, standing) if standing else [],
        "search_url": reverse("search", args=[standing.partnership.slug]) if standing else "",
        "standing_notice": standing_notice(standing) if standing else "",
        "my_partnerships": SimpleLazyObject(
            lambda: partnerships_of(request) if user and user.is_authenticated else []
        ),
    }
