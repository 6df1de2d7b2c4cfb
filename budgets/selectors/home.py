"""What the money tells the partnership's home page and the page of a locality."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Sum
from django.urls import reverse

from localities.models import Locality
from localities.parts import Part
from partnerships.home import Due, Line
from partnerships.permissions import Standing
from partnerships.selectors.home import DueRow, due_row

from ..models import Budget, Contribution, LocalityShare
from .recovery import due_of, with_what_is_due
from .summary import YearAtAGlance, budget_years
from .totals import NOTHING, share_of


def home_line(standing: Standing) -> Line:
    """The year that runs, or the newest, in one sentence, and what was allocated year by year. Two queries."""
    years = _years(standing)
    url = reverse("budgets:list", args=[standing.partnership.slug])
    if not years:
        return Line("Money", "No budget is open yet.", url)
    told = next((year for year in years if year.budget.starts_on <= standing.on), years[0])
    return Line(
        label="Money",
        sentence=f"{told.budget.year_label}: {told.sentence}",
        url=told.budget.get_absolute_url(),
        values=tuple(float(year.allocated) for year in reversed(years)),
        values_label="Allocated, year by year",
    )


def months_due(standing: Standing) -> list[Due]:
    """Months that wait to be closed and recovery actions that are due. No query of its own beside the home line."""
    return [due for year in _years(standing) for due in due_of(year.budget, standing)]


def due_in_year(budget: Budget, standing: Standing) -> list[DueRow]:
    """What waits in one year, in the words of the home page. One query."""
    found = with_what_is_due(Budget.objects.filter(pk=budget.pk), standing.on).get()
    waiting = sorted(due_of(found, standing), key=lambda due: due.due_on or date.max)
    return [due_row(due, standing.on) for due in waiting]


def _years(standing: Standing) -> list[YearAtAGlance]:
    return standing.recall("budgets.years", lambda: budget_years(standing.partnership))


def locality_part(_standing: Standing, locality: Locality) -> Part:
    """The newest year of which this locality has a part, and its share of everything paid or set aside. Two queries."""
    years = list(
        LocalityShare.objects.filter(locality=locality)
        .values("line__budget", "line__budget__year")
        .annotate(amount=Sum("amount"), lines=Count("line"))
        .order_by("-line__budget__year")[:1]
    )
    if not years:
        return Part("Money", "budgets/parts/of_locality.html", {"locality": locality})
    newest = years[0]
    paid = Contribution.objects.filter(budget=newest["line__budget"]).aggregate(sum=Sum("amount"))["sum"]
    year = newest["line__budget__year"]
    return Part(
        "Money",
        "budgets/parts/of_locality.html",
        {
            "locality": locality,
            "year": year,
            "year_label": f"{year}/{(year + 1) % 100:02d}",
            "amount": newest["amount"],
            "lines": newest["lines"],
            "share": share_of(newest["amount"], paid or NOTHING),
        },
    )
