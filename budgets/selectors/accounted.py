"""What years' money was spent on, read from closed books and agreed budgets and from nothing else.

A year is told from its last close; a year that was never monitored from its agreed budget and the outturn recorded
there. Drafts and years without spend are not told: they say why. Source: SSI 2014/326 reg 4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Case, Count, DecimalField, ExpressionWrapper, F, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from foundation.sgds.formats import date_uk, money, percent, rounded
from partnerships.models import Partnership

from ..accounted import (
    AREA_WIDE,
    AccountedYear,
    Balance,
    CareGroupRow,
    CategoryRow,
    CategoryTable,
    LocalityRow,
    ReasonRow,
)
from ..books import Books
from ..enums import BudgetState, FundKind, LocalityMethod, SpendCategory
from ..models import Budget, BudgetLine, CareGroup, Close, Contribution, LocalityShare
from ..models.monitoring import LAST_PERIOD
from .totals import NOTHING, share_of

YEARS_BEFORE = 5
PENNY = Decimal("0.01")


@dataclass
class Sums:
    """Lines of one kind added up; `spent` counts those of `settled` lines."""

    planned: Decimal = NOTHING
    budgeted: Decimal = NOTHING
    spent: Decimal = NOTHING
    lines: int = 0
    settled: int = 0


# By category, whether the set-aside pays, whether in a hospital or care home.
Kind = tuple[str, bool, bool]


@dataclass
class YearSums:
    """One year added up, from closed books or from an agreed budget."""

    kinds: defaultdict[Kind, Sums] = field(default_factory=lambda: defaultdict(Sums))
    care_groups: dict[str, Decimal] = field(default_factory=dict)
    localities: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    methods: set[str] = field(default_factory=set)
    reasons: tuple[ReasonRow, ...] = ()
    denominator: Decimal = NOTHING
    added_in_year: Decimal = NOTHING
    source: str = ""
    spent_to: date | None = None

    @property
    def lines(self) -> int:
        return sum(sums.lines for sums in self.kinds.values())

    @property
    def spent(self) -> Decimal:
        return sum((sums.spent for sums in self.kinds.values()), NOTHING)

    @property
    def settled(self) -> int:
        return sum(sums.settled for sums in self.kinds.values())


def category_table(partnership: Partnership, year: int) -> CategoryTable:
    """The table of reg 4 for the year and the five before it. Eight queries, however many years and lines."""
    years = [year - back for back in range(YEARS_BEFORE + 1)]
    budgets = {
        budget.year: budget for budget in Budget.objects.for_partnership(partnership).filter(year__in=years)
    }
    agreed = [budget for budget in budgets.values() if budget.state == BudgetState.AGREED]
    told = _sums_of(partnership, agreed)
    return CategoryTable(
        partnership=partnership.name,
        slug=partnership.slug,
        years=tuple(_told_year(one, budgets.get(one), told) for one in years),
    )


def accounted_years(partnership: Partnership) -> list[AccountedYear]:
    """Every year with an agreed budget, oldest first, for what is followed over the years."""
    budgets = list(
        Budget.objects.for_partnership(partnership).filter(state=BudgetState.AGREED).order_by("year")
    )
    told = _sums_of(partnership, budgets)
    return [_told_year(budget.year, budget, told) for budget in budgets]


def _sums_of(partnership: Partnership, budgets: Sequence[Budget]) -> dict[int, YearSums]:
    """The partnership's years added up, by the budget's key. Seven queries.

    Care groups and localities are asked for as the partnership's: without that, every other one's are read too.
    """
    found = {budget.pk: YearSums() for budget in budgets}
    key_groups = CareGroup.objects.for_partnership(partnership).filter(is_key=True)
    key_names = set(key_groups.values_list("name", flat=True))
    closes = (
        Close.objects.filter(period__budget__in=found)
        .select_related("period")
        .order_by("period__budget_id", "-period__number", "-number")
        .distinct("period__budget_id")
    )
    for close in closes:
        found[close.period.budget_id] = _from_books(close.books, str(close), key_names)
    open_ = [pk for pk, sums in found.items() if not sums.source]
    _read_lines(open_, found)
    _read_care_groups(key_groups, open_, found)
    _read_localities(partnership, open_, found)
    for pk, amount in (
        Contribution.objects.filter(budget__in=open_)
        .order_by()
        .values_list("budget")
        .annotate(sum=Sum("amount"))
    ):
        found[pk].denominator = amount
    return found


def _from_books(books: Books, close: str, key_groups: set[str]) -> YearSums:
    sums = YearSums(
        denominator=sum((row.amount for row in books.contributions), NOTHING),
        added_in_year=sum((row.amount - row.opening for row in books.contributions), NOTHING),
        source=f"Closed books: {close}",
        spent_to=None if books.period == LAST_PERIOD else books.ends_on,
    )
    for line in books.lines:
        kind = sums.kinds[line.category, line.fund == FundKind.SET_ASIDE, line.is_institutional]
        kind.planned += line.original
        kind.budgeted += line.budget
        kind.lines += 1
        if line.actual is not None:
            kind.settled += 1
            kind.spent += line.actual
            for group in key_groups.intersection(line.care_groups):
                sums.care_groups[group] = sums.care_groups.get(group, NOTHING) + line.actual
            if line.locality_method:
                sums.methods.add(LocalityMethod(line.locality_method).label)
            for part in line.localities:
                sums.localities[part.locality] += line.actual * part.amount / (line.budget or 1)
    if sums.spent_to:
        # What part of a year cost says nothing yet of the plan for all of it.
        return sums
    sums.reasons = tuple(
        ReasonRow(
            line=line.title,
            variance=line.original - line.actual,
            words=line.reason.told,
        )
        for line in books.lines
        if line.reason is not None and line.actual is not None
    )
    return sums


def _read_lines(budgets: list[int], found: dict[int, YearSums]) -> None:
    rows = (
        BudgetLine.objects.filter(budget__in=budgets)
        .order_by()
        .values_list(
            "budget",
            "category",
            Case(When(fund=FundKind.SET_ASIDE, then=Value(True)), default=Value(False)),
            "is_institutional",
        )
        .annotate(
            planned=Sum(Coalesce(F("original"), F("amount"))),
            budgeted=Sum("amount"),
            spent=Coalesce(Sum("actual"), NOTHING),
            lines=Count("pk"),
            settled=Count("actual"),
        )
    )
    for budget, category, is_set_aside, is_institutional, *figures in rows:
        found[budget].kinds[category, is_set_aside, is_institutional] = Sums(*figures)
        found[budget].source = "Agreed budget and the outturn recorded with it"


def _read_care_groups(groups: QuerySet[CareGroup], budgets: list[int], found: dict[int, YearSums]) -> None:
    """All lines of the groups are read, and those of other years dropped: naming the years makes the database walk
    through everybody's lines.
    """
    rows = (
        groups.filter(lines__actual__isnull=False)
        .order_by("name")
        .values_list("lines__budget", "name")
        .annotate(spent=Sum("lines__actual"))
    )
    for budget, name, spent in rows:
        if budget in budgets:
            found[budget].care_groups[name] = spent


def _read_localities(partnership: Partnership, budgets: list[int], found: dict[int, YearSums]) -> None:
    """A line's spend is split as its budget is: nobody records it by locality, and nothing else is known."""
    rows = (
        LocalityShare.objects.filter(
            locality__partnership=partnership,
            line__budget__in=budgets,
            line__actual__isnull=False,
        )
        .exclude(line__amount=0)
        .order_by("locality__name")
        .values_list("line__budget", "locality__name")
        .annotate(
            spent=Sum(
                ExpressionWrapper(
                    F("line__actual") * F("amount") / F("line__amount"),
                    output_field=DecimalField(max_digits=30, decimal_places=10),
                )
            )
        )
    )
    for budget, name, spent in rows:
        found[budget].localities[name] = spent
    split = BudgetLine.objects.filter(budget__in=budgets, actual__isnull=False).exclude(locality_method="")
    told = split.order_by().values_list("budget", "locality_method", "locality_note").distinct()
    for budget, method, note in told:
        line = BudgetLine(locality_method=method, locality_note=note)
        found[budget].methods.add(line.locality_words)


