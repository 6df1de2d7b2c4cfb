"""Search over what a member of one partnership may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q
from django.urls import reverse

from budgets.models import BudgetLine
from budgets.selectors.directions import DirectionFilter, directions_shown
from engagement.models import Activity, Promise
from foundation.richtext.cleaning import plain_text
from foundation.sgds.formats import money
from localities.models import Locality
from outcomes.models import Indicator
from partnerships.models import Partnership
from partnerships.permissions import Standing
from strategic_plans.models import Section

LONGEST_QUERY = 200
MOST_OF_A_KIND = 10
EXCERPT_LENGTH = 220


@dataclass(frozen=True)
class Hit:
    title: str
    url: str
    excerpt: str


@dataclass(frozen=True)
class Found:
    """The hits of one kind: what they are called and at most MOST_OF_A_KIND of them."""

    kind: str
    hits: list[Hit]


def find(words: str, standing: Standing) -> list[Found]:
    """Hits by kind, in the order of the navigation; kinds without a hit are left out. One query a kind.

    A partner officer finds the directions that were issued to their own body, as in the register.
    """
    query = SearchQuery(words, search_type="websearch", config="english")
    partnership = standing.partnership
    slug = partnership.slug
    found = [
        Found("Plan", [_section_hit(section, slug, words) for section in _sections(query, partnership)]),
        Found(
            "Money",
            [
                Hit(
                    line.title,
                    reverse("budgets:line", args=[slug, line.budget.year, line.pk]),
                    f"{line.budget}: {money(line.amount)}",
                )
                for line in BudgetLine.objects.for_partnership(partnership)
                .filter(title__icontains=words)
                .select_related("budget")
                .order_by("-budget__year", "position", "title")[:MOST_OF_A_KIND]
            ],
        ),
        Found(
            "Directions",
            [
                Hit(str(direction), direction.get_absolute_url(), excerpt(direction.text, words))
                for direction in directions_shown(standing, DirectionFilter(words))[:MOST_OF_A_KIND]
            ],
        ),
        Found(
            "Outcomes",
            [
                Hit(str(indicator), indicator.get_absolute_url(partnership), indicator.title)
                for indicator in Indicator.objects.filter(Q(title__icontains=words) | Q(code__iexact=words))[
                    :MOST_OF_A_KIND
                ]
            ],
        ),
        Found("Engagement", _engagement_hits(query, partnership, words)),
        Found(
            "Localities",
            [
                Hit(
                    locality.name,
                    reverse("localities:detail", args=[slug, locality.slug]),
                    excerpt(locality.rationale, words),
                )
                for locality in Locality.objects.for_partnership(partnership).filter(
                    Q(name__icontains=words) | Q(rationale__icontains=words)
                )[:MOST_OF_A_KIND]
            ],
        ),
    ]
    return [kind for kind in found if kind.hits]


def _sections(query: SearchQuery, partnership: Partnership) -> list[Section]:
    sections = Section.objects.filter(plan__partnership=partnership).select_related("plan")
    matching = sections.annotate(words=SearchVector("title", "body", config="english")).filter(words=query)
    return list(matching[:MOST_OF_A_KIND])


def _section_hit(section: Section, slug: str, words: str) -> Hit:
    url = reverse("strategic_plans:section", args=[slug, section.plan.slug, section.key])
    return Hit(f"{section.title} ({section.plan.title})", url, excerpt(plain_text(section.body), words))


def _engagement_hits(query: SearchQuery, partnership: Partnership, words: str) -> list[Hit]:
    activities = (
        Activity.objects.for_partnership(partnership)
        .annotate(words=SearchVector("place", "heard", config="english"))
        .filter(words=query)[:MOST_OF_A_KIND]
    )
    promises = Promise.objects.filter(
        activity__partnership=partnership, text__icontains=words
    ).select_related("activity")[:MOST_OF_A_KIND]

    def address(activity: Activity) -> str:
        return reverse("engagement:detail", args=[partnership.slug, activity.pk])

    return [Hit(str(found), address(found), excerpt(found.heard, words)) for found in activities] + [
        Hit(f"Promise: {promise.text}", address(promise.activity), str(promise.activity))
        for promise in promises
    ]


def excerpt(text: str, words: str) -> str:
    """At most EXCERPT_LENGTH characters of the text around the first of the words that occurs in it."""
    low = text.casefold()
    places = [place for word in words.casefold().split() if (place := low.find(word)) >= 0]
    start = max(0, min(places, default=0) - EXCERPT_LENGTH // 3)
    part = text[start : start + EXCERPT_LENGTH].strip()
    return f"{'… ' if start else ''}{part}{' …' if start + EXCERPT_LENGTH < len(text) else ''}"
