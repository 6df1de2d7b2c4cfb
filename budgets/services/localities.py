from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from foundation import audit
from foundation.sgds.formats import money
from localities.models import Locality
from partnerships.models import User

from ..enums import LocalityMethod
from ..models import BudgetLine, LocalityShare
from ..refusals import MoneyRefused, NotAnAmount, OutsideThePartnership, SplitExceedsLine
from ..rules import INCOME_IS_BELOW_ZERO, has_its_sign, is_amount, is_part_of
from .lines import held_line


@transaction.atomic
def split_line_by_locality(
    *,
    line: BudgetLine,
    shares: Mapping[Locality, Decimal],
    method: str,
    revision: int,
    by: User,
    note: str = "",
) -> BudgetLine:
    """The localities have these parts of the line, in pounds; what is left is area-wide and shown as such.

    `shares` is the whole split: a locality that it leaves out, or gives nothing, has no part. `method` is one
    of LocalityMethod and needed as soon as there is a split; `note` says what else there is to know about it.

    Raises SplitExceedsLine, OutsideThePartnership, NotAnAmount, MoneyRefused without a method, BudgetIsAgreed, and
    ChangedMeanwhile. Source: SSI 2014/326 reg 6(2).
    """
    current = held_line(line, revision)
    _check_shares(current, shares)
    parts = {locality: amount for locality, amount in shares.items() if amount}
    if parts and method not in LocalityMethod:
        raise MoneyRefused(
            {
                "method": "Choose how the split was worked out, for example by the postcode of the people served."
            }
        )
    before = split_record(current)
    current.locality_shares.all().delete()
    LocalityShare.objects.bulk_create(
        LocalityShare(line=current, locality=locality, amount=amount) for locality, amount in parts.items()
    )
    current.locality_method, current.locality_note = (method, note.strip()) if parts else ("", "")
    current.revision += 1
    current.changed_by = by
    current.save(update_fields=["locality_method", "locality_note", "revision", "changed_by", "changed_at"])
    audit.record(
        by=by,
        action="budgets.line_split",
        subject=current,
        tenant=current.budget.partnership.slug,
        before=before,
        after=split_record(current),
    )
    return current


def split_record(line: BudgetLine) -> dict[str, object]:
    shares = line.locality_shares.select_related("locality").order_by("locality__name")
    return {
        "method": line.locality_words,
        "shares": {share.locality.name: share.amount for share in shares},
    }


def _check_shares(line: BudgetLine, shares: Mapping[Locality, Decimal]) -> None:
    """Faults are named after the locality's key: `share-12`, as the form names its boxes."""
    faults: dict[str, str] = {}
    for locality, amount in shares.items():
        if locality.partnership_id != line.budget.partnership_id:
            raise OutsideThePartnership(
                f"{locality} is not a locality of {line.budget.partnership}. Split the line between its own."
            )
        answer = is_amount(amount, may_be_negative=line.is_income)
        if not answer or not has_its_sign(amount, is_income=line.is_income):
            faults[f"share-{locality.pk}"] = answer.reason or INCOME_IS_BELOW_ZERO
    if faults:
        raise NotAnAmount(faults)
    total = sum(shares.values(), Decimal(0))
    if not is_part_of(total, line.amount):
        raise SplitExceedsLine(
            f"The localities together get {money(total)}, which is {money(abs(total - line.amount))} more than the "
            f"line has ({money(line.amount)}). Lower one of the parts."
        )
