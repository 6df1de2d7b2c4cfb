import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from outcomes.enums import IndicatorSet, ReportingStatus
from outcomes.models import Principle
from outcomes.selectors import home_line
from partnerships import home
from partnerships.enums import Role
from partnerships.permissions import standing_of

from .factories import DataReleaseFactory, IndicatorFactory, IndicatorValueFactory, OutcomeFactory

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def outcome(db):
    return OutcomeFactory(number=2, text="People are able to live at home.")


@pytest.fixture
def indicator(outcome, partnership):
    found = IndicatorFactory(code="NI-17", short_title="Care services graded good", outcomes=[outcome])
    release = DataReleaseFactory(name="Gradings of 2021", url="https://example.scot/gradings")
    for area, period, value in (
        (partnership, "2019/20", 50),
        (partnership, "2020/21", 60),
        (None, "2020/21", 58),
    ):
        IndicatorValueFactory(indicator=found, partnership=area, period=period, value=value, release=release)
    return found


@pytest.fixture
def unreported(outcome):
    return IndicatorFactory(
        code="NI-10",
        status=ReportingStatus.NOT_REPORTED,
        status_note="Not reported nationally (S6W-28791).",
        outcomes=[outcome],
    )


def at(name, *args, partnership="angus"):
    return reverse(f"outcomes:{name}", args=[partnership, *args])


PAGES = [
    ("list", ()),
    ("outcome", (2,)),
    ("indicators", ()),
    ("indicators_csv", ()),
    ("indicator", ("ni-17",)),
]


def test_every_member_reads_every_page_and_nobody_else_any(cast, outsider, stranger, sign_in, indicator):
    for name, args in PAGES:
        for role, user in cast.items():
            expected = 404 if role == Role.NATIONAL_VIEWER else 200
            assert sign_in(user).get(at(name, *args)).status_code == expected, (name, role)
        for user in (outsider, stranger):
            assert sign_in(user).get(at(name, *args)).status_code == 404


def test_pages_only_read(officer, sign_in, indicator):
    for name, args in PAGES:
        assert sign_in(officer).post(at(name, *args)).status_code == 405


def test_what_does_not_exist_is_not_found(officer, sign_in, indicator):
    client = sign_in(officer)
    for address in (at("outcome", 10), at("indicator", "ni-99"), at("list", partnership="moray")):
        assert client.get(address).status_code == 404


def test_the_list_shows_outcome_indicator_scotland_direction_and_sentence(
    officer, sign_in, indicator, unreported
):
    Principle.objects.create(code="a", position=0, text="that the main purpose is wellbeing,")
    html = sign_in(officer).get(at("list")).content.decode()
    for words in (
        "People are able to live at home.",
        "NI-17 Care services graded good",
        "60.0%",
        "58.0%",
        "Better",
        "Up from 50.0% in 2019/20 to 60.0% in 2020/21, over one year; higher is better.",
        "Not reported nationally (S6W-28791).",
        "that the main purpose is wellbeing,",
    ):
        assert words in html


def test_the_outcome_page_is_headed_by_the_wording_of_the_law(officer, sign_in, indicator, unreported):
    html = sign_in(officer).get(at("outcome", 2)).content.decode()
    assert html.count("<h1") == 1
    assert "People are able to live at home.</h1>" in html
    assert "<svg" in html
    assert "Not reported nationally (S6W-28791)." in html


def test_an_outcome_that_nothing_measures_says_so(officer, sign_in, partnership):
    OutcomeFactory(number=8)
    assert (
        "No indicator of this outcome has a value for Angus here."
        in sign_in(officer).get(at("outcome", 8)).content.decode()
    )


def test_the_indicator_page_names_value_source_and_release(officer, sign_in, indicator):
    html = sign_in(officer).get(at("indicator", "ni-17")).content.decode()
    for words in (
        "2019/20",
        "50.0%",
        "60.0%",
        "Gradings of 2021",
        "https://example.scot/gradings",
        "How a change is judged",
    ):
        assert words in html


