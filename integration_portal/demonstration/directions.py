"""The demonstration's directions for 2026/27 and what the health board told about the set-aside. All invented."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from budgets.enums import Confidence, Effect, FundKind, MoneyStated, Progress
from budgets.models import Budget, BudgetLine, Direction
from budgets.services import directions as services
from budgets.services import set_aside
from budgets.services.directions import DirectionFields
from budgets.services.set_aside import UseOfLine
from partnerships.enums import BodyKind
from partnerships.models import DelegatedFunction, Partnership

from .people import person

LABEL = "Demonstration."
UNCONFIRMED = f"{LABEL} The figures are carried over from 2020/21 and confirmed by nobody."
CARE_AT_HOME = "swsa-1968-s14"
# The one function that the demonstration leaves without a direction.
LEFT_OUT = "pharmaceutical-services"
MILLION = 1_000_000


def issue_directions(partnership: Partnership) -> None:
    """There are directions in force, one varied, one revoked, one to be issued, and one function without any."""
    budget = Budget.objects.filter(partnership=partnership, year=2026).first()
    if budget is None:
        return
    lines = {(line.title, line.delivered_by_id): line for line in budget.lines.all()}
    board, council = partnership.health_board, partnership.councils.get()
    functions = list(DelegatedFunction.objects.for_partnership(partnership).exclude(code=LEFT_OUT))
    hospital = [function for function in functions if function.is_large_hospital]
    community = [f for f in functions if f.delegated_by == BodyKind.HEALTH_BOARD and f not in hospital]
    social = [f for f in functions if f.delegated_by == BodyKind.COUNCIL and f.code != CARE_AT_HOME]
    home = [function for function in functions if function.code == CARE_AT_HOME]

    def of(body: Any, *titles: str) -> list[BudgetLine]:
        return [lines[title, body.pk] for title in titles]

    health = _issued(
        budget,
        title="Community health services and primary care",
        targets={board: ""},
        functions=community,
        text="Provide community health services, primary medical services and prescribing in all four localities.\n\n"
        "Move staff time from hospitals to community teams as the strategic plan says.",
        use_of_money="For the staff, contracts and medicines of these services, and for nothing else.",
        lines=of(
            board,
            "Community services",
            "General medical services (GMS)",
            "Prescribing",
            "Reimbursement of independent contractors",
        ),
    )
    aside = _issued(
        budget,
        title="Unscheduled care in large hospitals",
        targets={board: ""},
        functions=hospital,
        money=MoneyStated.SET_ASIDE,
        text="Use the sum set aside for unscheduled care, and reduce delayed discharges by earlier planning.",
        use_of_money="For the inpatient services of the specialties named, by occupied bed days.",
        expected_end_on=date(2027, 3, 31),
        lines=[line for line in budget.lines.all() if line.fund == FundKind.SET_ASIDE],
    )
    _issued(
        budget,
        title="Social care bought and assessed",
        targets={council: ""},
        functions=social,
        text="Assess need, arrange care and buy care homes and other care from providers.",
        use_of_money="For purchased care, residential care and the assessment teams.",
        lines=of(
            council, "External purchasing", "Residential care", "Social work assessment and care management"
        ),
    )
    first = _issued(
        budget,
        title="Care at home",
        targets={council: ""},
        functions=home,
        text="Provide care at home for everybody assessed as needing it.",
        use_of_money="For the council's own home care teams.",
        lines=of(council, "Care at home"),
        part=Decimal("0.8"),
    )
    _varied(first, of(council, "Care at home")[0])
    winter = _issued(
        budget,
        title="Extra winter beds, trial",
        targets={board: ""},
        functions=hospital[:1],
        money=MoneyStated.METHOD,
        method="The actual cost of each bed day, up to 90 days.",
        text="Open extra beds from November to January as a trial.",
        use_of_money="For staff of the extra beds.",
        lines=[],
    )
    finance = person("finance@demo.example")
    revocation = services.prepare_revocation(
        direction=winter,
        from_day=date(2026, 9, 1),
        reason="The staff could not be recruited.",
        minute_reference=f"{LABEL} Minute 9 of 27 August 2026",
        revision=0,
        by=finance,
    )
    services.revoke_direction(direction=winter, revision=revocation.revision, by=person("chief@demo.example"))
    day_services = _draft(
        budget,
        title="Day services",
        targets={council: ""},
        functions=social[:2],
        text="Provide day services for older people and for adults with a learning disability.",
        use_of_money="For day centres and transport.",
        lines=of(council, "Day services"),
    )
    services.prepare_direction(direction=day_services, revision=day_services.revision, by=finance)
    services.keep_own_cost(
        line=lines["Other", council.pk],
        amount=Decimal(400_000),
        purpose=f"{LABEL} External audit and the board's own staff",
        by=finance,
    )
    _answered(health, aside)
    _reported(budget)


def _fields(
    budget: Budget, lines: Iterable[BudgetLine], part: Decimal, **words: Any
) -> tuple[DirectionFields, dict[BudgetLine, Decimal]]:
    fields: dict[str, Any] = {
        "money": MoneyStated.AMOUNT,
        "budget": budget,
        "plan_reference": f"{LABEL} Priority “Care closer to home”",
        "measures": "Delayed discharges (NI-19) and emergency bed days (NI-12) fall.",
        "information": "A progress report each quarter, and the ledger month by month.",
        "engagement": f"{LABEL} Heard at locality conversations in spring 2026.",
        "impact": f"{LABEL} Integrated impact assessment of March 2026.",
        "approved_on": date(2026, 3, 20),
        "minute_reference": f"{LABEL} Minute 7 of 20 March 2026",
        "starts_on": date(2026, 4, 1),
        "review_on": date(2027, 1, 31),
        **words,
    }
    return DirectionFields(**fields), {line: line.amount * part for line in lines}  # type: ignore[typeddict-item]


def _draft(
    budget: Budget, lines: Iterable[BudgetLine], part: Decimal = Decimal(1), **words: Any
) -> Direction:
    finance = person("finance@demo.example")
    fields, amounts = _fields(budget, lines, part, **words)
    made = services.start_direction(partnership=budget.partnership, by=finance, fields=fields)
    if amounts:
        made = services.set_direction_money(
            direction=made, amounts=amounts, revision=made.revision, by=finance
        )
    return made


def _issued(
    budget: Budget, lines: Iterable[BudgetLine], part: Decimal = Decimal(1), **words: Any
) -> Direction:
    return _issue(_draft(budget, lines, part, **words))


def _issue(draft: Direction) -> Direction:
    draft = services.prepare_direction(
        direction=draft, revision=draft.revision, by=person("finance@demo.example")
    )
    return services.issue_direction(
        direction=draft,
        revision=draft.revision,
        by=person("chief@demo.example"),
        unconfirmed_reason=UNCONFIRMED,
    )


def _varied(first: Direction, line: BudgetLine) -> None:
    """From October the direction has the whole line."""
    finance = person("finance@demo.example")
    second = services.follow_direction(earlier=first, effect=Effect.VARIES, by=finance)
    second = services.change_direction(
        direction=second,
        revision=second.revision,
        by=finance,
        fields={
            "text": f"{first.text}\n\nFrom October, also at weekends.",
            "approved_on": date(2026, 9, 18),
            "minute_reference": f"{LABEL} Minute 4 of 18 September 2026",
            "starts_on": date(2026, 10, 1),
            "review_on": date(2027, 1, 31),
        },
    )
    second = services.set_direction_money(
        direction=second, amounts={line: line.amount}, revision=second.revision, by=finance
    )
    _issue(second)


def _answered(health: Direction, aside: Direction) -> None:
    partner, today = person("partner@demo.example"), timezone.localdate()
    board = health.partnership.health_board
    for direction in (health, aside):
        services.acknowledge_direction(direction=direction, body=board, by=partner)
    services.report_progress(
        direction=health,
        body=board,
        progress=Progress.AT_RISK,
        words=f"{LABEL} All four localities have a team. Eleven nursing posts are vacant.",
        on=today - timedelta(days=10),
        by=partner,
    )


def _reported(budget: Budget) -> None:
    """The board reported on the first quarter; its second report is overdue."""
    finance, partner = person("finance@demo.example"), person("partner@demo.example")
    contribution = budget.contributions.filter(kind=FundKind.SET_ASIDE).first()
    if contribution is None:
        return
    set_aside.record_basis(
        contribution=contribution,
        source=f"{LABEL} The published figure of 2020/21, rounded to millions",
        as_of=date(2026, 3, 12),
        confidence=Confidence.D,
        words="How the published sum was worked out is not known.",
        by=finance,
    )
    reports = set_aside.ask_for_reports(budget=budget, months=3, days_after=28, by=finance)
    if reports[0].ends_on >= timezone.localdate():
        return
    set_aside.make_report(
        report=reports[0],
        figures=[
            UseOfLine(line, line.amount / 4 + MILLION, 52_300, "Bed days of 2024/25 at average cost", True)
            for line in budget.lines.filter(fund=FundKind.SET_ASIDE)
        ],
        note=f"{LABEL} Invented figures.",
        revision=reports[0].revision,
        by=partner,
    )
