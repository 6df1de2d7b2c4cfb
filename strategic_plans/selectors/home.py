"""What the plan has to say on the partnership's home page and on the page of a locality."""

from datetime import date
from typing import NamedTuple

from django.db.models import IntegerField, Value
from django.urls import reverse

from budgets.models import Budget
from foundation.sgds.formats import count_in_words, date_uk
from localities.models import Locality
from localities.parts import Part
from localities.rules import led_locality_ids
from partnerships.enums import Role
from partnerships.home import Due, Line
from partnerships.permissions import Standing

from ..clocks import NOTICE, review_anchor, review_due_by
from ..enums import PlanState, StartReason
from ..models import FinancialStatement, LocalityArrangement, Plan, PriorityOutcome, Section
from ..rules import EDIT_PLAN, READ_PLAN
from ..rules.statements import PUBLISH_STATEMENT, SIGN_STATEMENT

# SSI 2014/343, schedule
OUTCOMES = 9


def state(standing: Standing) -> str | None:
    """Where the plan stands, in the sentence that opens the home page. One query."""
    draft, published = _newest(standing, PlanState.DRAFT), _newest(standing, PlanState.PUBLISHED)
    if draft and published:
        return f"“{published}” is published, and its successor “{draft}” is being drafted."
    if published:
        return f"“{published}” is published and runs to {date_uk(published.period_end)}."
    if draft:
        return f"“{draft}” is being drafted. No plan is published yet."
    return None


def line(standing: Standing) -> Line:
    """The plan at a glance: what is published, and how much of the draft is written. Two queries."""
    draft, published = _newest(standing, PlanState.DRAFT), _newest(standing, PlanState.PUBLISHED)
    where = [standing.partnership.slug]
    said = []
    if published:
        said.append(f"“{published}” is published.")
    if draft:
        sections = _held(standing, SECTION, draft)
        written = sum(section.number > 0 for section in sections)
        said.append(
            f"The draft “{draft}” has text in {written} of {count_in_words(len(sections), 'section')}."
        )
        url = reverse("strategic_plans:workspace", args=[*where, draft.slug])
    else:
        url = reverse("strategic_plans:list", args=where)
    return Line("Plan", " ".join(said) or "No plan is here yet.", url)


def _newest(standing: Standing, state: PlanState) -> Plan | None:
    return next((plan for plan in _plans(standing) if plan.state == state), None)


def _plans(standing: Standing) -> list[Plan]:
    """All plans, the newest first. One query a request."""
    rows = Plan.objects.for_partnership(standing.partnership).order_by("-pk")
    return standing.recall("strategic_plans.plans", lambda: list(rows))


class Held(NamedTuple):
    """A section or a silent locality of a draft, an outcome that it addresses, or a year that any plan has stated.

    `number` is how many words the section has, the key of the locality or of the outcome, or the year.
    """

    kind: str
    plan: int
    number: int
    key: str | None
    title: str | None
    is_statutory: bool | None
    owner: int | None
    due_on: date | None


SECTION, SILENT_LOCALITY, OUTCOME, YEAR = "section", "silent locality", "outcome", "year"
_NO_MORE = (Value(None, output_field=IntegerField()),) * 5
# Put together once: that takes Django longer than the answer takes the database.
_SECTIONS = (
    Section.objects.filter(plan__state=PlanState.DRAFT)
    .order_by()
    .values_list(Value(SECTION), "plan", "word_count", "key", "title", "is_statutory", "owner", "due_on")
)
_SILENT_LOCALITIES = (
    LocalityArrangement.objects.filter(plan__state=PlanState.DRAFT, word_count=0)
    .order_by()
    .values_list(
        *(Value(SILENT_LOCALITY), "plan", "locality", "locality__slug", "locality__name"), *_NO_MORE[:3]
    )
)
_OUTCOMES = (
    PriorityOutcome.objects.filter(priority__plan__state=PlanState.DRAFT)
    .order_by()
    .values_list(Value(OUTCOME), "priority__plan", "outcome", *_NO_MORE)
)
_YEARS = (
    FinancialStatement.objects.filter(publication__isnull=False)
    .order_by()
    .values_list(Value(YEAR), "plan", "budget__year", *_NO_MORE)
)


def _held(standing: Standing, kind: str, plan: Plan | None = None) -> list[Held]:
    """What there is of one kind, of one plan or of all. One query a request."""

    def read() -> list[Held]:
        partnership = standing.partnership
        rows = _SECTIONS.filter(plan__partnership=partnership).union(
            _SILENT_LOCALITIES.filter(plan__partnership=partnership),
            _OUTCOMES.filter(priority__plan__partnership=partnership),
            _YEARS.filter(plan__partnership=partnership),
            all=True,
        )
        return [Held(*row) for row in rows]

    found = standing.recall("strategic_plans.held", read)
    return [held for held in found if held.kind == kind and (plan is None or held.plan == plan.pk)]


