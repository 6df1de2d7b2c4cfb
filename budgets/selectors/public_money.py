"""Where the money goes, for everybody. Only what is frozen and undisputed is read here.

A budget is told once it is agreed and each partner has confirmed its figures at the amounts that were agreed, or when
it was published already and loaded from there. Spend is told from the latest close of the books. Drafts, and budgets
of which a figure is disputed or unconfirmed, are never told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, Sum

from foundation.sgds.formats import money
from partnerships.models import Partnership

from ..enums import BudgetState, FundKind, SpendCategory, Subjective, Word
from ..models import Budget, Confirmation
from .closes import latest_close
from .confirmations import lines_with_words
from .totals import NOTHING

# How many years back a budget is looked for.
NEWEST = 5
PENNY = Decimal("0.01")
PLAIN_WORDS = {
    SpendCategory.HOSPITAL_INPATIENTS: "Care in hospital",
    SpendCategory.OTHER_HEALTH: "Other health care, such as GPs, nurses and medicines",
    SpendCategory.CARE_HOME: "Care homes",
    SpendCategory.UNPAID_CARERS: "Help for unpaid carers",
    SpendCategory.OTHER_SOCIAL_CARE: "Other care and support, such as care at home",
}


@dataclass(frozen=True)
class PublicRow:
    """What one kind of care gets. `per_hundred` is pounds out of every £100, with the set-aside; pounds otherwise."""

    label: str
    paid: Decimal
    set_aside: Decimal
    per_hundred: Decimal
    last_year: Decimal | None

    @property
    def together(self) -> Decimal:
        return self.paid + self.set_aside


@dataclass(frozen=True)
class SpentSoFar:
    """What the closed books, or figures that were published before, say was spent up to a day. Pounds."""

    ends_on: date
    paid: Decimal
    set_aside: Decimal
    is_whole_year: bool
    is_closed: bool = True


@dataclass(frozen=True)
class PublicMoney:
    """One year as the public reads it, last year beside it where that may be told. `income` is taken off already."""

    budget: Budget
    rows: tuple[PublicRow, ...]
    last_label: str
    spent: SpentSoFar | None
    income: Decimal

    @property
    def total(self) -> PublicRow:
        paid = sum((row.paid for row in self.rows), NOTHING)
        set_aside = sum((row.set_aside for row in self.rows), NOTHING)
        return PublicRow(
            "Everything",
            paid,
            set_aside,
            Decimal(100),
            Decimal(100) if self.last_label else None,
        )

    @property
    def sentence(self) -> str:
        """The largest parts in plain words."""
        largest = sorted(self.rows, key=lambda row: row.per_hundred, reverse=True)[:3]
        parts = [
            f"{money(row.per_hundred)} is for {row.label[:1].lower()}{row.label[1:]}"
            for row in largest
            if row.together
        ]
        return f"Out of every £100 for {self.budget.year_label}: {'; '.join(parts)}."


def public_money(partnership: Partnership) -> PublicMoney | None:
    """The newest year that may be told, or None."""
    agreed = list(
        Budget.objects.for_partnership(partnership)
        .filter(state=BudgetState.AGREED)
        .order_by("-year")[:NEWEST]
    )
    newest = next((budget for budget in agreed if may_be_told(budget)), None)
    if newest is None:
        return None
    newest.partnership = partnership
    before = next((budget for budget in agreed if budget.year == newest.year - 1), None)
    if before is not None and not may_be_told(before):
        before = None
    now = _by_category(newest)
    then = _by_category(before) if before else {}
    whole, whole_then = _whole(now), _whole(then)
    if not whole:
        return None
    rows = tuple(
        PublicRow(
            label,
            *now.get(category, (NOTHING, NOTHING)),
            per_hundred=_of_hundred(now, category, whole) or NOTHING,
            last_year=_of_hundred(then, category, whole_then),
        )
        for category, label in PLAIN_WORDS.items()
    )
    last_label = before.year_label if before and whole_then else ""
    return PublicMoney(newest, rows, last_label, _spent(newest), _income(newest))


def may_be_told(budget: Budget) -> bool:
    """Whether the year's figures stand, undisputed and confirmed at what was agreed, or were published before."""
    if budget.state != BudgetState.AGREED:
        return False
    # A line that a virement moved since is still told at what was agreed, which its partner confirmed then.
    at_original = Confirmation.objects.filter(
        line=OuterRef("pk"),
        body=OuterRef("party_id"),
        word=Word.CONFIRMED,
        amount=OuterRef("original"),
    )
    lines = lines_with_words(budget).annotate(stood=Exists(at_original))
    undisputed = ~Q(said_word=Word.DISPUTED)
    return not lines.exclude(undisputed if budget.source else undisputed & Q(stood=True)).exists()


Sums = dict[str, tuple[Decimal, Decimal]]


def _by_category(budget: Budget) -> Sums:
    """What was agreed for each category, without the set-aside and of it."""
    set_aside = Q(fund=FundKind.SET_ASIDE)
    rows = (
        budget.lines.order_by()
        .values_list("category")
        .annotate(paid=Sum("original", filter=~set_aside), aside=Sum("original", filter=set_aside))
    )
    return {category: (paid or NOTHING, aside or NOTHING) for category, paid, aside in rows}


def _income(budget: Budget) -> Decimal:
    """What lines of income take off, above zero."""
    found: Decimal | None = budget.lines.filter(subjective=Subjective.INCOME).aggregate(sum=Sum("original"))[
        "sum"
    ]
    return -found if found else NOTHING


def _whole(sums: Sums) -> Decimal:
    return sum((paid + aside for paid, aside in sums.values()), NOTHING)


def _of_hundred(sums: Sums, category: str, whole: Decimal) -> Decimal | None:
    if not whole:
        return None
    return (sum(sums.get(category, (NOTHING, NOTHING))) * 100 / whole).quantize(PENNY)


def _spent(budget: Budget) -> SpentSoFar | None:
    close = latest_close(budget)
    if close is None:
        return _published(budget) if budget.source else None
    books = close.books
    by_fund = {True: NOTHING, False: NOTHING}
    for line in books.lines:
        by_fund[line.fund == FundKind.SET_ASIDE] += line.actual or NOTHING
    return SpentSoFar(books.ends_on, by_fund[False], by_fund[True], books.ends_on == budget.ends_on)


def _published(budget: Budget) -> SpentSoFar | None:
    """The year's outturn as it was published; None where a line is without one."""
    set_aside = Q(fund=FundKind.SET_ASIDE)
    found = budget.lines.aggregate(
        unknown=Count("pk", filter=Q(actual__isnull=True)),
        paid=Sum("actual", filter=~set_aside),
        aside=Sum("actual", filter=set_aside),
    )
    if found["unknown"]:
        return None
    return SpentSoFar(
        budget.ends_on,
        found["paid"] or NOTHING,
        found["aside"] or NOTHING,
        is_whole_year=True,
        is_closed=False,
    )
