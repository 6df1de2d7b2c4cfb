"""What the year is to save, as table F8 of a finance report shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest

from foundation.sgds.formats import count_in_words, money

from ..enums import Assessment, SavingState
from ..models import Budget, Direction, MoneyPolicy, Saving
from ..rules import saving_state
from .totals import MONEY, NOTHING, share_of

NOT_ASSESSED = (Assessment.NONE, Assessment.UNDER_WAY)


@dataclass(frozen=True)
class SavingsOfYear:
    """The year's savings added up. `target` None: the board has set none, so nothing can be missing. Pounds."""

    target: Decimal | None
    identified: Decimal
    delivered: Decimal
    forecast: Decimal
    shortfall: Decimal
    count: int
    not_forecast: int
    not_assessed: int

    @property
    def unidentified(self) -> Decimal | None:
        """What the target asks and no saving is named for; None without a target."""
        return None if self.target is None else max(self.target - self.identified, NOTHING)

    @property
    def gap_words(self) -> str:
        """One line for the head of every page of the year; empty without a target."""
        if self.target is None:
            return ""
        if not self.unidentified:
            return f"Savings: all of the {money(self.target)} is identified."
        return f"Savings: {money(self.unidentified)} of the {money(self.target)} is not identified yet."

    @property
    def sentence(self) -> str:
        """What is named, forecast and missing, and what has no impact assessment."""
        if not self.count:
            return self.gap_words or "No saving is recorded and no target is set."
        named = count_in_words(self.count, "saving").capitalize()
        parts = [
            f"{named} for {money(self.identified)}"
            + (f" of a target of {money(self.target)}." if self.target is not None else "; no target is set.")
        ]
        if self.unidentified:
            parts.append(f"{money(self.unidentified)} is not identified yet.")
        parts.append(f"{money(self.delivered)} is delivered.")
        if self.not_forecast < self.count:
            short = f", {money(self.shortfall)} short" if self.shortfall else ""
            parts.append(f"{money(self.forecast)} is forecast{short}.")
        return " ".join(parts)


def savings_of(budget: Budget) -> SavingsOfYear:
    """The year's target and its savings added up. One query."""
    row = (
        Budget.objects.filter(pk=budget.pk)
        .order_by()
        .values(target=F("savings_target__amount"))
        .annotate(
            identified=_sum("savings__target"),
            delivered=_sum("savings__delivered"),
            forecast=_sum("savings__forecast"),
            shortfall=Coalesce(
                Sum(
                    Greatest(F("savings__target") - F("savings__forecast"), NOTHING),
                    filter=Q(savings__forecast__isnull=False),
                ),
                NOTHING,
                output_field=MONEY,
            ),
            count=Count("savings"),
            not_forecast=Count("savings", filter=Q(savings__forecast__isnull=True)),
            not_assessed=Count("savings", filter=Q(savings__assessment__in=NOT_ASSESSED)),
        )
        .get()
    )
    return SavingsOfYear(**row)


def savings_carried_by(direction: Direction) -> QuerySet[Saving]:
    """The savings that name this direction, oldest year first. One query."""
    rows = Saving.objects.filter(directions=direction).select_related("budget__partnership")
    return rows.order_by("budget__year", "reference")


@dataclass(frozen=True)
class SavingRow:
    """One saving with the state that the policy gives it. `reached` is its forecast in per cent of its target."""

    saving: Saving
    state: SavingState
    reached: Decimal | None


def saving_rows(savings: Iterable[Saving], policy: MoneyPolicy) -> list[SavingRow]:
    return [
        SavingRow(
            saving,
            saving_state(saving.target, saving.forecast, policy),
            None if saving.forecast is None else share_of(saving.forecast, saving.target),
        )
        for saving in savings
    ]


def _sum(what: str) -> Coalesce:
    return Coalesce(Sum(what), NOTHING, output_field=MONEY)
