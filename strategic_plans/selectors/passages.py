"""The search through every plan in force, with what its hits can be narrowed by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import Count, F, Func, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from outcomes.models import Outcome
from partnerships.models import Partnership

from ..editions import SectionPart
from ..enums import PlanState
from ..models import Borrowing, Passage, PlanVersion
from ..passages import LANGUAGE

# Characters of Unicode's private use stand around what was found until the text is escaped.
_BEGIN, _END = "\ue000", "\ue001"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is looked for; what is empty narrows nothing. `year` is the year in which a financial year begins."""

    words: str = ""
    partnership: str = ""
    locality: str = ""
    outcome: int | None = None
    year: int | None = None

    @property
    def asks(self) -> bool:
        return self != Question()

    @property
    def query(self) -> SearchQuery:
        return SearchQuery(self.words, search_type="websearch", config=LANGUAGE)


@dataclass(frozen=True)
class Choice:
    """What the hits can be narrowed to, and how many would be left."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Choices:
    partnerships: tuple[Choice, ...]
    localities: tuple[Choice, ...]
    outcomes: tuple[Choice, ...]
    years: tuple[Choice, ...]


@dataclass(frozen=True)
class SectionFound:
    """A section of another partnership's plan in which the words stand, with the best of the places."""

    version: PlanVersion
    chapter: str
    heading: str
    excerpt: SafeString


@dataclass(frozen=True)
class Hit:
    heading: str
    url: str
    plan: str
    partnership: str
    excerpt: SafeString


def passages_matching(question: Question) -> QuerySet[Passage]:
    """The passages that pass every question asked, the best first."""
    found = Passage.objects.all()
    if question.words:
        found = found.filter(vector=question.query)
    if question.partnership:
        found = found.filter(version__plan__partnership__slug=question.partnership)
    if question.locality:
        found = found.filter(localities__contains=[question.locality])
    if question.outcome is not None:
        found = found.filter(outcomes__contains=[question.outcome])
    if question.year is not None:
        found = found.filter(years__contains=[question.year])
    order = ("version__plan__partnership__short_name", "position")
    if question.words:
        return found.annotate(rank=SearchRank(F("vector"), question.query)).order_by("-rank", *order)
    return found.order_by(*order)


def choices_for(question: Question) -> Choices:
    """For each kind, what the hits can be narrowed to if nothing of that kind is chosen. Five queries."""
    area = "version__plan__partnership__"
    areas = passages_matching(replace(question, partnership="")).order_by()
    counted = areas.values_list(f"{area}slug", f"{area}short_name").annotate(count=Count("pk"))
    titles = dict(Outcome.objects.values_list("number", "title"))
    return Choices(
        partnerships=tuple(Choice(*row) for row in sorted(counted, key=lambda row: row[1])),
        localities=tuple(
            Choice(name, name, count) for name, count in _each(replace(question, locality=""), "localities")
        ),
        outcomes=tuple(
            Choice(str(number), f"{number}. {titles.get(number, '')}", count)
            for number, count in _each(replace(question, outcome=None), "outcomes")
        ),
        years=tuple(
            Choice(str(year), f"{year}/{(year + 1) % 100:02d}", count)
            for year, count in _each(replace(question, year=None), "years")
        ),
    )


class _Unnest(Func):
    function = "unnest"
    set_returning = True


def _each(question: Question, column: str) -> list[tuple[Any, int]]:
    """Every value in an array column of the matching passages, with the number of them. One query."""
    output: Any = Passage._meta.get_field(column)
    each = _Unnest(F(column), output_field=output.base_field)
    rows = passages_matching(question).order_by().annotate(each=each).values("each")
    return sorted(rows.annotate(count=Count("pk")).values_list("each", "count"))


def hits_of(page: Iterable[Passage], question: Question) -> list[Hit]:
    """The passages of one page of hits with the words marked in them. One query."""
    rows = Passage.objects.filter(pk__in=[passage.pk for passage in page])
    by_key = {passage.pk: passage for passage in _with_headlines(rows, question)}
    return [_hit(by_key[passage.pk]) for passage in page if passage.pk in by_key]


