"""The demonstration's year under way: six months closed, the seventh open, money moved, an overspend being recovered.

The figures are invented and labelled so; the amounts that they start from are those published for 2020/21.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from budgets.enums import ActionConfidence, ActionProgress, Cause, FundKind, LadderStep, StepState
from budgets.models import Budget, BudgetLine, Period
from budgets.refusals import Figures
from budgets.selectors import payments_of
from budgets.selectors.monitoring import PeriodLine, period_lines, rules_for
from budgets.services import (
    Enterer,
    FigureChange,
    add_action,
    agree_budget,
    approve_funding_change,
    approve_virement,
    begin_period,
    begin_recovery,
    close_period,
    enter_figures,
    mark_paid,
    open_budget,
    prepare_close,
    propose_funding_change,
    propose_virement,
    set_monitoring_rules,
    set_step,
    write_reason,
)
from partnerships.models import Partnership, User

from .formation import CHARGES_TITLE
from .money import DRAFT_NOTE, DRAFT_YEAR
from .people import person

CLOSED_MONTHS = 6
MILLION = Decimal(1_000_000)
PENNY = Decimal("0.01")
NOTE = "Demonstration: the months of this year are invented."

# By how many per cent the forecast of a line is above its budget, month by month; other lines stay on budget.
FORECASTS: dict[str, tuple[str, ...]] = {
    "External purchasing": ("0.8", "1.4", "2.1", "2.9", "3.4", "3.1"),
    "Prescribing": ("0", "0.4", "0.9", "1.1", "1.1", "1.3"),
    "Care at home": ("0", "0", "-0.5", "-1.2", "-2.0", "-3.5"),
    "Residential care": ("0", "-0.8", "-1.5", "-2.2", "-2.6", "-6.0"),
    CHARGES_TITLE: ("0", "0", "-0.5", "-1.0", "-1.5", "-1.5"),
    "Hospital 'set aside' services": ("0", "0.5", "0.9", "1.2", "1.6", "1.8"),
}
REASONS: dict[str, dict[str, Any]] = {
    "External purchasing": {
        "cause": Cause.PACKAGES,
        "words": "Since June 46 people with complex needs have come to new placements, at £2,150 a week on average.",
        "is_recurring": True,
        "action": "Review the forty most expensive packages with the providers",
        "owner": "Head of disability services",
        "due_on": date(2026, 12, 18),
    },
    "Prescribing": {
        "cause": Cause.PRESCRIBING,
        "words": "Short supply raised the price of 31 generic medicines; volume is 1.4% above last year.",
        "is_recurring": False,
        "action": "Switch six medicines by formulary in all practices",
        "owner": "Lead pharmacist",
        "due_on": date(2027, 1, 29),
    },
    "Care at home": {
        "cause": Cause.VACANCIES,
        "words": "38 posts of home carers are vacant in the north, so 900 hours a week are not given.",
        "is_recurring": False,
        "action": "Recruitment days in Leith and Pilton with guaranteed hours",
        "owner": "Care at home manager",
        "due_on": date(2026, 11, 30),
    },
    "Residential care": {
        "cause": Cause.TIMING,
        "words": "The 20 new beds opened in October instead of July.",
        "is_recurring": False,
        "action": "None is needed: the beds are open and the rest of the year is in the forecast",
        "owner": "Head of older people’s services",
        "due_on": date(2026, 12, 1),
    },
    "Hospital 'set aside' services": {
        "cause": Cause.BEDS,
        "words": "24 beds stayed open after the winter because people waited for care at home.",
        "is_recurring": False,
        "action": "Move twelve people a week home with the discharge team",
        "owner": "Chief nurse",
        "due_on": date(2027, 2, 26),
    },
}
# By how many per cent the host of a hosted service expects to end above its own budget, month by month.
HOSTS_EXPECT = ("0", "0", "0.2", "0.3", "0.5", "0.4")
RULES = {
    "variance_amount": Decimal(500_000),
    "variance_percent": Decimal(5),
    "threshold": "either",
    "amber_percent": Decimal("0.50"),
    "red_percent": Decimal(2),
    "officer_limit": MILLION,
    "recovery_percent": Decimal("0.25"),
}


def agree_year(partnership: Partnership) -> Budget:
    """The draft year is agreed; the year after is the draft to work on."""
    finance, chief = person("finance@demo.example"), person("cfo@demo.example")
    draft = Budget.objects.get(partnership=partnership, year=DRAFT_YEAR)
    open_budget(partnership=partnership, year=DRAFT_YEAR + 1, by=finance, note=DRAFT_NOTE, lines_from=draft)
    _contributions_of_next_year(draft)
    set_monitoring_rules(partnership=partnership, revision=0, by=chief, **RULES)
    return agree_budget(budget=draft, by=chief)


def monitor_year(budget: Budget) -> None:
    """Months of the agreed year are closed, with what happened in them; the next one is open."""
    finance, chief = person("finance@demo.example"), person("cfo@demo.example")
    for number in range(1, CLOSED_MONTHS + 1):
        period = begin_period(budget=budget, number=number, by=finance)
        if number == 3:
            _allocation(budget, finance, chief)
        if number == 4:
            _virement(budget, finance, chief)
        if number == 5:
            _recovery(budget, finance)
        _fill(period, finance)
        _pay(period, finance)
        prepare_close(period=period, by=finance, note=NOTE)
        _close(period, chief)
    begin_period(budget=budget, number=CLOSED_MONTHS + 1, by=finance)
    _proposed_virement(budget, finance)


def _contributions_of_next_year(draft: Budget) -> None:
    target = Budget.objects.get(partnership=draft.partnership, year=draft.year + 1)
    for row in draft.contributions.all():
        row.pk, row._state.adding, row.budget = None, True, target
        row.save()


def _lines(budget: Budget) -> dict[str, BudgetLine]:
    return {line.title: line for line in budget.lines.all() if line.title != "Other"}


def _fill(period: Period, by: User) -> None:
    """Every line has its figures; what is above the threshold has its reason."""
    enterer = Enterer(by, is_finance=True)
    rules = rules_for(period.budget.partnership)
    changes = []
    for row in period_lines(period, rules):
        percents = FORECASTS.get(row.line.title, ("0",) * CLOSED_MONTHS)
        forecast = row.budget * (100 + Decimal(percents[period.number - 1])) / 100
        actual = forecast * period.number / 12
        wanted = Figures(
            row.budget_to_date,
            actual.quantize(PENNY),
            forecast.quantize(PENNY),
            _as_the_host_expects(row, period),
        )
        opened = Figures(row.budget_to_date, row.actual, row.forecast, row.hosted_outturn)
        changes.append(FigureChange(row.line.pk, opened, wanted))
    enter_figures(period=period, changes=changes, by=enterer)
    for row in period_lines(period, rules):
        if row.needs_reason:
            write_reason(period=period, line=row.line, revision=0, by=enterer, **REASONS[row.line.title])


def _as_the_host_expects(row: PeriodLine, period: Period) -> Decimal | None:
    total = row.line.hosted_total
    if total is None:
        return None
    return (total * (100 + Decimal(HOSTS_EXPECT[period.number - 1])) / 100).quantize(Decimal(1))


def _pay(period: Period, by: User) -> None:
    """Both partners have paid what they planned for the month, in its middle."""
    paid_on = min(period.ends_on.replace(day=15), timezone.localdate())
    for found in payments_of(period.budget):
        if found.schedule and not found.rows[period.number - 1].paid_on:
            mark_paid(
                schedule=found.schedule,
                month=period.number,
                paid_on=paid_on,
                revision=found.schedule.revision,
                by=by,
            )


def _close(period: Period, by: User) -> None:
    close_period(period=period, by=by, at=_morning(period.ends_on + timedelta(days=12)))


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10, 30)))


def _allocation(budget: Budget, by: User, approver: User) -> None:
    lines = _lines(budget)
    change = propose_funding_change(
        budget=budget,
        entries={lines["Community services"]: 2 * MILLION, lines["Prescribing"]: MILLION},
        body=budget.partnership.health_board,
        kind=FundKind.PAYMENT,
        name="Primary care improvement fund, first part",
        amount=3 * MILLION,
        is_recurring=False,
        is_ring_fenced=True,
        reference_of_partner="Demonstration letter 12 of 2026",
        reason="The government’s allocation letter; to be used for practice teams only",
        by=by,
    )
    minute = "Demonstration: board, 24 June 2026, item 7"
    approve_funding_change(
        change=change, by=approver, minute_reference=minute, at=_morning(date(2026, 6, 24))
    )


def _virement(budget: Budget, by: User, approver: User) -> None:
    lines = _lines(budget)
    virement = propose_virement(
        budget=budget,
        entries={lines["Residential care"]: -MILLION / 2, lines["External purchasing"]: MILLION / 2},
        reason="The new beds open late; the money pays for placements that were bought instead",
        is_recurring=False,
        by=by,
    )
    approve_virement(virement=virement, by=approver, at=_morning(date(2026, 7, 20)))


def _proposed_virement(budget: Budget, by: User) -> None:
    lines = _lines(budget)
    propose_virement(
        budget=budget,
        entries={
            lines["Reimbursement of independent contractors"]: -2 * MILLION,
            lines["Care at home"]: 2 * MILLION,
        },
        reason="Discharge team: carers at home instead of beds that stay open",
        is_recurring=True,
        by=by,
    )


def _recovery(budget: Budget, by: User) -> None:
    plan = begin_recovery(budget=budget, by=by)
    steps = {step.step: step for step in plan.steps.all()}
    set_step(
        step=steps[LadderStep.OTHER_ARM],
        state=StepState.CONSIDERED,
        words="The health board’s arm is expected to end over budget too.",
        by=by,
    )
    actions = (
        (
            "Review of the forty most expensive packages",
            "Head of disability services",
            "1.6",
            date(2026, 12, 18),
        ),
        ("Six medicines switched by formulary", "Lead pharmacist", "0.7", date(2027, 1, 29)),
        (
            "Agency staff only with the approval of a head of service",
            "Head of operations",
            "0.5",
            date(2026, 10, 30),
        ),
    )
    for number, (action, owner, amount, due_on) in enumerate(actions):
        add_action(
            plan=plan,
            action=action,
            owner=owner,
            amount=Decimal(amount) * MILLION,
            due_on=due_on,
            confidence=(ActionConfidence.MEDIUM, ActionConfidence.HIGH, ActionConfidence.LOW)[number],
            progress=ActionProgress.IN_PROGRESS,
            by=by,
        )
