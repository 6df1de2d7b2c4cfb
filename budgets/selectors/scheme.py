"""What the integration scheme says about a year's money: the model, the parties, the functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet

from partnerships.enums import IntegrationModel
from partnerships.models import Body, DelegatedFunction, IntegrationModelPeriod, Partnership
from partnerships.permissions import Answer

from ..enums import FundKind
from ..models import Budget, Contribution
from ..rules import ModelSpan, may_contribute_in


def model_of_integration(budget: Budget) -> IntegrationModel | None:
    """The model that the partnership worked under when the year began, or came to within it; None: not recorded."""
    periods = IntegrationModelPeriod.objects.for_partnership(budget.partnership)
    found = periods.on(budget.starts_on).first() or periods.on(budget.ends_on).first()
    return IntegrationModel(found.model) if found else None


def models_of_year(budget: Budget) -> tuple[ModelSpan, ...]:
    """The models of integration day by day through the year, in order; days without a recorded one have None."""
    periods = IntegrationModelPeriod.objects.for_partnership(budget.partnership).overlapping(
        budget.starts_on, budget.ends_on
    )
    spans: list[ModelSpan] = []
    day, one = budget.starts_on, timedelta(days=1)
    for period in periods.order_by("starts_on"):
        begins = max(period.starts_on, day)
        ends = min(period.ends_on or budget.ends_on, budget.ends_on)
        if begins > day:
            spans.append(ModelSpan(None, day, begins - one))
        if ends >= begins:
            spans.append(ModelSpan(IntegrationModel(period.model), begins, ends))
            day = ends + one
    if day <= budget.ends_on:
        spans.append(ModelSpan(None, day, budget.ends_on))
    return tuple(spans)


def lawful_answer(budget: Budget, body: Body, kind: FundKind) -> Answer:
    """Whether the Act lets this body put in money of this kind on some day of the year (ss.14, 18, 19)."""
    return may_contribute_in(models_of_year(budget), body, kind)[0]


def bodies_of(partnership: Partnership) -> QuerySet[Body]:
    """The health board and the councils of the partnership's scheme."""
    return Body.objects.filter(
        Q(pk=partnership.health_board_id) | Q(pk__in=partnership.councils.values("pk"))
    ).order_by("kind", "name")


def hosts_for(partnership: Partnership) -> QuerySet[Partnership]:
    """The partnerships that may host a service for this one, itself included: those of its health board."""
    return Partnership.objects.filter(health_board=partnership.health_board_id).order_by("short_name")


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
class PossibleContribution:
    """A sum that a body could put in, whether the Act lets it, and what is recorded for it.

    `when` says on which days it is lawful where the model of integration changes within the year.
    """

    body: Body
    kind: FundKind
    is_lawful: Answer
    recorded: Contribution | None
    when: str = ""

    @property
    def is_against_the_act(self) -> bool:
        """Whether a sum stands here that no day of the year allows: the model has changed since it was recorded."""
        return self.recorded is not None and bool(self.recorded.amount) and not self.is_lawful


def possible_contributions(budget: Budget) -> list[PossibleContribution]:
    """Every body of the scheme with every kind of money, lawful under the year's model or not.

    Source: 2014 Act ss.14, 18, 19.
    """
    spans = models_of_year(budget)
    recorded = {(row.body_id, row.kind): row for row in budget.contributions.select_related("changed_by")}
    return [
        PossibleContribution(body, kind, answer, recorded.get((body.pk, kind)), when)
        for body in bodies_of(budget.partnership)
        for kind in FundKind
        for answer, when in [may_contribute_in(spans, body, kind)]
    ]


def contributions_shown(budget: Budget) -> list[PossibleContribution]:
    """What the Act lets each body put in, and what stands against it since the model changed: no figure disappears."""
    return [row for row in possible_contributions(budget) if row.is_lawful or row.is_against_the_act]


def lawful_contributions(budget: Budget) -> list[PossibleContribution]:
    """What the Act lets each body put in under the year's model; nothing while the model is not recorded."""
    return [row for row in possible_contributions(budget) if row.is_lawful]
