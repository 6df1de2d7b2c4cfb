"""What the gallery shows. Invented figures and words, chosen to be awkward."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.forms import formset_factory
from django.http import QueryDict

from .charts import (
    PERCENT,
    POUNDS,
    Chart,
    Reference,
    Role,
    Series,
    SeriesBreak,
    bar_chart,
    grouped_bar_chart,
    line_chart,
    rate,
    run_chart,
    sparkline,
    stacked_bar_chart,
)
from .fields import DateField, MoneyField
from .forms import Form, FormHelper
from .maps import Map, Place, map_of
from .statuses import STATUSES
from .widgets import CharacterCountTextarea

HOSTILE = '<script>alert("name")</script>'


class EveryField(Form):
    """One field of each kind."""

    title = forms.CharField(
        label="Action title", max_length=60, help_text="Begin with a verb: “Open a second carers’ centre”."
    )
    reason = forms.CharField(
        label="Why it matters",
        max_length=300,
        widget=CharacterCountTextarea(attrs={"rows": 3}),
        help_text="What will be different for people.",
    )
    due_on = DateField(label="Due date", help_text="For example 31 March 2027 or 31/03/2027.")
    amount = MoneyField(label="Amount", help_text="In pounds, for example 61,204,000.")
    lead = forms.ChoiceField(
        label="Lead officer",
        choices=[("", "Choose a person"), ("1", "Morag Sinclair"), ("2", "Euan MacLeod-Fotheringham")],
    )
    progress = forms.ChoiceField(
        label="Progress",
        widget=forms.RadioSelect,
        choices=[("on", "On track"), ("risk", "At risk"), ("off", "Off track")],
    )
    groups = forms.MultipleChoiceField(
        label="Groups of people",
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("Who uses services", [("carers", "Carers"), ("young", "Young people")]),
            ("Who provides them", [("third", "Third sector"), ("independent", "Independent sector")]),
        ],
    )
    evidence = forms.FileField(label="Evidence", required=False, help_text="PDF or spreadsheet, up to 5 MB.")
    email = forms.EmailField(label="E-mail address", required=False)
    checked = forms.BooleanField(label="I have checked these details")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Save the action")


class LineForm(Form):
    """A row of a budget grid."""

    paid = MoneyField(label="Paid to the council")
    set_aside = MoneyField(label="Set aside", required=False)
    setting = forms.ChoiceField(
        label="Setting", choices=[("", "Choose"), ("c", "Community"), ("h", "Hospital")]
    )
    drop = forms.BooleanField(label="Remove", required=False)

    @property
    def row_label(self) -> str:
        return ("Care at home", "Care homes", "Unscheduled hospital care")[
            int(str(self.prefix).split("-")[-1])
        ]


LineFormSet = formset_factory(LineForm, extra=3, max_num=3)


@dataclass(frozen=True)
class Part:
    """An item of side navigation."""

    label: str
    url: str
    current: bool = False
    status: str = ""
    items: list["Part"] = field(default_factory=list)


def components(posted: QueryDict | None, query: QueryDict) -> dict[str, Any]:
    """Everything that the gallery's first page shows."""
    page = query.get("page", "3")
    form = EveryField(posted) if posted and "title" in posted else EveryField()
    formset = LineFormSet(posted) if posted and "form-TOTAL_FORMS" in posted else LineFormSet()
    return {
        "form": form,
        "formset": formset,
        "statuses": STATUSES,
        "today": datetime.date(2027, 3, 31),
        "page_obj": Paginator(range(240), 20).get_page(page),
        "parts": parts(),
        "crumbs": [{"label": "Home", "url": "/"}, {"label": "Gallery", "url": ""}],
        "amounts": [Decimal(61204000), Decimal("-1000"), Decimal("1250.50"), None],
        "table_rows": [
            (
                f"Care at home {number}",
                Decimal(1_204_000 * number),
                Decimal(980_500 * number),
                Decimal("3.25") * number,
            )
            for number in range(1, 16)
        ],
        "charts": charts(),
        "odd_charts": odd_charts(),
        "spark": sparkline([4, 6, 5, None, 9, 12, 11]),
        "maps": [invented_map(), odd_map()],
    }


def parts() -> list[Part]:
    return [
        Part("About this plan", "#about", status="done"),
        Part("What people told us", "#told", status="in_progress"),
        Part(
            "Priorities",
            "#priorities",
            current=True,
            status="draft",
            items=[
                Part("Care at home", "#care"),
                Part("Unpaid carers and the people they look after", "#carers"),
            ],
        ),
        Part("Money", "#money", status="locked"),
        Part("Localities", "#localities", status="missing"),
    ]


YEARS = ["2016/17", "2017/18", "2018/19", "2019/20", "2020/21", "2021/22", "2022/23", "2023/24", "2024/25"]


