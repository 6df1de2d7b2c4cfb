"""What the integration scheme says about a year's money: the model, the parties, the functions."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from partnerships.enums import BodyKind, IntegrationModel
from partnerships.models import Body, DelegatedFunction, IntegrationModelPeriod, Partnership

from ..enums import FundKind
from ..models import Budget, Contribution
from ..rules import LAWFUL_CONTRIBUTIONS


def model_of_integration(budget: Budget) -> IntegrationModel | None:
    """The model that the partnership worked under when the year began, or came to within it; None: not recorded."""
    periods = IntegrationModelPeriod.objects.for_partnership(budget.partnership)
    found = periods.on(budget.starts_on).first() or periods.on(budget.ends_on).first()
    return IntegrationModel(found.model) if found else None


def bodies_of(partnership: Partnership) -> QuerySet[Body]:
    """The health board and the councils of the partnership's scheme."""
    return Body.objects.filter(
        Q(pk=partnership.health_board_id) | Q(pk__in=partnership.councils.values("pk"))
    ).order_by("kind", "name")


def functions_of(budget: Budget) -> QuerySet[DelegatedFunction]:
    """The functions that the scheme delegates at some time in the budget's year."""
    return (
        DelegatedFunction.objects.for_partnership(budget.partnership)
        .filter(
            Q(starts_on__lte=budget.ends_on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=budget.starts_on))
        )
        .order_by("delegated_by", "setting", "title")
    )


@dataclass(frozen=True)
class LawfulContribution:
    """A sum that the Act lets a body put in, and what is recorded for it."""

    body: Body
    kind: FundKind
    recorded: Contribution | None


def lawful_contributions(budget: Budget) -> list[LawfulContribution]:
    """Every sum that the council, or the board, may put in under the year's model, recorded or not.

    Empty while the model of integration is not recorded. Source: 2014 Act ss.14, 18, 19.
    """
    model = model_of_integration(budget)
    if model is None:
        return []
    recorded = {(row.body_id, row.kind): row for row in budget.contributions.all()}
    return [
        LawfulContribution(body, kind, recorded.get((body.pk, kind)))
        for body in bodies_of(budget.partnership)
        for kind in FundKind
        if kind in LAWFUL_CONTRIBUTIONS[model][BodyKind(body.kind)]
    ]
