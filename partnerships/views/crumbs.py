from __future__ import annotations

from django.urls import reverse

from ..models import Partnership

Crumb = dict[str, str]


def crumbs(partnership: Partnership, *trail: tuple[str, str]) -> list[Crumb]:
    """The way to a page: its home, then (label, url name or "") pairs; the last is the page itself."""
    slug = partnership.slug
    way = [{"label": "Home", "url": reverse("partnerships:home", args=[slug])}]
    for label, name in trail:
        way.append({"label": label, "url": reverse(f"partnerships:{name}", args=[slug]) if name else ""})
    return way
