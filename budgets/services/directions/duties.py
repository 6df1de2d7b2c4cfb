from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from foundation import audit
from foundation.sgds.formats import money
from partnerships.models import DelegatedFunction, Partnership, User

from ...models import BudgetLine, FunctionExemption, OwnCost
from ...refusals import MoneyRefused
from ..guarded import check_amount, check_function


@transaction.atomic
def exempt_function(
    *,
    partnership: Partnership,
    function: DelegatedFunction,
    order: str,
    starts_on: date,
    ends_on: date | None,
    by: User,
) -> FunctionExemption:
    """It is recorded that an order of the Scottish Ministers exempts the function (2014 Act s.27(6)).

    Raises OutsideThePartnership, MoneyRefused without the order, for days in the wrong order, or when an exemption
    holds on one of these days already.
    """
    check_function(partnership, function)
    if not order.strip():
        raise MoneyRefused({"order": "Name the order, for example SSI 2020/12."})
    if ends_on is not None and ends_on < starts_on:
        raise MoneyRefused({"ends_on": "The last day comes after the first."})
    if FunctionExemption.objects.filter(function=function).overlapping(starts_on, ends_on).exists():
        raise MoneyRefused({"function": f"“{function}” is recorded as exempt in this time already."})
    exemption = FunctionExemption.objects.create(
        partnership=partnership,
        function=function,
        order=order.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_by=by,
    )
    audit.record(
        by=by,
        action="budgets.function_exempted",
        subject=exemption,
        tenant=partnership.slug,
        after={"function": function.title, "order": exemption.order, "from": starts_on, "to": ends_on},
    )
    return exemption


@transaction.atomic
def keep_own_cost(*, line: BudgetLine, amount: Decimal, purpose: str, by: User) -> OwnCost | None:
    """The authority keeps this part of the line for costs of its own, in pounds; nothing keeps nothing.

    Raises NotAnAmount, MoneyRefused for more than the line has or without a purpose.
    """
    check_amount(amount)
    if amount and line.is_income:
        raise MoneyRefused(
            {"amount": "This line is income, so nothing of it is kept. Choose a line that costs something."}
        )
    if amount > line.amount:
        raise MoneyRefused({"amount": f"The line has {money(line.amount)}. Keep no more than that."})
    if amount and not purpose.strip():
        raise MoneyRefused({"purpose": "Say what it is for, for example external audit."})
    before = OwnCost.objects.filter(line=line).first()
    kept = None
    if amount:
        kept, _ = OwnCost.objects.update_or_create(
            line=line, defaults={"amount": amount, "purpose": purpose.strip(), "changed_by": by}
        )
    elif before:
        OwnCost.objects.filter(pk=before.pk).delete()
    audit.record(
        by=by,
        action="budgets.own_cost_kept",
        subject=line,
        tenant=line.budget.partnership.slug,
        before={"amount": before.amount} if before else None,
        after={"amount": amount, "purpose": purpose.strip()},
    )
    return kept
