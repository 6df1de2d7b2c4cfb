from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from foundation import audit
from foundation.sgds.formats import money
from partnerships.models import Body, Membership
from partnerships.permissions import Standing

from ..enums import Word
from ..models import Budget, Confirmation
from ..refusals import FigureMoved, MoneyRefused, NotAnAmount, NotYours, StandsAlready
from ..rules import INCOME_IS_BELOW_ZERO, has_its_sign, may_speak_for, speaks_for
from ..selectors import Figure, figures_of
from .guarded import check_amount


@dataclass(frozen=True)
class Confirmed:
    """What came of confirming: the figures that are confirmed now, and those that had moved since they were read."""

    figures: tuple[Figure, ...]
    moved: tuple[Figure, ...]


@transaction.atomic
def confirm_figures(
    *, budget: Budget, body: Body | None, seen: Mapping[str, Decimal], standing: Standing
) -> Confirmed:
    """The party has confirmed these figures, each at the amount that the person saw, in pounds.

    `body` is the party; None is the integration authority, for which its chief finance officer speaks. `seen` has the
    figures by key (`line-12`, `contribution-3`). A figure that has moved since is not confirmed and is given back; one
    that the party has confirmed already stays as it is.

    Raises NotYours for somebody else's figure or party, MoneyRefused when there is nothing to confirm.
    """
    member = _speaker(standing, body)
    _hold(budget)
    known = {figure.key: figure for figure in figures_of(budget)}
    if not seen:
        raise MoneyRefused("Tick at least one figure to confirm.")
    figures = [_theirs(known.get(key), body) for key in seen]
    moved = tuple(figure for figure in figures if figure.amount != seen[figure.key])
    confirmed = tuple(
        figure for figure in figures if figure not in moved and not figure.is_confirmed_by(body)
    )
    Confirmation.objects.bulk_create(
        Confirmation(
            budget=budget,
            body=body,
            word=Word.CONFIRMED,
            stood=figure.amount,
            amount=figure.amount,
            by=standing.user,
            membership=member,
            **_reference(figure),
        )
        for figure in confirmed
    )
    if confirmed:
        audit.record(
            by=standing.user,
            action="budgets.figures_confirmed",
            subject=budget,
            tenant=budget.partnership.slug,
            after={"party": _party(budget, body), **{figure.label: figure.amount for figure in confirmed}},
        )
    return Confirmed(confirmed, moved)


@transaction.atomic
def dispute_figure(
    *, budget: Budget, body: Body, key: str, seen: Decimal, amount: Decimal, reason: str, standing: Standing
) -> Confirmation:
    """The body disputes the figure: it thinks `amount` right, for this reason. `seen` is the amount that stood.

    Raises NotYours, NotAnAmount, FigureMoved when another amount stands now, StandsAlready when the body's figure is
    the one that stands, and MoneyRefused without a reason.
    """
    member = _speaker(standing, body)
    _hold(budget)
    figure = _theirs(next((one for one in figures_of(budget) if one.key == key), None), body)
    check_amount(amount, may_be_negative=figure.is_income)
    if not has_its_sign(amount, is_income=figure.is_income):
        raise NotAnAmount({"amount": INCOME_IS_BELOW_ZERO})
    if figure.amount != seen:
        raise FigureMoved(
            f"“{figure.label}” is {money(figure.amount)} now, and was {money(seen)} when you opened the page. Look "
            "at it again, and say whether you still think another amount right."
        )
    if amount == figure.amount:
        raise StandsAlready(
            {
                "amount": f"{money(amount)} is the amount that stands. Confirm it, or enter the amount that is right."
            }
        )
    if not reason.strip():
        raise MoneyRefused(
            {"reason": "Say why the other amount is right. The integration authority reads it."}
        )
    word = Confirmation.objects.create(
        budget=budget,
        body=body,
        word=Word.DISPUTED,
        stood=figure.amount,
        amount=amount,
        reason=reason.strip(),
        by=standing.user,
        membership=member,
        **_reference(figure),
    )
    audit.record(
        by=standing.user,
        action="budgets.figure_disputed",
        subject=budget,
        tenant=budget.partnership.slug,
        before={"figure": figure.label, "amount": figure.amount},
        after={"party": str(body), "amount": amount},
        reason=reason.strip(),
    )
    return word


def _speaker(standing: Standing, body: Body | None) -> Membership:
    member = speaks_for(standing, body)
    if member is None:
        raise NotYours(may_speak_for(standing, body).reason)
    return member


def _theirs(figure: Figure | None, body: Body | None) -> Figure:
    if figure is None:
        raise NotYours("One of the figures is not part of this budget any more. Open the page again.")
    if not figure.is_of(body):
        raise NotYours(
            f"“{figure.label}” is a figure of {figure.body}, so {body} neither confirms nor disputes it."
        )
    return figure


def _hold(budget: Budget) -> None:
    """No figure of the budget changes while somebody gives their word on it."""
    Budget.objects.select_for_update().get(pk=budget.pk)


def _reference(figure: Figure) -> dict[str, Any]:
    kind, _, pk = figure.key.partition("-")
    return {f"{kind}_id": int(pk)}


def _party(budget: Budget, body: Body | None) -> str:
    return str(body) if body is not None else f"{budget.partnership} integration authority"
