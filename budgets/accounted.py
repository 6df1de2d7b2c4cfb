"""What years' money was spent on, in the form in which it is told: typed, frozen content of the statutory table.

Pages, files and the public page are made from this content alone. Amounts are pounds, shares per cent; a variance is
planned less spent, so that below zero it is an overspend. Source: SSI 2014/326 regs 4 and 6(2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from foundation.frozen import Frozen, since

# 2: what was spent in each locality. 3: up to which day, in a year that is not over. 4: how the lines were split.
FORMAT = 4
AREA_WIDE = "Area-wide, not attributable to a locality"
NOTHING = Decimal("0.00")


@dataclass(frozen=True, kw_only=True)
class CategoryRow:
    """One category of reg 4(2)(a) to (e), or all of them; what the set-aside paid for stands apart."""

    code: str
    label: str
    planned: Decimal
    paid_for: Decimal
    set_aside: Decimal
    share: Decimal | None

    @property
    def spent(self) -> Decimal:
        return self.paid_for + self.set_aside

    @property
    def variance(self) -> Decimal:
        return self.planned - self.spent


@dataclass(frozen=True, kw_only=True)
class CareGroupRow:
    """What was spent on a key care group (reg 4(2)(f)): it overlaps the categories and is never added to them."""

    name: str
    spent: Decimal
    share: Decimal | None


@dataclass(frozen=True, kw_only=True)
class LocalityRow:
    """What was spent in one locality, or in none of them (reg 6(2))."""

    name: str
    spent: Decimal
    share: Decimal | None


@dataclass(frozen=True, kw_only=True)
class ReasonRow:
    """Why a line was over or under what was planned."""

    line: str
    variance: Decimal
    words: str


@dataclass(frozen=True, kw_only=True)
class Balance:
    """Where the money goes: hospitals and care homes, or the community. The set-aside is for hospitals, and apart."""

    institutional: Decimal
    community: Decimal
    set_aside: Decimal
    is_spend: bool

    @property
    def community_share(self) -> Decimal | None:
        """The community's part of all but the set-aside, in per cent."""
        whole = self.institutional + self.community
        return self.community * 100 / whole if whole else None

    @property
    def community_share_with_set_aside(self) -> Decimal | None:
        whole = self.institutional + self.community + self.set_aside
        return self.community * 100 / whole if whole else None

    @property
    def basis(self) -> str:
        return "spent" if self.is_spend else "budgeted"


@dataclass(frozen=True, kw_only=True)
class AccountedYear:
    """One year. `missing` says in words why it has no spend to show; then there are no rows.

    `denominator` is everything paid to the authority or set aside for it, and `denominator_words` what that counts.
    `spent_to` is the last day that the spend counts; None once it counts the whole year.
    """

    year: int
    missing: str
    source: str
    note: str
    rows: tuple[CategoryRow, ...]
    care_groups: tuple[CareGroupRow, ...]
    reasons: tuple[ReasonRow, ...]
    denominator: Decimal
    denominator_words: str
    balance: Balance | None
    localities: tuple[LocalityRow, ...] = since(2, ())
    spent_to: date | None = since(3, None)  # noqa: RUF009 - it makes a field
    locality_words: str = since(4, "")

    @property
    def label(self) -> str:
        return f"{self.year}/{(self.year + 1) % 100:02d}"

    @cached_property
    def total(self) -> CategoryRow:
        """All categories together, without the care groups."""
        spent_on = [(row.planned, row.paid_for, row.set_aside) for row in self.rows]
        planned, paid_for, set_aside = (
            (sum(column, NOTHING) for column in zip(*spent_on, strict=True)) if spent_on else (NOTHING,) * 3
        )
        share = (paid_for + set_aside) * 100 / self.denominator if self.denominator else None
        return CategoryRow(
            code="", label="Total", planned=planned, paid_for=paid_for, set_aside=set_aside, share=share
        )


@dataclass(frozen=True, kw_only=True)
class SharesOverYears:
    """The share of one care group or locality in each year of the table; None where the year tells none of it."""

    name: str
    shares: tuple[Decimal | None, ...]


@dataclass(frozen=True, kw_only=True)
class CategoryTable(Frozen):
    """The table of reg 4 for one year with the years before it, newest first."""

    NEWEST = FORMAT
    WHAT = "a category table"

    format: int = FORMAT
    partnership: str
    slug: str
    years: tuple[AccountedYear, ...]

    @property
    def this(self) -> AccountedYear:
        """The reporting year."""
        return self.years[0]

    @property
    def balanced(self) -> list[AccountedYear]:
        """The years of which it is known where care was given, oldest first."""
        return [year for year in reversed(self.years) if year.balance]

    @property
    def care_group_shares(self) -> tuple[SharesOverYears, ...]:
        """Each key care group's share in the reporting year and those before (reg 4(3))."""
        return self._over_years([year.care_groups for year in self.years])

    @property
    def locality_shares(self) -> tuple[SharesOverYears, ...]:
        """Each locality's share in the reporting year and those before, area-wide last (reg 6(3))."""
        return self._over_years([year.localities for year in self.years])

    @staticmethod
    def _over_years(
        years: Sequence[Sequence[CareGroupRow | LocalityRow]],
    ) -> tuple[SharesOverYears, ...]:
        shares = [{row.name: row.share for row in rows} for rows in years]
        names = sorted({name for year in shares for name in year}, key=lambda name: (name == AREA_WIDE, name))
        return tuple(
            SharesOverYears(name=name, shares=tuple(year.get(name) for year in shares)) for name in names
        )
