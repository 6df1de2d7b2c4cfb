"""What the money tells the partnership's home page and the page of a locality."""

from __future__ import annotations

from django.db.models import Count, Sum
from django.urls import reverse

from localities.models import Locality
from localities.parts import Part
from partnerships.home import Line
from partnerships.permissions import Standing

from ..models import Contribution, LocalityShare
from .summary import years_of
from .totals import NOTHING, share_of


def home_line(standing: Standing) -> Line:
    """The year that runs, or the newest, in one sentence, and what was allocated year by year. One query a request."""
    years = years_of(standing)
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
