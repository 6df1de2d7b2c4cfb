"""Figures of a month as one grid, and what is asked about a month."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone

from foundation.sgds.fields import DateField, MoneyField
from foundation.sgds.forms import Form, FormHelper, offer
from foundation.sgds.widgets import FoldedCheckboxes
from partnerships.models import Membership, Partnership, User

from ..enums import Cause, ThresholdKind
from ..models import BudgetLine, MonitoringRules, Period, VarianceReason
from ..refusals import Figures
from ..rules import ENTER_FIGURES, share_in
from ..selectors.monitoring import Month, PeriodLine
from ..services import FigureChange
from ..variances import less
from .fields import AllocatedField, readable
from .figures import FiguresForm, GridCell, cell_of
from .line_choices import offer_lines

COLUMNS = {"budget_to_date": "Budget to date", "actual": "Spent to date", "forecast": "Forecast for the year"}
OF_THE_HOST = {"hosted_outturn": "The host’s projected outturn"}


@dataclass(frozen=True)
class BoxWithLast:
    """A box of the grid and what stood there last month."""

    cell: GridCell
    last: Decimal | None


@dataclass(frozen=True)
class FigureRow:
    """A line with its boxes and what follows from the figures in them. Pounds."""

    row: PeriodLine
    boxes: tuple[BoxWithLast, ...]
    variance_to_date: Decimal | None
    variance: Decimal | None


@dataclass(frozen=True)
class HostedRow:
    """A hosted line with the box of its host, and what follows from the figure in it. Pounds."""

    row: PeriodLine
    box: BoxWithLast
    variance: Decimal | None
    share: Decimal | None


class PeriodForm(FiguresForm):
    """The month's grid as one form, in the manner of the allocation: three boxes a line, a fourth for its host."""

    COLUMNS = COLUMNS | OF_THE_HOST

    def __init__(self, data: Mapping[str, Any] | None = None, *, rows: Sequence[PeriodLine]) -> None:
        self.was = read_opened(data.get("opened", "")) if data is not None else opened_figures(rows)
        self.lines = [row for row in rows if row.line.pk in self.was]
        super().__init__(data, initial={"opened": written_opened(self.was)})
        field = MoneyField(required=False)
        for row in self.lines:
            for column, label in _columns_of(row).items():
                box = copy.copy(field)
                box.label = f"{label}, {row.line.title}, {row.line.delivered_by}"
                box.initial = getattr(row, column)
                self.fields[f"{column}-{row.line.pk}"] = box

    def changes(self) -> list[FigureChange]:
        """The lines whose figures the person changed, with the figures that they saw."""
        changes = []
        for row in self.lines:
            key = row.line.pk
            wanted = Figures(**{column: self._wanted(key, column) for column in _columns_of(row)})
            opened = Figures(**{column: self._seen(key, column) for column in _columns_of(row)})
            if wanted != opened:
                changes.append(FigureChange(key, opened, wanted))
        return changes

    def written_opened(self, opened: Mapping[int, Figures]) -> str:
        return written_opened(opened)

    def rows(self) -> Iterator[FigureRow]:
        for row in self.lines:
            to_date, actual, forecast = (readable(self[f"{column}-{row.line.pk}"]) for column in COLUMNS)
            yield FigureRow(
                row,
                tuple(self._box(row, column) for column in COLUMNS),
                less(to_date, actual),
                less(row.budget, forecast),
            )

    def hosted_rows(self) -> Iterator[HostedRow]:
        """The lines that are our share of a service that another partnership runs."""
        for row in self.lines:
            if row.line.is_hosted:
                outturn = readable(self[f"hosted_outturn-{row.line.pk}"])
                yield HostedRow(
                    row,
                    self._box(row, "hosted_outturn"),
                    less(row.line.hosted_total, outturn),
                    share_in(outturn, row.line.hosted_share),
                )

    def _box(self, row: PeriodLine, column: str) -> BoxWithLast:
        last = getattr(row.last, column) if row.last and column != "budget_to_date" else None
        return BoxWithLast(cell_of(self, f"{column}-{row.line.pk}", column), last)


def _columns_of(row: PeriodLine) -> dict[str, str]:
    return COLUMNS | OF_THE_HOST if row.line.is_hosted else COLUMNS


def opened_figures(rows: Sequence[PeriodLine]) -> dict[int, Figures]:
    return {
        row.line.pk: Figures(row.budget_to_date, row.actual, row.forecast, row.hosted_outturn) for row in rows
    }


def written_opened(opened: Mapping[int, Figures]) -> str:
    """The figures that a page was opened with, to be sent along and back: {"12": ["100.00", null, null, null]}."""
    return json.dumps(
        {
            str(key): [None if figure is None else str(figure) for figure in asdict(said).values()]
            for key, said in opened.items()
        },
        separators=(",", ":"),
    )