def sections_due(standing: Standing) -> list[Due]:
    """The sections without text that somebody looks after and that have a day: mine first. One query."""
    return [
        Due(
            title=f"Write “{section.title}” in “{draft}”",
            due_on=section.due_on,
            url=reverse("strategic_plans:section", args=[standing.partnership.slug, draft.slug, section.key]),
            action="Write" if section.owner == standing.user.pk else "See the section",
            mine=section.owner == standing.user.pk,
        )
        for draft in _plans(standing)
        if draft.is_draft
        for section in _held(standing, SECTION, draft)
        if section.due_on and not section.number
    ]


def arrangements_due(standing: Standing) -> list[Due]:
    """The arrangements that this person owes as the lead of a locality (2014 Act s.29(3)(b)). One query beside the
    others'.
    """
    if not standing.holds(Role.LOCALITY_LEAD):
        return []
    led = led_locality_ids(standing)
    return [
        Due(
            title=f"Write the arrangements for {silent.title} in “{draft}”",
            due_on=draft.period_start,
            url=reverse(
                "strategic_plans:arrangement", args=[standing.partnership.slug, draft.slug, silent.key]
            ),
            action="Write",
            mine=True,
            source="2014 Act s.29(3)(b)",
        )
        for draft in _plans(standing)
        if draft.is_draft
        for silent in _held(standing, SILENT_LOCALITY, draft)
        if silent.number in led
    ]


def checks_due(standing: Standing) -> list[Due]:
    """The drafts in which something is missing that the law asks for, for those who edit plans. Two queries."""
    if not standing.may(EDIT_PLAN):
        return []
    return [
        Due(
            title=f"“{draft}” lacks {missing}",
            due_on=draft.period_start,
            url=reverse("strategic_plans:check", args=[standing.partnership.slug, draft.slug]),
            action="See what is missing",
            mine=True,
            source="2014 Act ss.29, 30",
        )
        for draft in _plans(standing)
        if draft.is_draft and (missing := _missing_in_words(standing, draft))
    ]


def _missing_in_words(standing: Standing, draft: Plan) -> str:
    """What a draft lacks: so many sections and localities without text, and outcomes beyond those addressed."""
    counts = [
        (
            sum(
                bool(section.is_statutory) and not section.number
                for section in _held(standing, SECTION, draft)
            ),
            "section that the law asks for",
            "sections that the law asks for",
        ),
        (
            len(_held(standing, SILENT_LOCALITY, draft)),
            "locality’s arrangements",
            "localities’ arrangements",
        ),
        (
            OUTCOMES - len({held.number for held in _held(standing, OUTCOME, draft)}),
            "outcome’s priority",
            "outcomes’ priorities",
        ),
    ]
    return ", ".join(count_in_words(count, one, many) for count, one, many in counts if count > 0)


def review_due(standing: Standing) -> list[Due]:
    """The review of the plan in the last year of its three, and when it is late (2014 Act s.37(10)). One query.

    The clock is kept only for partnerships that published a plan here: of others it cannot be known.
    """
    published = [plan for plan in _plans(standing) if plan.state != PlanState.DRAFT]
    if not published:
        return []
    day = review_due_by(
        review_anchor(
            integration_start_day=standing.partnership.integration_start_day,
            replacement_start_days=[
                plan.period_start
                for plan in published
                if plan.start_reason != StartReason.FIRST and plan.period_start
            ],
        )
    )
    if day - standing.on > NOTICE:
        return []
    newest = max(published, key=lambda plan: plan.period_start or date.min)
    return [
        Due(
            title=f"Review how effective “{newest}” is, before three years have passed",
            due_on=day,
            url=reverse("strategic_plans:list", args=[standing.partnership.slug]),
            action="Open the plans",
            mine=bool(standing.may(EDIT_PLAN)),
            source="2014 Act s.37",
        )
    ]


def locality_part(standing: Standing, locality: Locality) -> Part | None:
    """What the newest published plan, or else the draft, says for the locality. One query."""
    row = (
        LocalityArrangement.objects.filter(locality=locality, plan__partnership=standing.partnership)
        .exclude(plan__state=PlanState.SUPERSEDED)
        .select_related("plan")
        .order_by("-plan__state", "-plan__pk")
        .first()
    )
    if row is None or not standing.may(READ_PLAN):
        return None
    url = reverse(
        "strategic_plans:arrangement", args=[standing.partnership.slug, row.plan.slug, locality.slug]
    )
    return Part(
        "Arrangements in the plan", "strategic_plans/locality_part.html", {"arrangement": row, "url": url}
    )


def statement_due(standing: Standing) -> list[Due]:
    """The annual financial statement of this year, from the first published plan on, until it is public (s.39)."""
    year = standing.on.year if (standing.on.month, standing.on.day) >= (4, 1) else standing.on.year - 1
    published = next((plan for plan in _plans(standing) if plan.state == PlanState.PUBLISHED), None)
    if published is None or year in {held.number for held in _held(standing, YEAR)}:
        return []
    return [
        Due(
            title=f"Annual financial statement {Budget(year=year).year_label}",
            due_on=date(year + 1, 3, 31),
            url=reverse("strategic_plans:statements", args=[standing.partnership.slug]),
            action="Sign or publish it" if standing.may(SIGN_STATEMENT) else "See it",
            mine=bool(standing.may(SIGN_STATEMENT) or standing.may(PUBLISH_STATEMENT)),
            source="2014 Act s.39",
        )
    ]