def _with_headlines(rows: QuerySet[Any], question: Question) -> QuerySet[Any]:
    shown: QuerySet[Any] = rows.select_related("version__plan__partnership")
    if not question.words:
        return shown
    headline = SearchHeadline(
        "text",
        question.query,
        config=LANGUAGE,
        start_sel=_BEGIN,
        stop_sel=_END,
        max_words=45,
        min_words=25,
    )
    with_words: QuerySet[Any] = shown.annotate(headline=headline)
    return with_words


# Sections offered for one question, and how many passages are looked at to find them.
MOST_SECTIONS = 20
_LOOKED_AT = 200


def sections_to_borrow(question: Question, *, borrower: Partnership) -> list[SectionFound]:
    """Sections of other partnerships' plans in which the words stand, the best first. Two queries."""
    matching = passages_matching(question).exclude(section="")
    others = matching.exclude(version__plan__partnership=borrower)
    best: dict[tuple[int, str], int] = {}
    for pk, version, chapter in others.values_list("pk", "version", "chapter")[:_LOOKED_AT]:
        best.setdefault((version, chapter), pk)
    rows: QuerySet[Any] = Passage.objects.filter(pk__in=list(best.values())[:MOST_SECTIONS])
    shown = {passage.pk: passage for passage in _with_headlines(rows, question)}
    return [
        SectionFound(
            version=shown[pk].version,
            chapter=shown[pk].chapter,
            heading=shown[pk].section,
            excerpt=_marked(_in_its_place(getattr(shown[pk], "headline", ""), shown[pk].text)),
        )
        for pk in best.values()
        if pk in shown
    ]


def published_section(
    version: int, chapter: str, *, borrower: Partnership
) -> tuple[PlanVersion, SectionPart]:
    """The section of another partnership's plan in force. Raises Http404, for one's own plans as well."""
    rows = PlanVersion.objects.exclude(plan__partnership=borrower).filter(plan__state=PlanState.PUBLISHED)
    found = get_object_or_404(rows.select_related("plan__partnership", "snapshot"), pk=version)
    for section in found.snapshot.edition.sections:
        if section.key == chapter and section.paragraphs:
            return found, section
    raise Http404("The plan has no such section.")


def lendings_of(partnership: Partnership) -> QuerySet[Borrowing]:
    """What other partnerships took from this one's plans, the latest first."""
    rows = Borrowing.objects.filter(source__plan__partnership=partnership)
    return rows.select_related("source__plan__partnership", "plan__partnership")


def borrowings_of(partnership: Partnership) -> QuerySet[Borrowing]:
    """What this partnership took from the plans of others, the latest first."""
    rows = Borrowing.objects.for_partnership(partnership)
    return rows.select_related("source__plan__partnership", "plan__partnership")


def _hit(passage: Any) -> Hit:
    plan = passage.version.plan
    address = reverse("published:chapter", args=[plan.partnership.slug, plan.slug, passage.chapter])
    return Hit(
        heading=passage.heading,
        url=f"{address}#{passage.anchor}" if passage.anchor else address,
        plan=plan.title,
        partnership=plan.partnership.short_name,
        excerpt=_marked(_in_its_place(getattr(passage, "headline", ""), passage.text)),
    )


def _in_its_place(headline: str, text: str) -> str:
    """The headline, or the opening words, with dots where the passage goes on."""
    whole = " ".join(text.split())
    said = " ".join(headline.split()) or " ".join(whole.split(" ")[:45])
    plain = said.replace(_BEGIN, "").replace(_END, "")
    before = "" if whole.startswith(plain) else "… "
    return f"{before}{said}{'' if whole.endswith(plain) else ' …'}"


def _marked(text: str) -> SafeString:
    """The text escaped, with what was found in <mark>."""
    safe = escape(text).replace(_BEGIN, "<mark>").replace(_END, "</mark>")
    return mark_safe(safe)  # noqa: S308 - escaped in the line above