def _told_year(year: int, budget: Budget | None, told: dict[int, YearSums]) -> AccountedYear:
    label = f"{year}/{(year + 1) % 100:02d}"
    if budget is None:
        return _untold(year, f"No budget is recorded for {label}.")
    if budget.pk not in told:
        return _untold(year, f"The {label} budget is not agreed: nothing is accounted for yet.")
    sums = told[budget.pk]
    balance = _balance(sums) if sums.lines else None
    if not sums.settled:
        return _untold(year, f"No spend is recorded for {label}.", balance)
    notes = [f"The year is not closed yet: spent to {date_uk(sums.spent_to)}."] if sums.spent_to else []
    if sums.settled < sums.lines:
        notes.append(f"Spend is recorded for {sums.settled} of {sums.lines} lines.")
    return AccountedYear(
        year=year,
        missing="",
        source=sums.source,
        note=" ".join(notes),
        rows=tuple(_category_rows(sums)),
        care_groups=tuple(
            CareGroupRow(name=name, spent=spent, share=share_of(spent, sums.denominator))
            for name, spent in sorted(sums.care_groups.items())
        ),
        reasons=sums.reasons,
        denominator=sums.denominator,
        denominator_words=_denominator_words(sums, label),
        balance=balance,
        localities=_locality_rows(sums),
        spent_to=sums.spent_to,
        locality_words="; ".join(sorted(sums.methods)),
    )


