from __future__ import annotations

from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from foundation import audit
from partnerships.models import User

from ..enums import Likelihood
from ..models import Budget, Risk
from ..refusals import MoneyRefused, NameTaken, NotAnAmount
from .guarded import check_amount, check_reason, held_of_year


class RiskFields(TypedDict):
    """What a risk says. It would cost from `lowest` to `highest` pounds."""

    title: str
    lowest: Decimal
    highest: Decimal
    likelihood: Likelihood
    mitigation: str


RISK_RECORDED = tuple(RiskFields.__annotations__)


@transaction.atomic
def add_risk(*, budget: Budget, by: User, **fields: Unpack[RiskFields]) -> Risk:
    """The year has one risk more. Raises NameTaken, NotAnAmount, MoneyRefused without a mitigation."""
    risk = Risk(budget=budget, changed_by=by)
    _fill(risk, fields)
    risk.save()
    audit.record(
        by=by,
        action="budgets.risk_added",
        subject=risk,
        tenant=budget.partnership.slug,
        after=audit.snapshot(risk, RISK_RECORDED),
    )
    return risk


@transaction.atomic
def change_risk(*, risk: Risk, revision: int, by: User, **fields: Unpack[RiskFields]) -> Risk:
    """The risk says what `fields` say. Raises what `add_risk` raises, and ChangedMeanwhile."""
    current = held_of_year(risk, revision)
    before = audit.snapshot(current, RISK_RECORDED)
    _fill(current, fields)
    current.revision += 1
    current.changed_by = by
    current.save()
    audit.record(
        by=by,
        action="budgets.risk_changed",
        subject=current,
        tenant=current.budget.partnership.slug,
        before=before,
        after=audit.snapshot(current, RISK_RECORDED),
    )
    return current


@transaction.atomic
def remove_risk(*, risk: Risk, revision: int, reason: str, by: User) -> None:
    """The risk is gone; the audit trail keeps what it said and why. Raises MoneyRefused, ChangedMeanwhile."""
    current = held_of_year(risk, revision)
    check_reason(reason, "Say why it is no risk any more. Auditors read it.")
    audit.record(
        by=by,
        action="budgets.risk_removed",
        subject=current,
        tenant=current.budget.partnership.slug,
        before=audit.snapshot(current, RISK_RECORDED),
        reason=reason.strip(),
    )
    current.delete()


def _fill(risk: Risk, fields: RiskFields) -> None:
    for name, value in fields.items():
        setattr(risk, name, value)
    check_amount(risk.lowest, field="lowest")
    check_amount(risk.highest, field="highest")
    if not risk.highest:
        raise NotAnAmount({"highest": "Enter what it may cost at most. A risk of £0 costs nothing."})
    if risk.lowest > risk.highest:
        raise NotAnAmount(
            {"highest": "The highest cost is below the lowest. Enter the larger of the two here."}
        )
    if not risk.mitigation.strip():
        raise MoneyRefused({"mitigation": "Say what is done about it, or that nothing is."})
    if risk.budget.risks.exclude(pk=risk.pk).filter(title__iexact=risk.title).exists():
        raise NameTaken(
            {
                "title": f"“{risk.title}” is another risk of {risk.budget.year_label}. Change that one, or choose "
                "another name."
            }
        )
