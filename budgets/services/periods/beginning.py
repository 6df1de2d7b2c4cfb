"""A period begins with its budget in equal months."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from foundation import audit
from partnerships.models import User

from ...enums import PeriodState
from ...models import LAST_PERIOD, Budget, Period, PeriodFigure
from ...refusals import PeriodRefused
from ...selectors.monitoring import period_end

POUND = Decimal(1)


@transaction.atomic
def begin_period(*, budget: Budget, number: int, by: User) -> Period:
    """The period takes figures. Each line begins with its budget in equal months and the forecasts of last month.

    Raises PeriodRefused while the budget is a draft, while another period is open, or for a month that lies before
    one that was begun.
    """
    current = Budget.objects.select_for_update().get(pk=budget.pk)
    if not current.is_agreed:
        raise PeriodRefused(
            f"The {current.year_label} budget is not agreed yet. Monitoring begins once it is agreed."
        )
    if not 1 <= number <= LAST_PERIOD:
        raise PeriodRefused(f"A year has {LAST_PERIOD} periods. Choose one of them.")
    waiting = current.periods.exclude(state=PeriodState.CLOSED).first()
    if waiting is not None:
        raise PeriodRefused(f"{waiting} is not closed yet. Close it first, then begin the next.")
    last = current.periods.order_by("-number").first()
    if last is not None and number <= last.number:
        raise PeriodRefused(f"{last} is closed already, so an earlier month cannot be begun.")
    period = Period.objects.create(budget=current, number=number, ends_on=period_end(current, number))
    PeriodFigure.objects.bulk_create(_first_figures(period, last, by))
    audit.record(
        by=by,
        action="budgets.period_begun",
        subject=period,
        tenant=current.partnership.slug,
        after={"year": current.year_label, "period": number},
    )
    return period


def _first_figures(period: Period, last: Period | None, by: User) -> list[PeriodFigure]:
    said = last.figures.values_list("line", "forecast", "hosted_outturn") if last else []
    carried = {line: {"forecast": own, "hosted_outturn": hosts} for line, own, hosts in said}
    return [
        PeriodFigure(
            period=period,
            line=line,
            budget_to_date=_to_date(line.amount, period.number),
            changed_by=by,
            **carried.get(line.pk, {}),
        )
        for line in period.budget.lines.all()
    ]


def _to_date(amount: Decimal, number: int) -> Decimal:
    """Equal months in whole pounds; the last one has it all, pence included."""
    if number == LAST_PERIOD:
        return amount
    return (amount * number / LAST_PERIOD).quantize(POUND, ROUND_HALF_UP)
