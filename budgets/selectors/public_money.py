"""Where the money goes, for everybody. Only what is frozen and undisputed is read here.

A budget is told once it is agreed and each partner has confirmed its figures at the amounts that were agreed, or when
it was published already and loaded from there. Spend is told from the latest close of the books. Drafts, and budgets
of which a figure is disputed or unconfirmed, are never told.
"""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, Sum

from partnerships.models import Partnership

from ..enums import BudgetState, FundKind, SpendCategory, Subjective, Word
from ..models import Budget, Confirmation
from ..told import PublicMoney, PublicRow, SpentSoFar
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
    return PublicMoney(
        partnership=partnership.name,
        slug=partnership.slug,
        year=newest.year,
        year_label=newest.year_label,
        rows=rows,
        last_label=last_label,
        spent=_spent(newest),
        income=_income(newest),
        source=newest.source,
    )


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
