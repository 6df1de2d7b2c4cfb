from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from foundation import audit
from partnerships.models import Body, User

from ..enums import FundKind
from ..models import Budget, Contribution
from ..refusals import AgainstTheAct, ChangedMeanwhile, MoneyRefused
from ..rules import may_contribute_in, may_lead_and_pay
from ..selectors import models_of_year
from .guarded import check_amount, check_body, held_for_change

RECORDED = ("body", "kind", "amount", "method", "is_notional")


@transaction.atomic
def set_contribution(
    *,
    budget: Budget,
    body: Body,
    kind: FundKind,
    amount: Decimal,
    by: User,
    method: str = "",
    is_notional: bool = False,
    revision: int | None = None,
) -> Contribution:
    """The body's payment, set-aside or own resource for the year is recorded, in pounds.

    `revision` is the one that was read; None says that there was none yet. `is_notional` marks a set-aside that is
    only the board's estimate. A sum that a change of model has made unlawful can be taken down to nothing.

    Raises AgainstTheAct (R-FIN-01, R-FIN-03), OutsideThePartnership, NotAnAmount, BudgetIsAgreed, MoneyRefused, and
    ChangedMeanwhile when somebody saved it in between. Source: 2014 Act ss.14, 18, 19.
    """
    current = held_for_change(budget)
    check_body(current.partnership, body, field="body")
    check_amount(amount)
    if is_notional and kind != FundKind.SET_ASIDE:
        raise MoneyRefused({"is_notional": "Only a set-aside can be notional: a payment is really paid."})

    contribution = (
        Contribution.objects.select_for_update().filter(budget=current, body=body, kind=kind).first()
    )
    if contribution is None or amount:
        _check_lawful(current, body, kind)
    if contribution is not None and contribution.revision != revision:
        raise ChangedMeanwhile(contribution)
    before = audit.snapshot(contribution, RECORDED) if contribution else None
    if contribution is None:
        contribution = Contribution(budget=current, body=body, kind=kind, revision=0)
    contribution.amount, contribution.method, contribution.is_notional = amount, method, is_notional
    contribution.changed_by = by
    contribution.revision += 1
    contribution.save()
    audit.record(
        by=by,
        action="budgets.contribution_set",
        subject=contribution,
        tenant=current.partnership.slug,
        before=before,
        after=audit.snapshot(contribution, RECORDED),
    )
    return contribution


def _check_lawful(budget: Budget, body: Body, kind: FundKind) -> None:
    spans = models_of_year(budget)
    answer, _ = may_contribute_in(spans, body, kind)
    if answer:
        stand = [(row.body, FundKind(row.kind)) for row in budget.contributions.select_related("body")]
        answer = may_lead_and_pay(spans, body, kind, stand, budget.partnership.councils.count())
    if not answer:
        raise AgainstTheAct({"kind": answer.reason})
