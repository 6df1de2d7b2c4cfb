"""The books of a closed period: the typed content that is frozen when a month is closed.

Reports and comparisons are made from Books alone, never from the working rows. Their JSON is canonical, so that equal
content has equal bytes and one SHA-256. Amounts are pounds; a variance is budget less actual or forecast, so that
below zero it is an overspend.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from foundation.frozen import Frozen, since

from .enums import FundKind
from .variances import Variances, less

# Format 2 has reserves, savings, years ahead, payments, and how far the set-aside can be relied on. Format 3 has the
# type of spend of each line. Format 4 has the host's total of hosted services, and the financial risks. Format
# 5 has the directions that carry out a saving. Format 6 has what hosts expect their services to cost. Format 7 has what
# the years ahead are made of, and what the policy says to the general reserve.
FORMAT = 7
SAYS_TYPE_OF_SPEND = 3
SAYS_RISKS = 4
SAYS_HOSTS_OUTTURN = 6
SAYS_YEARS_AHEAD = 7


@dataclass(frozen=True, kw_only=True)
class SharePart:
    """What one locality has of a line's budget."""

    locality: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class ReasonPart:
    """Why a line is away from its budget. `cause` in words."""

    cause: str
    words: str
    is_recurring: bool
    action: str
    owner: str
    due_on: date

    @property
    def told(self) -> str:
        """The cause and what happened, in one."""
        return f"{self.cause}. {self.words}"


@dataclass(frozen=True, kw_only=True)
class LinePart(Variances):
    """A line with its whole scope and its figures at the close. `line` is its key; codes are those of the enums."""

    line: int
    code: str
    title: str
    group: str
    function: str
    delivered_by: str
    arm: str
    fund: str
    category: str
    setting: str
    hosted_by: str
    hosted_share: Decimal | None
    is_recurring: bool
    is_institutional: bool
    care_groups: tuple[str, ...]
    localities: tuple[SharePart, ...]
    locality_method: str
    original: Decimal
    budget: Decimal
    budget_to_date: Decimal | None
    actual: Decimal | None
    forecast: Decimal | None
    last_forecast: Decimal | None
    rag: str
    reason: ReasonPart | None
    subjective: str = since(SAYS_TYPE_OF_SPEND, "")
    hosted_total: Decimal | None = since(SAYS_RISKS, None)  # noqa: RUF009 - it makes a field
    hosted_outturn: Decimal | None = since(SAYS_HOSTS_OUTTURN, None)  # noqa: RUF009 - it makes a field

    @property
    def movement(self) -> Decimal:
        """What was added to the line since the budget was agreed."""
        return self.budget - self.original

    @property
    def hosted_variance(self) -> Decimal | None:
        """The host's budget for the whole service less what the host expects it to cost."""
        return less(self.hosted_total, self.hosted_outturn)

    @property
    def forecast_moved(self) -> Decimal | None:
        """How far the forecast moved since the period closed before; None where there was none."""
        return less(self.forecast, self.last_forecast)


@dataclass(frozen=True, kw_only=True)
class ContributionPart:
    """What a body puts in. `opening` is its sum before the allocations in the year."""

    body: str
    kind: str
    opening: Decimal
    amount: Decimal
    is_notional: bool
    method: str
    source: str = since(2, "")
    as_of: date | None = since(2, None)  # noqa: RUF009 - it makes a field
    confidence: str = since(2, "")
    confidence_words: str = since(2, "")


@dataclass(frozen=True, kw_only=True)
class EntryPart:
    """What a virement or an allocation did to one line."""

    line: int
    title: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class FundingPart:
    """An allocation in the year that raised (or lowered) a contribution."""

    reference: str
    name: str
    body: str
    kind: str
    amount: Decimal
    is_recurring: bool
    is_ring_fenced: bool
    reason: str
    entries: tuple[EntryPart, ...]
    approved_by: str
    approved_on: date


@dataclass(frozen=True, kw_only=True)
class VirementPart:
    reference: str
    reason: str
    is_recurring: bool
    entries: tuple[EntryPart, ...]
    approved_by: str
    approved_on: date
    minute_reference: str
    direction_effect: str

    @property
    def size(self) -> Decimal:
        """What moved: the sum of what the receiving lines got."""
        return sum((entry.amount for entry in self.entries if entry.amount > 0), Decimal(0))


@dataclass(frozen=True, kw_only=True)
class StepPart:
    """A step of the overspend ladder. Step and state in words."""

    step: str
    state: str
    words: str


