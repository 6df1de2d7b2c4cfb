"""What each body offers for a year, and what is found when one looks closely at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import Count, Prefetch, Q, Sum

from foundation.sgds.formats import money, percent
from partnerships.models import Body

from ..enums import Finding, FundKind
from ..models import Budget, Contribution, DiligenceNote, MoneyPolicy, Offer, OfferFunding
from ..rules import late_words, offers_close_on
from .confirmations import whose_line
from .policy import policy_of
from .scheme import possible_contributions
from .totals import NOTHING, added_up, share_of


@dataclass(frozen=True)
class OfferStanding:
    """What one body may put in, its newest offer of it with the earlier versions, and what is recorded as agreed."""

    body: Body
    kind: FundKind
    year: int
    current: Offer | None
    earlier: tuple[Offer, ...]
    recorded: Contribution | None
    policy: MoneyPolicy

    @property
    def closes_on(self) -> date:
        """The last day on which an offer of it is in time."""
        return offers_close_on(self.year, self.body, self.policy)

    @property
    def late(self) -> str:
        return late_words(self.year, self.body, self.current.received_on, self.policy) if self.current else ""

    @property
    def difference(self) -> Decimal | None:
        """What is recorded as the contribution, less the offer."""
        if self.current is None or self.recorded is None:
            return None
        difference: Decimal = self.recorded.amount - self.current.total  # type: ignore[attr-defined]
        return difference

    @property
    def difference_words(self) -> str:
        """`£1,000 (1%) below`: how the contribution stands to the offer."""
        if self.current is None or self.recorded is None:
            return ""
        return compared_words(self.recorded.amount, self.current.total)  # type: ignore[attr-defined]


def offers_of(budget: Budget) -> list[OfferStanding]:
    """Every sum that a body may put in under the year's model, with what it offers. Six queries, however many."""
    policy = policy_of(budget.partnership)
    offers = (
        Offer.objects.filter(budget=budget)
        .added_up()
        .select_related("body", "entered_by")
        .prefetch_related(Prefetch("funding", OfferFunding.objects.all()))
        .order_by("body", "kind", "-version")
    )
    versions = {key: tuple(rows) for key, rows in groupby(offers, lambda offer: (offer.body_id, offer.kind))}
    return [
        OfferStanding(
            row.body,
            row.kind,
            budget.year,
            found[0] if (found := versions.get((row.body.pk, row.kind), ())) else None,
            found[1:],
            row.recorded,
            policy,
        )
        for row in possible_contributions(budget)
        if row.is_lawful or (row.body.pk, row.kind) in versions
    ]


@dataclass(frozen=True)
class LastYear:
    """What last year's lines of one body and fund come to. Pounds; `outturn` None: not recorded for every line."""

    recurring: Decimal
    once_only: Decimal
    outturn: Decimal | None


@dataclass(frozen=True)
class Found:
    """One finding, in words, and what finance says to it."""

    finding: Finding
    words: str
    note: DiligenceNote | None


@dataclass(frozen=True)
class Difference:
    """A sum of the offer beside one of last year. Pounds; the share is a percentage of last year's."""

    label: str
    offered: Decimal
    last_year: Decimal

    @property
    def amount(self) -> Decimal:
        return self.offered - self.last_year

    @property
    def share(self) -> Decimal | None:
        return share_of(self.amount, self.last_year)


@dataclass(frozen=True)
class Diligence:
    """One body's offer beside last year: what differs, what is missing, in words."""

    standing: OfferStanding
    last_year: LastYear | None
    differences: tuple[Difference, ...]
    findings: tuple[Found, ...] = field(default=())

    @property
    def body(self) -> Body:
        return self.standing.body

    @property
    def kind(self) -> FundKind:
        return self.standing.kind

    @property
    def anchor(self) -> str:
        """Where the page shows it."""
        return f"{self.body.code}-{self.kind}".lower()


def due_diligence(budget: Budget) -> list[Diligence]:
    """Each body's offer beside last year's recurring budget and outturn, with the findings and finance's notes."""
    before = Budget.objects.filter(partnership=budget.partnership_id, year=budget.year - 1).first()
    sums = _sums_of(before) if before else {}
    notes = {
        (note.body_id, note.kind, note.finding): note
        for note in DiligenceNote.objects.filter(budget=budget).select_related("changed_by")
    }
    weighed = []
    for standing in offers_of(budget):
        key = (standing.body.pk, standing.kind)
        nothing = LastYear(NOTHING, NOTHING, NOTHING)
        last = sums.get(key, nothing) if before else None
        is_silent = standing.current is None and standing.recorded is None and last in {None, nothing}
        if is_silent and standing.kind != FundKind.PAYMENT:
            continue
        findings = tuple(
            Found(finding, words, notes.get((*key, finding)))
            for finding, words in _findings(budget, before, standing, last)
        )
        weighed.append(Diligence(standing, last, tuple(_differences(standing, last)), findings))
    return weighed


