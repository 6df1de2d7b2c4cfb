"""Directions made the way people make them, for tests of several apps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from budgets.enums import MoneyStated
from budgets.models import Budget, BudgetLine, Direction
from budgets.services import directions as services
from budgets.services.directions import DirectionFields
from partnerships.models import DelegatedFunction, User


def complete_fields(budget: Budget, function: DelegatedFunction, /, **changes: Any) -> DirectionFields:
    """All that section 27 and the guidance ask of a direction to the health board."""
    fields: dict[str, Any] = {
        "title": "District nursing in every locality",
        "text": "Provide district nursing in every locality, seven days a week.",
        "targets": {budget.partnership.health_board: ""},
        "functions": [function],
        "money": MoneyStated.AMOUNT,
        "budget": budget,
        "amount": Decimal(100),
        "use_of_money": "For nurses and their travel.",
        "approved_on": date(2026, 3, 20),
        "minute_reference": "Minute 12 of 20 March 2026",
        "starts_on": date(2026, 4, 1),
        "review_on": date(2027, 1, 31),
    }
    return DirectionFields(**fields | changes)  # type: ignore[typeddict-item]


def draft(budget: Budget, function: DelegatedFunction, by: User, /, **changes: Any) -> Direction:
    return services.start_direction(
        partnership=budget.partnership, by=by, fields=complete_fields(budget, function, **changes)
    )


def prepared(budget: Budget, function: DelegatedFunction, by: User, /, **changes: Any) -> Direction:
    made = draft(budget, function, by, **changes)
    return services.prepare_direction(direction=made, revision=made.revision, by=by)


def issued(
    budget: Budget,
    function: DelegatedFunction,
    by: User,
    chief: User,
    lines: dict[BudgetLine, Any] | None = None,
    /,
    **changes: Any,
) -> Direction:
    made = draft(budget, function, by, **changes)
    if lines:
        made = services.set_direction_money(direction=made, amounts=lines, revision=made.revision, by=by)
    made = services.prepare_direction(direction=made, revision=made.revision, by=by)
    return services.issue_direction(
        direction=made, revision=made.revision, by=chief, unconfirmed_reason="The offer comes in May."
    )
