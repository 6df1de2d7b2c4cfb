from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any, Literal, NotRequired, TypedDict, Unpack

from django.db import transaction
from django.db.models import Max, ProtectedError, Sum

from foundation import audit
from foundation.sgds.formats import money
from partnerships.models import Body, DelegatedFunction, Partnership, User

from ..enums import Arm, FundKind, ProviderSector, Setting, SpendCategory, Subjective
from ..models import Budget, BudgetLine, CareGroup
from ..refusals import (
    AgainstTheAct,
    ChangedMeanwhile,
    LineCodeTaken,
    LineIsUsed,
    LineTitleTaken,
    MoneyRefused,
    SplitExceedsLine,
)
from ..rules import (
    arm_of,
    is_institutional,
    is_part_of,
    may_be_hosts_total,
    may_be_income,
    may_fund,
    may_have_own_resource,
)
from ..selectors import models_of_year
from .guarded import check_amount, check_body, check_function, check_line_amount, held_for_change
from .scope import check_care_groups, check_host, check_provider

RECORDED = (
    "title",
    "group",
    "function",
    "delivered_by",
    "provider_sector",
    "provider",
    "fund",
    "category",
    "setting",
    "subjective",
    "code",
    "arm",
    "hosted_by",
    "hosted_share",
    "hosted_total",
    "is_recurring",
    "is_institutional",
    "amount",
    "actual",
)


class LineFields(TypedDict):
    """What a budget line says. Amounts in pounds; `actual` is None while nothing is known to be spent.

    Without an `arm` the line belongs to the side of the body that delivers it, or to the set-aside; without
    `is_institutional` its category tells. `provider` names the third- or independent-sector organisation that gives
    the service for the delivering body. An empty `subjective` is not told apart.
    """

    title: str
    delivered_by: Body
    category: SpendCategory
    setting: Setting
    amount: Decimal
    group: NotRequired[str]
    function: NotRequired[DelegatedFunction | None]
    fund: NotRequired[FundKind]
    actual: NotRequired[Decimal | None]
    code: NotRequired[str]
    arm: NotRequired[Arm]
    hosted_by: NotRequired[Partnership | None]
    hosted_share: NotRequired[Decimal | None]
    hosted_total: NotRequired[Decimal | None]
    is_recurring: NotRequired[bool]
    is_institutional: NotRequired[bool]
    subjective: NotRequired[Subjective | Literal[""]]
    provider_sector: NotRequired[ProviderSector]
    provider: NotRequired[str]
    care_groups: NotRequired[Collection[CareGroup]]


@transaction.atomic
def add_line(*, budget: Budget, by: User, **fields: Unpack[LineFields]) -> BudgetLine:
    """The budget has one line more, after the others.

    Raises BudgetIsAgreed, OutsideThePartnership, NotAnAmount, LineTitleTaken, and AgainstTheAct for set-aside money
    outside a large hospital (R-FIN-02, 2014 Act s.1(14)).
    """
    current = held_for_change(budget)
    line = BudgetLine(budget=current, changed_by=by)
    _say(line, fields)
    _check_line(line)
    last = current.lines.aggregate(last=Max("position"))["last"]
    line.position = 0 if last is None else last + 1
    line.save()
    _care_for(line, fields)
    audit.record(
        by=by,
        action="budgets.line_added",
        subject=line,
        tenant=current.partnership.slug,
        after=_record(line),
    )
    return line


@transaction.atomic
def change_line(*, line: BudgetLine, revision: int, by: User, **fields: Unpack[LineFields]) -> BudgetLine:
    """The line says what `fields` say, and its revision is one higher.

    `revision` is the one that was read. Raises what `add_line` raises, SplitExceedsLine when the new amount is below
    what the localities already have of it, and ChangedMeanwhile when somebody saved the line in between.
    """
    current = held_line(line, revision)
    before = _record(current)
    _say(current, fields)
    _check_line(current)
    shared = current.locality_shares.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    if not is_part_of(shared, current.amount):
        raise SplitExceedsLine({"amount": below_shares(shared)})
    current.revision += 1
    current.changed_by = by
    current.save()
    _care_for(current, fields)
    audit.record(
        by=by,
        action="budgets.line_changed",
        subject=current,
        tenant=current.budget.partnership.slug,
        before=before,
        after=_record(current),
    )
    return current