def _sums_of(budget: Budget) -> dict[tuple[int, str], LastYear]:
    rows = (
        budget.lines.order_by()
        .annotate(party_id=whose_line(budget))
        .values("party_id", "fund")
        .annotate(
            recurring=added_up("amount", is_recurring=True),
            once_only=added_up("amount", is_recurring=False),
            spent=Sum("actual"),
            unknown=Count("pk", filter=Q(actual__isnull=True)),
        )
    )
    return {
        (row["party_id"], row["fund"]): LastYear(
            row["recurring"], row["once_only"], None if row["unknown"] else row["spent"]
        )
        for row in rows
    }


def _differences(standing: OfferStanding, last: LastYear | None) -> Iterator[Difference]:
    offer = standing.current
    if offer is None or last is None:
        return
    yield Difference("Base, beside last year’s recurring budget", offer.base, last.recurring)
    yield Difference(
        "Offer without what is passed through, beside last year’s recurring budget",
        offer.without_pass_through,  # type: ignore[attr-defined]
        last.recurring,
    )
    if last.outturn is not None:
        yield Difference(
            "Whole offer, beside last year’s outturn",
            offer.total,  # type: ignore[attr-defined]
            last.outturn,
        )


def _findings(
    budget: Budget, before: Budget | None, standing: OfferStanding, last: LastYear | None
) -> Iterator[tuple[Finding, str]]:
    """What is missing or differs, each in a sentence, in the order in which one asks the body about it."""
    offer = standing.current
    if offer is None:
        words = f"{standing.body} has made no offer for {budget.year_label} yet."
        yield Finding.NO_OFFER, words
    else:
        yield from _of_the_offer(standing, offer)
    if before is None or last is None:
        year = f"{budget.year - 1}/{budget.year % 100:02d}"
        words = f"The budget of {year} is not in the portal, so there is nothing to compare with."
        yield Finding.NO_LAST_YEAR, words
        return
    if last.outturn is None:
        words = f"What was spent in {before.year_label} is not recorded for every line."
        yield Finding.NO_OUTTURN, words
    if offer is not None:
        yield from _beside_last_year(offer, last, before)


def _of_the_offer(standing: OfferStanding, offer: Offer) -> Iterator[tuple[Finding, str]]:
    if standing.late:
        yield Finding.LATE, standing.late
    if not offer.is_firm:
        words = f"The offer is indicative: {standing.body} is not bound by it and can still change it."
        yield Finding.INDICATIVE, words
    if offer.pressures == 0:
        yield Finding.NO_PRESSURES, "The offer adds nothing for pressures, such as pay, prices and demand."
    if offer.savings_asked:
        share = percent(share_of(offer.savings_asked, offer.base))
        words = (
            f"{standing.body} asks the authority to save {money(offer.savings_asked)}, {share} of the base."
        )
        yield Finding.SAVINGS_ASKED, words
    bare = [row.title for row in offer.funding.all() if not row.conditions]
    if bare:
        yield Finding.NO_CONDITIONS, f"The conditions of this funding are not recorded: {'; '.join(bare)}."


def _beside_last_year(offer: Offer, last: LastYear, before: Budget) -> Iterator[tuple[Finding, str]]:
    year = before.year_label
    if offer.base != last.recurring:
        apart = compared_words(offer.base, last.recurring)
        yield (
            Finding.BASE_DIFFERS,
            f"The base of {money(offer.base)} is {apart} the recurring budget of {year}.",
        )
    bare: Decimal = offer.without_pass_through  # type: ignore[attr-defined]
    if bare < last.recurring:
        apart = compared_words(bare, last.recurring)
        words = f"Without what is passed through, the offer of {money(bare)} is {apart} the recurring budget of {year}."
        yield Finding.BELOW_BASE, words
    total: Decimal = offer.total  # type: ignore[attr-defined]
    if last.outturn is not None and total < last.outturn:
        apart = compared_words(total, last.outturn)
        yield Finding.BELOW_OUTTURN, f"The whole offer of {money(total)} is {apart} what was spent in {year}."


def compared_words(one: Decimal, other: Decimal) -> str:
    """`£1,200 (1.2%) below`, `£5 above`: how the one stands to the other."""
    apart = one - other
    share = share_of(abs(apart), other)
    part = f" ({percent(share)})" if share is not None else ""
    return f"{money(abs(apart))}{part} {'below' if apart < 0 else 'above'}"
