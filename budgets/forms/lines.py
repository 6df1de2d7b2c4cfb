from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from foundation.sgds.fields import MoneyField
from foundation.sgds.forms import FilterForm, Form, FormHelper, offer
from localities.models import Locality
from partnerships.models import Body, DelegatedFunction

from ..enums import FundKind, Setting, SpendCategory
from ..models import Budget, BudgetLine
from ..selectors import LineFilter, bodies_of, functions_of, localities_of
from .fields import AllocatedField, readable


def function_label(function: DelegatedFunction) -> str:
    return f"{function} (large hospital)" if function.is_large_hospital else str(function)


class LineForm(Form):
    title = forms.CharField(
        max_length=200, label="Title", help_text="The service, as the board’s papers call it."
    )
    group = forms.CharField(
        max_length=120,
        required=False,
        label="Heading",
        help_text="Lines with the same heading are shown together.",
    )
    delivered_by = forms.ModelChoiceField(
        queryset=Body.objects.none(), label="Delivered by", empty_label="Choose one"
    )
    fund = forms.ChoiceField(choices=FundKind, label="Paid for from")
    function = forms.ModelChoiceField(
        queryset=DelegatedFunction.objects.none(),
        required=False,
        label="Delegated function",
        empty_label="No single function",
        help_text="A set-aside line names a function of a large hospital (2014 Act s.1(14)).",
    )
    category = forms.ChoiceField(
        choices=[("", "Choose one"), *((c.value, f"{c.value} {c.label}") for c in SpendCategory)],
        label="Category of the annual report",
        help_text="SSI 2014/326 regulation 4(2). Each line belongs to exactly one.",
    )
    setting = forms.ChoiceField(choices=[("", "Choose one"), *Setting.choices], label="Setting")
    amount = AllocatedField(label="Budget for the year")
    actual = MoneyField(
        required=False, label="Spent in the year", help_text="Leave it empty while nothing is known."
    )
    revision = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    NAMES = ("title", "group", "delivered_by", "fund", "function", "category", "setting", "amount", "actual")

    def __init__(self, *args: Any, budget: Budget, line: BudgetLine | None = None, **kwargs: Any) -> None:
        if line is not None:
            kwargs["initial"] = {name: getattr(line, name) for name in (*self.NAMES, "revision")}
        super().__init__(*args, **kwargs)
        offer(self, "delivered_by", bodies_of(budget.partnership))
        offer(self, "function", functions_of(budget), function_label)
        self.helper = FormHelper(submit="Save the line" if line else "Add the line")

    def line_fields(self) -> dict[str, Any]:
        """The answers as `add_line` and `change_line` take them."""
        return {name: self.cleaned_data[name] for name in self.NAMES}


class RemovalForm(Form):
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SplitForm(Form):
    """One box a locality; the rest of the line is area-wide."""

    method = forms.CharField(
        max_length=200,
        required=False,
        label="How the split was worked out",
        help_text="For example: spend by postcode of the people served; population aged 65 and over; team base.",
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, line: BudgetLine, **kwargs: Any) -> None:
        shares = {share.locality_id: share.amount for share in line.locality_shares.all()}
        kwargs["initial"] = {"method": line.locality_method, "revision": line.revision}
        super().__init__(*args, **kwargs)
        self.localities = list(localities_of(line.budget))
        boxes = {}
        for locality in self.localities:
            boxes[self.box(locality)] = AllocatedField(
                label=locality.name, required=False, initial=shares.get(locality.pk)
            )
        self.fields = {**boxes, **self.fields}
        self.line = line

    @staticmethod
    def box(locality: Locality) -> str:
        return f"share-{locality.pk}"

    def share_boxes(self) -> list[forms.BoundField]:
        return [self[self.box(locality)] for locality in self.localities]

    def shares(self) -> dict[Locality, Decimal]:
        """What each locality gets, in pounds; an empty box is nothing."""
        return {
            locality: self.cleaned_data.get(self.box(locality)) or Decimal(0) for locality in self.localities
        }

    def left(self) -> Decimal:
        """What stays area-wide with the figures in the boxes; a box that cannot be read counts as nothing."""
        return self.line.amount - sum(readable(box) or Decimal(0) for box in self.share_boxes())


class LineFilterForm(FilterForm):
    """The filters of the list of lines."""

    q = forms.CharField(required=False, max_length=100, label="Words")
    body = forms.ModelChoiceField(
        queryset=Body.objects.none(), required=False, label="Delivered by", empty_label="Any body"
    )
    fund = forms.ChoiceField(choices=[("", "Any"), *FundKind.choices], required=False, label="Paid for from")
    category = forms.ChoiceField(
        choices=[("", "Any"), *((c.value, f"{c.value} {c.label}") for c in SpendCategory)],
        required=False,
        label="Category",
    )
    setting = forms.ChoiceField(choices=[("", "Any"), *Setting.choices], required=False, label="Setting")
    heading = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    function = forms.ModelChoiceField(
        queryset=DelegatedFunction.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, budget: Budget, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "body", bodies_of(budget.partnership))
        offer(self, "function", functions_of(budget))

    def filters(self) -> LineFilter:
        """The filters that can be read; one that cannot is told beside its box and filters nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        return LineFilter(
            words=chosen.get("q") or "",
            body=chosen.get("body"),
            fund=chosen.get("fund") or "",
            category=chosen.get("category") or "",
            setting=chosen.get("setting") or "",
            heading=chosen.get("heading") or "",
            function=chosen.get("function"),
        )
