from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from foundation import audit
from partnerships.models import Body, Partnership, User

from ..enums import PlanItem, Scenario
from ..models import FIRST_YEAR, LAST_YEAR, MediumTermPlan, Outlook, OutlookFigure
from ..refusals import MoneyRefused, NotAnAmount, OutsideThePartnership, YearIsOpenAlready
from ..rules import is_amount, is_constituent_authority
from .guarded import held_at


@dataclass(frozen=True)
class FigureEntry:
    """One sum as somebody typed it. Pounds; only a pressure may be negative, where it eases."""

    year: int
    item: PlanItem
    amount: Decimal
    pressure: str = ""
    body: Body | None = None
    fund: str = ""


@transaction.atomic
def start_medium_term_plan(*, partnership: Partnership, first_year: int, by: User) -> MediumTermPlan:
    """There is a plan of five years from `first_year`, with an empty outlook for each scenario.

    Raises YearIsOpenAlready when one begins in that year, MoneyRefused for a year outside 2015 to 2100.
    """
    if not FIRST_YEAR <= first_year <= LAST_YEAR:
        raise MoneyRefused({"first_year": f"Choose a year from {FIRST_YEAR}/{FIRST_YEAR - 1999} on."})
    plan, is_new = MediumTermPlan.objects.get_or_create(partnership=partnership, first_year=first_year)
    if not is_new:
        raise YearIsOpenAlready(
            {"first_year": f"There is a plan for {plan.period} already. Choose another year."}
        )
    for scenario in Scenario:
        Outlook.objects.create(plan=plan, scenario=scenario, changed_by=by)
    audit.record(
        by=by,
        action="budgets.medium_term_started",
        subject=plan,
        tenant=partnership.slug,
        after={"years": plan.period},
    )
    return plan


@transaction.atomic
def save_outlook(
    *, outlook: Outlook, figures: Iterable[FigureEntry], assumptions: str, revision: int, by: User
) -> Outlook:
    """The scenario has exactly these figures and assumptions, and its revision is one higher.

    Raises ChangedMeanwhile when somebody saved it in between; NotAnAmount, MoneyRefused or OutsideThePartnership for a
    figure that cannot stand.
    """
    plan = outlook.plan
    current = held_at(outlook, revision)
    current.plan = plan
    entries = list(figures)
    for entry in entries:
        _check(plan, entry)
    before = _record(current)
    current.figures.all().delete()
    OutlookFigure.objects.bulk_create(
        OutlookFigure(
            outlook=current,
            year=entry.year,
            item=entry.item,
            pressure=entry.pressure,
            body=entry.body,
            fund=entry.fund,
            amount=entry.amount,
        )
        for entry in entries
    )
    current.assumptions, current.changed_by = assumptions, by
    current.revision += 1
    current.save()
    audit.record(
        by=by,
        action="budgets.outlook_saved",
        subject=current,
        tenant=plan.partnership.slug,
        before=before,
        after=_record(current),
    )
    return current


@transaction.atomic
def copy_outlook(*, outlook: Outlook, source: Outlook, by: User) -> Outlook:
    """An empty scenario begins with the figures of another one of its plan.

    Raises MoneyRefused when it has figures already or the other belongs to another plan.
    """
    current = Outlook.objects.select_for_update().get(pk=outlook.pk)
    if source.plan_id != current.plan_id or current.figures.exists():
        raise MoneyRefused("Only a scenario without figures can begin with those of another one of its plan.")
    entries = [
        FigureEntry(
            figure.year, PlanItem(figure.item), figure.amount, figure.pressure, figure.body, figure.fund
        )
        for figure in source.figures.select_related("body")
    ]
    current.plan = outlook.plan
    return save_outlook(
        outlook=current,
        figures=entries,
        assumptions=current.assumptions,
        revision=current.revision,
        by=by,
    )


def _check(plan: MediumTermPlan, entry: FigureEntry) -> None:
    if entry.year not in plan.years:
        raise MoneyRefused(f"The plan covers {plan.period}, so it has no figure for {entry.year}.")
    answer = is_amount(entry.amount, may_be_negative=entry.item == PlanItem.PRESSURE)
    if not answer:
        raise NotAnAmount(answer.reason)
    if entry.body is not None and not (answer := is_constituent_authority(plan.partnership, entry.body)):
        raise OutsideThePartnership(answer.reason)


def _record(outlook: Outlook) -> dict[str, object]:
    rows = outlook.figures.order_by("year", "item", "pressure", "body", "fund").values_list(
        "year", "item", "pressure", "body__code", "fund", "amount"
    )
    figures = {" ".join(str(word) for word in named if word): amount for *named, amount in rows}
    return {"assumptions": outlook.assumptions, "figures": figures}
