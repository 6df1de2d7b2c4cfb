"""Months filled in, explained, closed and unlocked the way people do it."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from budgets import services
from budgets.enums import Cause
from budgets.models import Close
from budgets.refusals import Figures
from budgets.selectors.monitoring import period_lines, rules_for
from budgets.services import Enterer, FigureChange


def enter(period, line, by, *, actual="100.00", forecast="1200.00", to_date="100.00", **who):
    now = period.figures.filter(line=line).first()
    opened = Figures(now.budget_to_date, now.actual, now.forecast) if now else Figures()
    wanted = Figures(Decimal(to_date), Decimal(actual), Decimal(forecast))
    enterer = Enterer(by, **({"is_finance": True} | who))
    return services.enter_figures(period=period, changes=[FigureChange(line.pk, opened, wanted)], by=enterer)


def fill(period, by):
    for row in period_lines(period, rules_for(period.budget.partnership)):
        enter(period, row.line, by, forecast=str(row.budget))


def closed(period, preparer, closer) -> Close:
    services.prepare_close(period=period, by=preparer)
    return services.close_period(period=period, by=closer)


def give_reason(period, line, by, **changes):
    fields = {
        "cause": Cause.CARE_AT_HOME,
        "words": "Forty more people get care at home since July.",
        "is_recurring": True,
        "action": "Review of the twenty largest packages",
        "owner": "Head of service",
        "due_on": date(2026, 9, 1),
        "revision": 0,
    } | changes
    return services.write_reason(period=period, line=line, by=Enterer(by, is_finance=True), **fields)


def unlock(period, somebody, by, **changes):
    fields = {
        "lines": [],
        "reason": "The ledger was late",
        "expires_at": timezone.now() + timedelta(days=1),
    } | changes
    return services.unlock_period(period=period, granted_to=somebody, by=by, **fields)
