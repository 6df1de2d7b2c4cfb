"""Money of the demonstration split by locality."""

from __future__ import annotations

from decimal import Decimal

from budgets.enums import LocalityMethod
from budgets.models import BudgetLine
from budgets.services.localities import split_line_by_locality
from localities.models import Locality
from partnerships.models import Partnership, User

SPLIT_NOTE = "Demonstration: mid-2021"
SPLIT_LINES = ("Care at home", "Day services", "Residential care")
WHOLE_POUND = Decimal(1)


def split_by_population(line: BudgetLine, partnership: Partnership, by: User) -> None:
    """The line's money is split by how many people live where, in whole pounds; the rest stays area-wide."""
    people = {
        locality: locality.population or 0 for locality in Locality.objects.for_partnership(partnership)
    }
    everybody = sum(people.values())
    shares = {
        locality: (line.amount * count / everybody).quantize(WHOLE_POUND, rounding="ROUND_DOWN")
        for locality, count in people.items()
    }
    split_line_by_locality(
        line=line,
        shares=shares,
        method=LocalityMethod.POPULATION,
        note=SPLIT_NOTE,
        revision=line.revision,
        by=by,
    )