def read_opened(text: str) -> dict[int, Figures]:
    """What `written_opened` wrote; nothing at all where it was tampered with, so that the form refuses to save."""
    try:
        return {
            int(key): Figures(*(None if figure is None else Decimal(figure) for figure in said))
            for key, said in json.loads(text).items()
        }
    except (ValueError, TypeError, AttributeError, InvalidOperation):
        return {}


class BeginForm(Form):
    number = forms.TypedChoiceField(label="Month", coerce=int)

    def __init__(self, *args: Any, months: Sequence[Month], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begun = max((month.number for month in months if month.period), default=0)
        number: Any = self.fields["number"]
        number.choices = [(month.number, month.label) for month in months if month.number > begun]
        self.helper = FormHelper(submit="Begin the month")


class VarianceReasonForm(Form):
    cause = forms.ChoiceField(
        choices=[("", "Choose one"), *Cause.choices], label="Main cause", help_text="What drives it most."
    )
    words = forms.CharField(
        label="What happened",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Where, to whom, since when, and how much of it: places, packages, posts, items, weeks.",
    )
    is_recurring = forms.TypedChoiceField(
        label="Does it come back next year?",
        choices=[("yes", "Yes, it recurs"), ("no", "No, it is for this year only")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    action = forms.CharField(
        label="What is done about it",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Or that the cost is accepted, and why.",
    )
    owner = forms.CharField(label="Who does it", max_length=120)
    due_on = DateField(label="By when")
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    NAMES = ("cause", "words", "is_recurring", "action", "owner", "due_on")

    def __init__(self, *args: Any, reason: VarianceReason | None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"revision": 0}
        if reason is not None:
            initial = {name: getattr(reason, name) for name in (*self.NAMES, "revision")}
            initial["is_recurring"] = "yes" if reason.is_recurring else "no"
        super().__init__(*args, initial=initial, **kwargs)
        self.helper = FormHelper(submit="Save the reason")

    def answers(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.NAMES}


class PrepareForm(Form):
    note = forms.CharField(
        required=False,
        label="What readers of the report must know",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, period: Period, **kwargs: Any) -> None:
        super().__init__(*args, initial={"note": period.note}, **kwargs)
        self.helper = FormHelper(submit="Prepare the close")


class UnlockForm(Form):
    granted_to = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Who may change figures", empty_label="Choose one"
    )
    lines = forms.ModelMultipleChoiceField(
        queryset=BudgetLine.objects.none(),
        required=False,
        label="Which lines",
        help_text="None chosen means every line of the month.",
        widget=FoldedCheckboxes,
    )
    reason = forms.CharField(
        label="Why",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands in the next report.",
    )
    expires_on = DateField(label="Until the end of", help_text="At most a month ahead.")

    refused_as = {"expires_at": "expires_on"}

    def __init__(self, *args: Any, period: Period, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        roles = Membership.objects.on(today).filter(partnership=partnership, role__in=ENTER_FIGURES.roles)
        people = User.objects.filter(memberships__in=roles)
        offer(self, "granted_to", people.distinct().order_by("name"))
        offer_lines(self, "lines", period.budget)
        self.helper = FormHelper(submit="Unlock the month")

    def answers(self) -> dict[str, Any]:
        day = self.cleaned_data["expires_on"]
        return {
            "granted_to": self.cleaned_data["granted_to"],
            "lines": list(self.cleaned_data["lines"]),
            "reason": self.cleaned_data["reason"],
            "expires_at": timezone.make_aware(datetime.combine(day, time(23, 59, 59))),
        }


class RulesForm(Form):
    variance_amount = AllocatedField(label="A variance above this sum needs a reason")
    variance_percent = forms.DecimalField(
        label="A variance above this percentage of the line’s budget needs a reason",
        min_value=0,
        max_value=100,
        decimal_places=2,
    )
    threshold = forms.ChoiceField(
        choices=ThresholdKind, label="How the two work together", widget=forms.RadioSelect
    )
    amber_percent = forms.DecimalField(
        label="Watch a line from this forecast overspend (%)", min_value=0, max_value=100, decimal_places=2
    )
    red_percent = forms.DecimalField(
        label="Call it overspending from this forecast overspend (%)",
        min_value=0,
        max_value=100,
        decimal_places=2,
    )
    officer_limit = AllocatedField(
        label="Officers approve virements and allocations up to",
        help_text="Above it the board decides, and the reference of its minute is asked for.",
    )
    recovery_percent = forms.DecimalField(
        label="A forecast overspend of the whole budget above this percentage needs a recovery plan",
        min_value=0,
        max_value=100,
        decimal_places=2,
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rules: MonitoringRules, **kwargs: Any) -> None:
        super().__init__(*args, initial={name: getattr(rules, name) for name in self.base_fields}, **kwargs)
        self.helper = FormHelper(submit="Save the rules")
