"""The years ahead: a grid of boxes for one scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from foundation.sgds.fields import MoneyField
from foundation.sgds.forms import Form, FormHelper
from partnerships.models import Partnership

from ..enums import PlanItem
from ..models import FIRST_YEAR, MediumTermPlan, Outlook
from ..selectors.medium_term import FigureRow, OutlookYear, figures_of, medium_term_plans, plan_rows, years_of
from ..services import FigureEntry
from .fields import AllocatedField, readable
from .figures import GridCell, cell_of

YEARS_AHEAD = 5


class StartPlanForm(Form):
    first_year = forms.TypedChoiceField(label="First year", coerce=int)

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        current = today.year if (today.month, today.day) >= (4, 1) else today.year - 1
        taken = {plan.first_year for plan in medium_term_plans(partnership)}
        years: Any = self.fields["first_year"]
        years.choices = [
            (year, f"{year}/{(year + 1) % 100:02d}")
            for year in range(current + YEARS_AHEAD, FIRST_YEAR - 1, -1)
            if year not in taken
        ]
        years.initial = next((year for year in (current + 1, current) if year not in taken), None)
        self.helper = FormHelper(submit="Start the plan")


@dataclass(frozen=True)
class PlanLine:
    """One row of boxes. `heading` is set on the first row of a group."""

    label: str
    heading: str
    cells: tuple[GridCell, ...]


HEADINGS = {
    PlanItem.BASE: "What it costs",
    PlanItem.FUNDING: "What comes in",
    PlanItem.SAVINGS: "What is saved",
}


class OutlookForm(Form):
    """For each row of the plan a box for each of its years; an empty box is no figure."""

    assumptions = forms.CharField(
        required=False,
        max_length=10_000,
        label="Assumptions",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="What the figures take for granted, such as pay of 3% a year, and where that comes from.",
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, plan: MediumTermPlan, outlook: Outlook, **kwargs: Any) -> None:
        kwargs["initial"] = {"assumptions": outlook.assumptions, "revision": outlook.revision}
        super().__init__(*args, **kwargs)
        recorded = list(outlook.figures.select_related("body"))
        self.plan = plan
        self.rows: Sequence[FigureRow] = plan_rows(plan, recorded)
        figures = figures_of(recorded)
        for row in self.rows:
            for year in plan.years:
                label = f"{row.label}, {year}/{(year + 1) % 100:02d}"
                initial = figures.get(row.key, {}).get(year)
                field = (
                    MoneyField(required=False, label=label, initial=initial)
                    if row.item == PlanItem.PRESSURE
                    else AllocatedField(required=False, label=label, initial=initial)
                )
                self.fields[self.box(row, year)] = field

    @staticmethod
    def box(row: FigureRow, year: int) -> str:
        parts = (row.item, row.pressure, str(row.body.pk) if row.body else "", row.fund, str(year))
        return "-".join(filter(None, parts))

    def entries(self) -> list[FigureEntry]:
        """The figures that somebody typed, as `save_outlook` takes them."""
        return [
            FigureEntry(year, row.item, amount, row.pressure, row.body, row.fund)
            for row in self.rows
            for year in self.plan.years
            if (amount := self.cleaned_data[self.box(row, year)]) is not None
        ]

    def lines(self) -> Iterator[PlanLine]:
        headed: set[str] = set()
        for row in self.rows:
            heading = HEADINGS.get(row.item, "")
            heading = "" if heading in headed else heading
            headed.add(heading)
            yield PlanLine(
                row.label, heading, tuple(cell_of(self, self.box(row, year)) for year in self.plan.years)
            )

    def years(self) -> tuple[OutlookYear, ...]:
        """The years added up from what stands in the boxes; one that cannot be read counts as nothing."""
        return years_of(
            self.plan,
            {
                row.key: {year: readable(self[self.box(row, year)]) or Decimal(0) for year in self.plan.years}
                for row in self.rows
            },
        )
