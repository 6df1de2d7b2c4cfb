from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from foundation import audit
from foundation.sgds.formats import money
from partnerships.models import User

from ..enums import FundKind
from ..models import Contribution, Instalment, PaymentSchedule
from ..refusals import ScheduleChangedMeanwhile, ScheduleRefused
from ..rules import equal_parts, month_words
from .guarded import check_amount

MONTHS = range(1, 13)


@transaction.atomic
def plan_payments(*, contribution: Contribution, by: User) -> PaymentSchedule:
    """The contribution is paid in twelve equal parts to the penny, the rest in the last.

    Where months are paid already they stay as they are, and what is left of the contribution is spread over the others.

    Raises ScheduleRefused for money that is not paid, and when more is paid already than the contribution.
    """
    current = (
        Contribution.objects.select_for_update()
        .select_related("budget__partnership", "body")
        .get(pk=contribution.pk)
    )
    if current.kind != FundKind.PAYMENT:
        raise ScheduleRefused(
            f"{current.get_kind_display()} is not paid month by month: no money moves (2014 Act s.14). "
            "Only a payment has a schedule."
        )
    schedule, is_new = PaymentSchedule.objects.get_or_create(
        contribution=current, defaults={"revision": 0, "changed_by": by}
    )
    held = PaymentSchedule.objects.select_for_update().get(pk=schedule.pk)
    before = _record(held)
    instalments = {row.month: row for row in held.instalments.all()}
    paid = {month: row for month, row in instalments.items() if row.paid_on}
    left = current.amount - sum((row.amount for row in paid.values()), Decimal(0))
    unpaid = [month for month in MONTHS if month not in paid]
    if left < 0 or (left and not unpaid):
        raise ScheduleRefused(
            f"{money(current.amount - left)} is marked as paid, and the contribution is {money(current.amount)}. "
            "Mark a month as not paid first, or settle the difference with the body."
        )
    held.instalments.filter(paid_on__isnull=True).delete()
    if unpaid:
        Instalment.objects.bulk_create(
            Instalment(schedule=held, month=month, amount=part)
            for month, part in zip(unpaid, equal_parts(left, len(unpaid)), strict=True)
        )
    return _saved(held, "budgets.payments_planned", by, None if is_new else before)


@transaction.atomic
def change_payments(
    *, schedule: PaymentSchedule, amounts: Mapping[int, Decimal], revision: int, by: User
) -> PaymentSchedule:
    """The months that are not paid yet have these amounts, in pounds, by month (1 is April).

    Raises ScheduleRefused unless the whole year comes to the contribution, or when a paid month would change;
    NotAnAmount under `month-3`; ScheduleChangedMeanwhile.
    """
    held = _held(schedule, revision)
    before = _record(held)
    instalments = {row.month: row for row in held.instalments.all()}
    for month, amount in amounts.items():
        check_amount(amount, field=f"month-{month}")
        row = instalments[month]
        if row.paid_on and row.amount != amount:
            raise ScheduleRefused(
                {
                    f"month-{month}": f"{month_words(held.contribution.budget.year, month)} is paid, so its amount "
                    "stands. Mark it as not paid first."
                }
            )
        row.amount = amount
    total = sum((row.amount for row in instalments.values()), Decimal(0))
    apart = total - held.contribution.amount
    if apart:
        word = "more" if apart > 0 else "less"
        raise ScheduleRefused(
            f"The months come to {money(total)}, which is {money(abs(apart))} {word} than the contribution of "
            f"{money(held.contribution.amount)}. Change a month until they are the same."
        )
    Instalment.objects.bulk_update(instalments.values(), ["amount"])
    return _saved(held, "budgets.payments_changed", by, before)


@transaction.atomic
def mark_paid(
    *, schedule: PaymentSchedule, month: int, paid_on: date | None, revision: int, by: User
) -> PaymentSchedule:
    """The month is paid on that day; None takes it back. Raises ScheduleRefused, ScheduleChangedMeanwhile."""
    held = _held(schedule, revision)
    before = _record(held)
    if paid_on is not None and paid_on > timezone.localdate():
        raise ScheduleRefused({"paid_on": "Enter the day on which it was paid: today or earlier."})
    held.instalments.filter(month=month).update(paid_on=paid_on)
    return _saved(held, "budgets.payment_marked", by, before)


def _held(schedule: PaymentSchedule, revision: int) -> PaymentSchedule:
    held = (
        PaymentSchedule.objects.select_for_update(of=("self",))
        .select_related("contribution__budget__partnership", "contribution__body", "changed_by")
        .get(pk=schedule.pk)
    )
    if held.revision != revision:
        raise ScheduleChangedMeanwhile(
            f"{held.changed_by or 'Somebody'} changed this schedule while you were working. What stands now is shown; "
            "look at it, and save again to replace it with yours."
        )
    return held


def _saved(
    schedule: PaymentSchedule, action: str, by: User, before: dict[str, object] | None
) -> PaymentSchedule:
    schedule.revision += 1
    schedule.changed_by = by
    schedule.save()
    audit.record(
        by=by,
        action=action,
        subject=schedule.contribution,
        tenant=schedule.contribution.budget.partnership.slug,
        before=before,
        after=_record(schedule),
    )
    return schedule


def _record(schedule: PaymentSchedule) -> dict[str, object]:
    return {
        f"month {row.month}": {"amount": row.amount, "paid on": row.paid_on}
        for row in Instalment.objects.filter(schedule=schedule)
    }