@transaction.atomic
def remove_line(*, line: BudgetLine, revision: int, by: User) -> None:
    """The line and its split by locality are gone; the audit trail keeps what it said.

    Raises BudgetIsAgreed, ChangedMeanwhile, and LineIsUsed when something else, such as a priority of the plan,
    counts on the line.
    """
    current = held_line(line, revision)
    before = _record(current)
    identifier, label = current.pk, str(current)
    try:
        with transaction.atomic():
            current.delete()
    except ProtectedError as error:
        kinds = sorted({str(row._meta.verbose_name_plural) for row in error.protected_objects})
        raise LineIsUsed(
            f"“{label}” cannot be removed, because other records count on it: {', '.join(kinds)}. "
            "Take it out of them first."
        ) from error
    audit.record(
        by=by,
        action="budgets.line_removed",
        subject=f"{label} (budget line {identifier})",
        tenant=line.budget.partnership.slug,
        before=before,
    )


def held_line(line: BudgetLine, revision: int) -> BudgetLine:
    """The line as it stands, locked, in a budget that can change.

    Raises BudgetIsAgreed, or ChangedMeanwhile unless it still has the revision that was read.
    """
    budget = held_for_change(line.budget)
    current = BudgetLine.objects.select_for_update().get(pk=line.pk)
    current.budget = budget
    if current.revision != revision:
        raise ChangedMeanwhile(current)
    return current


def below_shares(shared: Decimal) -> str:
    """What to say of a line that would be less than its localities have of it."""
    if shared < 0:
        return (
            f"{money(shared)} of this line is already split between localities. Enter at least as much income, or "
            "change the split first."
        )
    return (
        f"{money(shared)} of this line is already split between localities. "
        "Enter at least that much, or change the split first."
    )


def _say(line: BudgetLine, fields: LineFields) -> None:
    """The line says what `fields` say, and what follows from them."""
    for name, value in fields.items():
        if name != "care_groups":
            setattr(line, name, value)
    line.provider = line.provider.strip()
    _fill_in(line, fields)
    check_care_groups(line, fields.get("care_groups", ()))


def _care_for(line: BudgetLine, fields: LineFields) -> None:
    if "care_groups" in fields:
        line.care_groups.set(fields["care_groups"])


def _record(line: BudgetLine) -> dict[str, Any]:
    groups = line.care_groups.order_by("name").values_list("name", flat=True)
    return {**audit.snapshot(line, RECORDED), "care_groups": list(groups)}


def _fill_in(line: BudgetLine, fields: LineFields) -> None:
    """What was not said follows from what was."""
    if "arm" not in fields and not line.is_hosted:
        line.arm = arm_of(FundKind(line.fund), line.delivered_by)
    if "is_institutional" not in fields:
        line.is_institutional = is_institutional(SpendCategory(line.category), Setting(line.setting))


def _check_line(line: BudgetLine) -> None:
    partnership = line.budget.partnership
    check_body(partnership, line.delivered_by, field="delivered_by")
    check_function(partnership, line.function)
    check_provider(line)
    check_host(line)
    check_line_amount(line.amount, is_income=line.is_income)
    if line.hosted_total is not None and not (
        answer := may_be_hosts_total(line.hosted_total, is_hosted=line.is_hosted, is_income=line.is_income)
    ):
        raise MoneyRefused({"hosted_total": answer.reason})
    if line.actual is not None:
        check_amount(line.actual, field="actual", may_be_negative=True)
    _check_fund(line)
    same = line.budget.lines.filter(title__iexact=line.title, delivered_by=line.delivered_by)
    if same.exclude(pk=line.pk).exists():
        raise LineTitleTaken(
            {
                "title": f"There is already a line “{line.title}” delivered by {line.delivered_by}. "
                "Give this one another title, or change that line."
            }
        )
    if line.code and line.budget.lines.filter(code=line.code).exclude(pk=line.pk).exists():
        raise LineCodeTaken(
            {
                "code": f"Another line of {line.budget.year_label} has the code “{line.code}”. Codes tell lines apart."
            }
        )


def _check_fund(line: BudgetLine) -> None:
    if line.fund == FundKind.OWN_RESOURCE and not may_have_own_resource(models_of_year(line.budget)):
        raise AgainstTheAct(
            {
                "fund": "Only a lead agency has a resource of its own in the budget (2014 Act ss.18, 19). "
                "Choose payment or set aside."
            }
        )
    if line.is_income and not (answer := may_be_income(line.fund)):
        raise AgainstTheAct({"subjective": answer.reason})
    answer = may_fund(FundKind(line.fund), line.function, line.delivered_by)
    if not answer:
        raise AgainstTheAct({"fund": answer.reason})