def _locality_rows(sums: YearSums) -> tuple[LocalityRow, ...]:
    """Each locality, and last what belongs to none; together they are everything that was spent.

    What is worked out from the split of a budget is told in whole pounds.
    """
    parts = {name: rounded(amount, 0) for name, amount in sorted(sums.localities.items())}
    parts[AREA_WIDE] = sums.spent - sum(parts.values(), NOTHING)
    return tuple(
        LocalityRow(name=name, spent=spent, share=share_of(spent, sums.denominator))
        for name, spent in parts.items()
    )


def _untold(year: int, why: str, balance: Balance | None = None) -> AccountedYear:
    return AccountedYear(
        year=year,
        missing=why,
        source="",
        note="",
        rows=(),
        care_groups=(),
        reasons=(),
        denominator=NOTHING,
        denominator_words="",
        balance=balance,
    )


def _category_rows(sums: YearSums) -> Iterable[CategoryRow]:
    for category in SpendCategory:
        of_it = {kind: row for kind, row in sums.kinds.items() if kind[0] == category}
        paid_for, set_aside = (
            sum((row.spent for kind, row in of_it.items() if kind[1] is aside), NOTHING)
            for aside in (False, True)
        )
        yield CategoryRow(
            code=category.value,
            label=str(category.label),
            planned=sum((row.planned for row in of_it.values()), NOTHING),
            paid_for=paid_for,
            set_aside=set_aside,
            share=share_of(paid_for + set_aside, sums.denominator),
        )


def _balance(sums: YearSums) -> Balance:
    """By what was spent where all of it is known and the year is over, by the budget otherwise."""
    is_spend = sums.settled == sums.lines and not sums.spent_to

    def added(*, set_aside: bool, institutional: bool | None = None) -> Decimal:
        return sum(
            (
                row.spent if is_spend else row.budgeted
                for (_, aside, inside), row in sums.kinds.items()
                if aside is set_aside and institutional in {None, inside}
            ),
            NOTHING,
        )

    return Balance(
        institutional=added(set_aside=False, institutional=True),
        community=added(set_aside=False, institutional=False),
        set_aside=added(set_aside=True),
        is_spend=is_spend,
    )


def _denominator_words(sums: YearSums, label: str) -> str:
    words = f"{money(sums.denominator)}: everything paid to the authority or set aside for it in {label}"
    if sums.added_in_year > 0:
        return f"{words}, of which {money(sums.added_in_year)} was added during the year."
    if sums.added_in_year < 0:
        return f"{words}, after {money(-sums.added_in_year)} was taken off during the year."
    return f"{words}."


def balance_sentence(years: Sequence[AccountedYear]) -> str:
    """How the community's part of the money changed from the first year to the last, and nothing that was not told."""
    told = [(year.label, year.balance) for year in years if year.balance and year.balance.community_share]
    if not told:
        return "No year with an agreed budget is recorded yet."
    label, last = told[-1]
    now = (
        f"In {label} {percent(last.community_share)} of the money {last.basis} was for care in the community"
    )
    apart = (
        f" {money(last.set_aside)} set aside for large hospitals is not part of this."
        if last.set_aside
        else ""
    )
    if len(told) == 1:
        return f"{now}. One year shows no trend yet.{apart}"
    first_label, first = told[0]
    moved = (last.community_share or NOTHING) - (first.community_share or NOTHING)
    if abs(moved) < Decimal("0.5"):
        return f"{now}, about the same as in {first_label}.{apart}"
    word = "up" if moved > 0 else "down"
    return f"{now}, {word} from {percent(first.community_share)} in {first_label}.{apart}"