@dataclass(frozen=True, kw_only=True)
class RecoveryActionPart:
    action: str
    owner: str
    amount: Decimal
    due_on: date
    confidence: str
    progress: str
    words: str


@dataclass(frozen=True, kw_only=True)
class RecoveryPart:
    steps: tuple[StepPart, ...]
    actions: tuple[RecoveryActionPart, ...]


@dataclass(frozen=True, kw_only=True)
class ReservePart:
    """What is kept from one year to the next, with what is planned. Kind in words."""

    name: str
    kind: str
    purpose: str
    expires_on: date | None
    opening: Decimal
    used: Decimal
    transferred_in: Decimal
    closing: Decimal


@dataclass(frozen=True, kw_only=True)
class SavingPart:
    """A saving of the year. Arm, state and assessment in words, directions by reference."""

    reference: str
    title: str
    lead: str
    arm: str
    target: Decimal
    is_recurring: bool
    delivered: Decimal
    forecast: Decimal | None
    state: str
    assessment: str
    directions: tuple[str, ...] = since(5, ())


@dataclass(frozen=True, kw_only=True)
class SetAsideUsePart:
    """What the health board last reported for a line of the set-aside. `activity` is occupied bed days."""

    line: int
    ends_on: date
    used: Decimal
    activity: int | None
    basis: str
    is_estimate: bool


@dataclass(frozen=True, kw_only=True)
class OutlookItemPart:
    """One figure of a year ahead: the base, a pressure, what a body brings in, the savings named. Label in words.

    None: the scenario has the row, and nothing in this year.
    """

    label: str
    amount: Decimal | None


@dataclass(frozen=True, kw_only=True)
class OutlookPart:
    """One year of one scenario of the medium-term plan. A gap below zero is missing."""

    scenario: str
    year: str
    base: Decimal
    pressures: Decimal
    paid: Decimal
    set_aside: Decimal
    savings: Decimal
    gap: Decimal
    gap_so_far: Decimal
    items: tuple[OutlookItemPart, ...] = since(SAYS_YEARS_AHEAD, ())

    @property
    def gap_before_savings(self) -> Decimal:
        return self.gap - self.savings


@dataclass(frozen=True, kw_only=True)
class PaymentPart:
    """What a body pays in one month of the year, and whether it has."""

    body: str
    kind: str
    month: int
    amount: Decimal
    paid_on: date | None


@dataclass(frozen=True, kw_only=True)
class RiskPart:
    """What may happen and what it would cost, in pounds. Likelihood in words."""

    title: str
    lowest: Decimal
    highest: Decimal
    likelihood: str
    mitigation: str


@dataclass(frozen=True, kw_only=True)
class Books(Frozen):
    NEWEST = FORMAT
    WHAT = "closed books"

    format: int = FORMAT
    partnership: str
    slug: str
    year: int
    year_label: str
    period: int
    ends_on: date
    note: str
    lines: tuple[LinePart, ...]
    contributions: tuple[ContributionPart, ...]
    funding: tuple[FundingPart, ...]
    virements: tuple[VirementPart, ...]
    recovery: RecoveryPart | None
    reserves: tuple[ReservePart, ...] = since(2, ())
    savings: tuple[SavingPart, ...] = since(2, ())
    savings_target: Decimal | None = since(2, None)  # noqa: RUF009 - it makes a field
    set_aside_use: tuple[SetAsideUsePart, ...] = since(2, ())
    outlooks: tuple[OutlookPart, ...] = since(2, ())
    payments: tuple[PaymentPart, ...] = since(2, ())
    risks: tuple[RiskPart, ...] = since(SAYS_RISKS, ())
    general_reserve_words: str = since(SAYS_YEARS_AHEAD, "")

    @property
    def says_type_of_spend(self) -> bool:
        """Whether lines had a type of spend to say when this was closed."""
        return self.format >= SAYS_TYPE_OF_SPEND

    @property
    def says_risks(self) -> bool:
        """Whether the year's risks, and what hosts have in all, were kept when this was closed."""
        return self.format >= SAYS_RISKS

    @property
    def says_hosts_outturn(self) -> bool:
        """Whether what hosts expect their services to cost was kept when this was closed."""
        return self.format >= SAYS_HOSTS_OUTTURN

    @property
    def paid_lines(self) -> tuple[LinePart, ...]:
        """Every line but those of the set-aside, which is never added to them without being named."""
        return tuple(line for line in self.lines if line.fund != FundKind.SET_ASIDE)

    @property
    def set_aside_lines(self) -> tuple[LinePart, ...]:
        return tuple(line for line in self.lines if line.fund == FundKind.SET_ASIDE)
