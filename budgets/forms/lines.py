from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from foundation.sgds.fields import MoneyField
from foundation.sgds.forms import FilterForm, Form, offer
from localities.models import Locality
from partnerships.models import Body, DelegatedFunction, Partnership

from ..enums import (
    NOT_TOLD_APART,
    Arm,
    FundKind,
    LocalityMethod,
    ProviderSector,
    Setting,
    SpendCategory,
    Subjective,
)
from ..models import Budget, BudgetLine, CareGroup
from ..rules import arm_of, is_institutional, parts_of
from ..selectors import LineFilter, bodies_of, functions_of, hosts_for, localities_of
from .fields import AllocatedField, readable
from .functions import offer_functions

FOLLOWS = ""
INSTITUTIONAL, IN_THE_COMMUNITY = "institutional", "community"
POUNDS, PERCENT = "pounds", "percent"


class LineForm(Form):
    title = forms.CharField(
        max_length=200, label="Title", help_text="The service, as the board’s papers call it."
    )
    code = forms.CharField(
        max_length=40, required=False, label="Code", help_text="By which ledgers and files know the line."
    )
    group = forms.CharField(
        max_length=120,
        required=False,
        label="Heading",
        help_text="Lines with the same heading are shown together.",
    )
    delivered_by = forms.ModelChoiceField(
        queryset=Body.objects.none(),
        label="Delivered by",
        empty_label="Choose one",
        help_text="The body that the authority gives the money back to, with a direction.",
    )
    provider_sector = forms.ChoiceField(choices=ProviderSector, required=False, label="Who gives the service")
    provider = forms.CharField(
        max_length=200,
        required=False,
        label="Name of the organisation",
        help_text="Only where the body commissions the service from somebody else.",
    )
    fund = forms.ChoiceField(choices=FundKind, label="Paid for from")
    arm = forms.ChoiceField(
        choices=[(FOLLOWS, "Follows from the money and the delivering body"), *Arm.choices],
        required=False,
        label="Side of the budget",
        help_text="A hosted service is run by one partnership for several.",
    )
    hosted_by = forms.ModelChoiceField(
        queryset=Partnership.objects.none(),
        required=False,
        label="Host partnership",
        empty_label="Not hosted",
    )
    hosted_share = forms.DecimalField(
        max_digits=5,
        decimal_places=2,
        required=False,
        label="Our share of the hosted service (%)",
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    hosted_total = MoneyField(
        required=False,
        label="The host’s budget for the whole service",
        help_text="Stands beside our share in table F5 of the finance report. Leave it empty where it is not told.",
    )
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
    subjective = forms.ChoiceField(
        choices=[("", NOT_TOLD_APART), *Subjective.choices],
        required=False,
        label="Type of spend",
        help_text="The subjective heading of the ledger, for table F3 of the finance report.",
    )
    place = forms.ChoiceField(
        choices=[
            (FOLLOWS, "Follows from the category and the setting"),
            (INSTITUTIONAL, "In a hospital or a care home (institutional)"),
            (IN_THE_COMMUNITY, "In the community"),
        ],
        required=False,
        label="Balance of care",
    )
    care_groups = forms.ModelMultipleChoiceField(
        queryset=CareGroup.objects.none(),
        required=False,
        label="Care groups",
        widget=forms.CheckboxSelectMultiple,
        help_text="They overlap the categories and each other, and are never added to them.",
    )
    amount = MoneyField(
        label="Budget for the year", help_text="Income stands below zero, for example -1,250.50."
    )
    is_recurring = forms.BooleanField(
        required=False, initial=True, label="Recurring: the money is there in later years too"
    )
    actual = MoneyField(
        required=False, label="Spent in the year", help_text="Leave it empty while nothing is known."
    )
    revision = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    NAMES = (
        "title",
        "code",
        "group",
        "delivered_by",
        "provider",
        "fund",
        "hosted_by",
        "hosted_share",
        "hosted_total",
        "function",
        "category",
        "setting",
        "subjective",
        "amount",
        "is_recurring",
        "actual",
    )
    # What the page groups under one heading each, in the order in which a person thinks of it.
    GROUPS = (
        ("What it is", ("title", "code", "group", "function", "care_groups")),
        (
            "Whose money, and who gives the service",
            (
                "fund",
                "delivered_by",
                "provider_sector",
                "provider",
                "arm",
                "hosted_by",
                "hosted_share",
                "hosted_total",
            ),
        ),
        ("How it is reported", ("category", "subjective", "setting", "place")),
        ("How much", ("amount", "is_recurring", "actual")),
    )

    def __init__(self, *args: Any, budget: Budget, line: BudgetLine | None = None, **kwargs: Any) -> None:
        if line is not None:
            kwargs["initial"] = _initial_of(line, self.NAMES)
        super().__init__(*args, **kwargs)
        offer(self, "delivered_by", bodies_of(budget.partnership))
        offer_functions(self, "function", functions_of(budget))
        offer(self, "hosted_by", hosts_for(budget.partnership), lambda host: f"{host}")
        offer(self, "care_groups", CareGroup.objects.for_partnership(budget.partnership))
        self.submit = "Save the line" if line else "Add the line"

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The boxes under their headings; the care groups only where the partnership keeps some."""
        for heading, names in self.GROUPS:
            yield (
                heading,
                [self[name] for name in names if name != "care_groups" or self._keeps_care_groups()],
            )

    def _keeps_care_groups(self) -> bool:
        return bool(self["care_groups"].subwidgets)

    def line_fields(self) -> dict[str, Any]:
        """The answers as `add_line` and `change_line` take them."""
        chosen = self.cleaned_data
        fund, body = FundKind(chosen["fund"]), chosen["delivered_by"]
        category, setting = SpendCategory(chosen["category"]), Setting(chosen["setting"])
        follows = is_institutional(category, setting)
        return {
            **{name: chosen[name] for name in self.NAMES},
            "provider_sector": ProviderSector(chosen["provider_sector"] or ProviderSector.BODY),
            "arm": Arm(chosen["arm"]) if chosen["arm"] else arm_of(fund, body),
            "subjective": Subjective(chosen["subjective"]) if chosen["subjective"] else "",
            "is_institutional": chosen["place"] == INSTITUTIONAL if chosen["place"] else follows,
            "care_groups": list(chosen["care_groups"]),
        }


def _initial_of(line: BudgetLine, names: Sequence[str]) -> dict[str, Any]:
    """What the line says, with `follows` wherever it says no more than follows anyway."""
    fund, category, setting = FundKind(line.fund), SpendCategory(line.category), Setting(line.setting)
    place = INSTITUTIONAL if line.is_institutional else IN_THE_COMMUNITY
    return {
        **{name: getattr(line, name) for name in (*names, "provider_sector", "revision")},
        "arm": FOLLOWS if line.arm == arm_of(fund, line.delivered_by) else line.arm,
        "place": FOLLOWS if line.is_institutional == is_institutional(category, setting) else place,
        "care_groups": line.care_groups.all(),
    }


class RemovalForm(Form):
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SplitForm(Form):
    """One box a locality, in pounds or in per cent; the rest of the line is area-wide."""

    unit = forms.ChoiceField(
        choices=[(POUNDS, "Pounds"), (PERCENT, "Per cent of the line")],
        initial=POUNDS,
        required=False,
        label="The boxes are in",
        widget=forms.RadioSelect,
    )
    method = forms.ChoiceField(
        choices=[("", "Choose one"), *LocalityMethod.choices],
        required=False,
        label="How the split was worked out",
    )
    note = forms.CharField(
        max_length=200,
        required=False,
        label="Note on the split",
        help_text="For example the month of the data, or the meeting that agreed it.",
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, line: BudgetLine, **kwargs: Any) -> None:
        shares = {share.locality_id: share.amount for share in line.locality_shares.all()}
        kwargs["initial"] = {
            "method": line.locality_method,
            "note": line.locality_note,
            "revision": line.revision,
        }
        super().__init__(*args, **kwargs)
        self.localities = list(localities_of(line.budget))
        boxes = {}
        for locality in self.localities:
            box = MoneyField if line.is_income else AllocatedField
            boxes[self.box(locality)] = box(
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
        typed = [self.cleaned_data.get(self.box(locality)) or Decimal(0) for locality in self.localities]
        parts = parts_of(self.line.amount, typed) if self.is_in_percent else typed
        return dict(zip(self.localities, parts, strict=True))

    @property
    def is_in_percent(self) -> bool:
        return bool(self["unit"].value() == PERCENT)

    def clean(self) -> dict[str, Any]:
        """Percentages add up to no more than the whole line."""
        if self.is_in_percent and not self.errors:
            total = sum(
                (self.cleaned_data.get(self.box(locality)) or Decimal(0) for locality in self.localities),
                Decimal(0),
            )
            if total > 100:
                self.add_error(
                    None,
                    f"The localities together get {total.normalize():f} per cent, which is more than the whole "
                    "line. Lower one of the parts.",
                )
        return self.cleaned_data

    def left(self) -> Decimal:
        """What stays area-wide with the figures in the boxes; a box that cannot be read counts as nothing."""
        typed = [readable(box) or Decimal(0) for box in self.share_boxes()]
        return self.line.amount - sum(
            parts_of(self.line.amount, typed) if self.is_in_percent else typed, Decimal(0)
        )


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