def test_an_indicator_without_values_says_why_instead_of_an_empty_chart(officer, sign_in, unreported):
    html = sign_in(officer).get(at("indicator", "ni-10")).content.decode()
    assert "Not reported nationally (S6W-28791)." in html
    assert "portal-chart" not in html


def test_what_was_known_on_a_day_is_shown_and_a_wrong_day_is_refused_in_words(officer, sign_in, indicator):
    client = sign_in(officer)
    page = client.get(at("indicator", "ni-17"), {"as_at": "1 January 2020"})
    assert "what had been recorded by 1 January 2020" in page.content.decode()
    assert page.context["finding"].latest is None
    wrong = client.get(at("indicator", "ni-17"), {"as_at": "31 February 2020"})
    assert "Enter a real date" in wrong.content.decode()
    assert "31 February 2020" in wrong.content.decode()
    assert "<title>Error: " in wrong.content.decode()
    assert wrong.context["finding"].latest is not None


def test_filters_live_in_the_address_and_the_csv_holds_what_is_shown(officer, sign_in, indicator, unreported):
    IndicatorFactory(code="MSG-4", indicator_set=IndicatorSet.MINISTERIAL)
    client = sign_in(officer)
    wanted = {"set": "national", "outcome": "2", "status": "reported"}
    page = client.get(at("indicators"), wanted)
    assert [finding.indicator.code for finding in page.context["findings"]] == ["NI-17"]
    assert "set=national&amp;outcome=2&amp;status=reported" in page.content.decode()
    answer = client.get(at("indicators_csv"), wanted)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="indicators-angus.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["Indicator"], row["Period"], row["Value"], row["Scotland"]) for row in rows] == [
        ("NI-17", "2020/21", "60.0000", "58.0000")
    ]


@pytest.mark.parametrize(
    "query",
    [{"set": "merged"}, {"outcome": "x"}, {"outcome": "99"}, {"status": "<script>"}, {"outcome": "9" * 40}],
)
def test_filters_that_cannot_be_understood_are_said_and_left_open(officer, sign_in, indicator, query):
    for name in ("indicators", "indicators_csv"):
        assert sign_in(officer).get(at(name), query).status_code == 200
    page = sign_in(officer).get(at("indicators"), query)
    assert page.context["form"].errors
    assert len(page.context["findings"]) == 1
    assert "<script>" not in page.content.decode().split("</head>", 1)[1].replace("<script type", "")


def test_filters_that_nothing_fits_offer_the_way_back(officer, sign_in, indicator):
    html = sign_in(officer).get(at("indicators"), {"set": "ministerial"}).content.decode()
    assert "No indicator fits these filters" in html


def test_hostile_text_is_text_and_no_formula(officer, sign_in, partnership):
    IndicatorFactory(code="X-1", title="=1+1", short_title=HOSTILE, status_note=HOSTILE, status="stalled")
    client = sign_in(officer)
    for name, args in (("indicators", ()), ("indicator", ("x-1",))):
        html = client.get(at(name, *args)).content.decode()
        assert HOSTILE not in html
        assert "&lt;script&gt;" in html
    assert "'=1+1" in client.get(at("indicators_csv")).content.decode()


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(officer, sign_in, indicator, name, args):
    client = sign_in(officer)
    client.get(at(name, *args))
    counts = []
    (outcome,) = indicator.outcomes.all()
    partnership = officer.memberships.get().partnership
    for more in (0, 2):
        for number in range(more):
            another = IndicatorFactory(outcomes=[outcome, OutcomeFactory(number=50 + number)])
            IndicatorValueFactory(indicator=another, partnership=partnership)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(at(name, *args)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 15


def test_the_home_page_has_a_line_about_the_outcomes(
    officer, partnership, indicator, django_assert_max_num_queries
):
    standing = standing_of(officer, partnership)
    with django_assert_max_num_queries(2):
        line = home_line(standing)
    assert line.sentence.startswith("Of one core indicator with values, one is better")
    assert line.url == at("list")
    assert line in home.lines_for(standing)
