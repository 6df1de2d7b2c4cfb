"""Books of a closed month without a database, for what is made of them alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from budgets.books import Books, ContributionPart, LinePart, ReasonPart
from budgets.enums import Arm, FundKind


def line_part(**changes: Any) -> LinePart:
    return LinePart(
        **(
            {
                "line": 1,
                "code": "",
                "title": "Ward beds",
                "group": "",
                "function": "",
                "delivered_by": "NHS",
                "arm": Arm.HEALTH_BOARD,
                "fund": FundKind.PAYMENT,
                "category": "A",
                "setting": "hospital",
                "hosted_by": "",
                "hosted_share": None,
                "is_recurring": True,
                "is_institutional": True,
                "care_groups": (),
                "localities": (),
                "locality_method": "",
                "original": Decimal(100),
                "budget": Decimal(110),
                "budget_to_date": Decimal(110),
                "actual": Decimal(130),
                "forecast": Decimal(130),
                "last_forecast": None,
                "rag": "",
                "reason": ReasonPart(
                    cause="Demand",
                    words="A hard winter",
                    is_recurring=False,
                    action="More beds",
                    owner="Chief nurse",
                    due_on=date(2027, 1, 31),
                ),
            }
            | changes
        )
    )


def contribution_part(**changes: Any) -> ContributionPart:
    return ContributionPart(
        **(
            {
                "body": "NHS",
                "kind": FundKind.PAYMENT,
                "opening": Decimal(200),
                "amount": Decimal(200),
                "is_notional": False,
                "method": "",
            }
            | changes
        )
    )


def books_with(**changes: Any) -> Books:
    """The books of one month with nothing in them but what is given."""
    return Books(
        **(
            {
                "partnership": "Angus Integration Joint Board",
                "slug": "angus",
                "year": 2026,
                "year_label": "2026/27",
                "period": 6,
                "ends_on": date(2026, 9, 30),
                "note": "",
                "lines": (line_part(),),
                "contributions": (contribution_part(),),
                "funding": (),
                "virements": (),
                "recovery": None,
            }
            | changes
        )
    )