def charts() -> list[Chart]:
    """One of each kind with ordinary figures."""
    return [
        bar_chart(
            title="Integrated budget by delivering body, 2026/27",
            categories=["City council", "Health board", "Set aside for hospitals", "Hosted services"],
            values=[261_204_000, 402_500_000, 98_000_000, None],
            unit=POUNDS,
            source="Integrated budget, as at 31 March 2026",
        ),
        bar_chart(
            title="Emergency admission rate by partnership, 2024/25",
            categories=["Angus", "Dundee City", "Edinburgh", "Na h-Eileanan Siar", "Orkney Islands"],
            values=[10_204, 13_882, 8_411, 12_030, 9_077],
            unit=rate("per 100,000 people"),
            ours="Edinburgh",
            reference=Reference(11_155, "Scotland"),
        ),
        grouped_bar_chart(
            title="Budget and actual spend by setting",
            categories=["Community", "Hospital", "Family health services"],
            series=[
                Series("Budget", [310_000_000, 98_000_000, 140_000_000]),
                Series("Actual", [322_500_000, 104_200_000, 139_100_000]),
            ],
            unit=POUNDS,
        ),
        stacked_bar_chart(
            title="Spend by setting and care group",
            categories=["North West", "North East", "South West", "South East"],
            series=[
                Series("Older people", [42_000_000, 38_500_000, 31_000_000, 36_250_000]),
                Series("Learning disabilities", [12_000_000, 15_500_000, 11_250_000, 9_000_000]),
                Series("Mental health", [8_000_000, 9_500_000, 7_250_000, 6_000_000]),
                Series("Physical disabilities", [4_000_000, 3_500_000, 2_250_000, None]),
            ],
            unit=POUNDS,
        ),
        line_chart(
            title="Adults able to look after their health very well or quite well",
            periods=YEARS,
            series=[
                Series("Edinburgh", [94.1, 93.8, None, 93.9, 94.0, 92.1, 91.4, 92.0, 92.6], Role.OURS, provisional={8}),
                Series("Scotland", [94.0, 93.7, 93.0, 92.9, 92.9, 91.9, 90.9, 90.7, 90.6], Role.COMPARATOR),
            ],
            unit=PERCENT,
            target=Reference(95, "Target"),
            breaks=[SeriesBreak(4, "New survey questions")],
            source="Health and Care Experience survey, Scottish Government",
        ),
        run_chart(
            title="Days people spend in hospital when ready to go home",
            periods=[f"{month} {year}" for year in (2025, 2026) for month in MONTHS],
            values=[
                410, 395, 420, 433, 401, 388, 412, 405, 399, 430, 415, 408,
                380, 372, 391, 377, 369, 381, 390, 402, 409, 415, 421, 430,
            ],
            name="Days per 1,000 people",
            baseline=12,
        ),
    ]  # fmt: skip


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def odd_charts() -> list[Chart]:
    """The same kinds with figures that break careless drawings."""
    return [
        bar_chart(title="No categories", categories=[], values=[]),
        bar_chart(title="Nothing recorded", categories=["North", "South"], values=[None, None], unit=POUNDS),
        bar_chart(
            title="Below and above zero, hostile and long names",
            categories=[
                HOSTILE,
                "Services for people with complex needs and their families, delivered by the third sector",
                "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
            ],
            values=[Decimal("-1250000.50"), 3, 98_765_432_109],
            unit=POUNDS,
        ),
        grouped_bar_chart(
            title="Five series that need a legend",
            categories=["2025/26", "2026/27"],
            series=[
                Series(f"A series with a rather long name, number {number}", [number, None])
                for number in range(5)
            ],
        ),
        stacked_bar_chart(
            title="Parts below zero",
            categories=["Savings", "Pressures"],
            series=[Series("Agreed", [-4_000_000, 2_000_000]), Series("Proposed", [-1_500_000, 7_250_000])],
            unit=POUNDS,
        ),
        line_chart(
            title="One figure only",
            periods=["2024/25"],
            series=[Series("Edinburgh", [12.5], Role.OURS)],
            unit=PERCENT,
        ),
        line_chart(
            title="No figures at all", periods=YEARS, series=[Series("Edinburgh", [None] * 9, Role.OURS)]
        ),
        line_chart(
            title="Many series that end close together",
            periods=YEARS,
            series=[
                Series(f"Locality {number}", [10 + number / 10 + i for i in range(9)]) for number in range(5)
            ],
        ),
        run_chart(title="Too few figures", periods=["Jan", "Feb", "Mar"], values=[1, 2, 3]),
    ]


def invented_map() -> Map:
    """Four made-up areas."""
    corners = [(-3.4, 55.9), (-3.2, 55.98), (-3.0, 55.94), (-3.05, 55.86), (-3.3, 55.83)]
    middle = (-3.2, 55.91)
    names = ["North West", "North East", "South East", "South", "West"]
    places = []
    for index, name in enumerate(names):
        ring = [middle, corners[index], corners[(index + 1) % 5], middle]
        places.append(
            Place(
                name,
                {"type": "Polygon", "coordinates": [ring]},
                url=f"#{name.lower().replace(' ', '-')}",
                words=f"{(index + 1) * 24_310:,} people",
                is_current=index == 1,
            )
        )
    return map_of(
        title="Localities of an invented partnership", places=places, source="Invented for this page"
    )


def odd_map() -> Map:
    """A place without an outline and one with a hostile name."""
    square = {
        "type": "Polygon",
        "coordinates": [[(-3, 56), (-2.9, 56), (-2.9, 56.05), (-3, 56.05), (-3, 56)]],
    }
    return map_of(title="Odd places", places=[Place(HOSTILE, square), Place("No outline", None, url="#none")])


def workspace() -> dict[str, Any]:
    """What the workspace page shows."""
    return {"parts": parts(), "form": EveryField()}


def reading() -> dict[str, Any]:
    """What the reading page shows."""
    return {
        "chart": charts()[4],
        "map": invented_map(),
        "sections": ["About this plan", "Money", "How to have a say"],
    }
