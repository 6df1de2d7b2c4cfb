import time
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.audit.models import Entry
from outcomes import imports
from outcomes.enums import IndicatorSet, ReportingStatus
from outcomes.models import DataRelease, Indicator, IndicatorValue, Outcome, Principle
from outcomes.selectors import indicator_series
from partnerships.imports import load_reference as load_partnerships
from partnerships.models import Partnership
from tests.factories import PartnershipFactory

from .factories import DataReleaseFactory, IndicatorFactory


@pytest.fixture
def scotland(db):
    """The 31 partnerships as they are."""
    load_partnerships()


@pytest.fixture
def loaded(scotland):
    return imports.load_reference()


def test_everything_of_the_files_is_loaded_quickly(scotland, django_assert_max_num_queries):
    started = time.monotonic()
    with django_assert_max_num_queries(60):
        counts = imports.load_reference()
    assert time.monotonic() - started < 5
    assert counts == {
        "outcomes": 9,
        "principles": 13,
        "indicators": 37,
        "values": 5401,
        "values added": 5401,
    }
    assert IndicatorValue.objects.count() == 5401
    assert IndicatorValue.objects.filter(partnership__isnull=True).count() == 174
    assert IndicatorValue.objects.values("partnership").distinct().count() == 31 + 1


def test_loading_again_adds_nothing_and_keeps_the_moment_of_recording(loaded):
    before = list(IndicatorValue.objects.order_by("pk").values())
    moments = list(DataRelease.objects.order_by("pk").values("pk", "name", "recorded_at"))
    indicators = list(Indicator.objects.order_by("pk").values())
    assert imports.load_reference()["values added"] == 0
    assert Entry.objects.filter(action="outcomes.reference_loaded").count() == 1
    assert list(IndicatorValue.objects.order_by("pk").values()) == before
    assert list(DataRelease.objects.order_by("pk").values("pk", "name", "recorded_at")) == moments
    assert list(Indicator.objects.order_by("pk").values()) == indicators


def test_outcomes_and_principles_stand_in_the_words_of_the_law(loaded):
    assert (
        Outcome.objects.get(number=7).text
        == "People using health and social care services are safe from harm."
    )
    assert (
        "who are frail are able to live, as far as reasonably practicable"
        in Outcome.objects.get(number=2).text
    )
    codes = list(Principle.objects.values_list("code", flat=True))
    assert codes == ["a", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
    assert Principle.objects.get(code="v").text == "respects the rights of service-users,"


def test_the_core_suite_is_whole_and_says_what_is_not_reported(loaded):
    core = Indicator.objects.filter(indicator_set=IndicatorSet.NATIONAL)
    assert [indicator.code for indicator in core] == [f"NI-{number}" for number in range(1, 24)]
    not_reported = core.filter(status=ReportingStatus.NOT_REPORTED)
    assert {indicator.code for indicator in not_reported} == {"NI-10", "NI-21", "NI-22", "NI-23"}
    assert all("S6W-28791" in indicator.status_note for indicator in not_reported)
    assert core.get(status=ReportingStatus.STALLED).code == "NI-20"
    with_values = core.filter(values__isnull=False).distinct()
    assert {indicator.code for indicator in with_values} == {
        f"NI-{number}" for number in (2, 3, 7, 8, 11, 14, 17, 19)
    }
    assert set(core.filter(status=ReportingStatus.REPORTED)) == set(with_values)
    assert all(indicator.outcomes.exists() for indicator in core.prefetch_related("outcomes"))


def test_lists_are_kept_apart(loaded):
    sets = Counter(Indicator.objects.values_list("indicator_set", flat=True))
    assert sets == {
        IndicatorSet.NATIONAL: 23,
        IndicatorSet.MINISTERIAL: 1,
        IndicatorSet.LOCAL_GOVERNMENT: 4,
        IndicatorSet.COMMUNITY_PLANNING: 2,
        IndicatorSet.PUBLIC_HEALTH: 7,
    }
    for code, other in (("LGBF-SW3a", "NI-18"), ("CPOP-EMERGENCY-65", "NI-12"), ("MSG-4", "NI-19")):
        assert other in Indicator.objects.get(code=code).status_note


def test_the_break_of_the_2023_survey_is_marked_where_values_of_it_are_held(loaded):
    breaks = IndicatorValue.objects.filter(breaks_series=True)
    assert {(row.indicator.code, row.period) for row in breaks} == {("NI-3", "2023/24")}
    assert {row.partnership.code if row.partnership else "Scotland" for row in breaks} == {
        "S37000012",
        "Scotland",
    }
    for number in (2, 3, 4, 5, 7, 9):
        assert "worded differently" in Indicator.objects.get(code=f"NI-{number}").status_note


def test_a_partnership_of_two_councils_has_no_averaged_rate(loaded):
    both = Partnership.objects.get(code="S37000005")
    held = set(Indicator.objects.filter(values__partnership=both).values_list("code", flat=True))
    assert "NI-14" not in held
    assert "NI-2" not in held
    derived = IndicatorValue.objects.filter(indicator__code="NI-19", partnership=both)
    assert derived.exists()
    assert all("two councils" in value.note for value in derived)


# Reading a file


@pytest.fixture
def angus(partnership):
    return partnership


@pytest.fixture
def indicator(db):
    return IndicatorFactory(code="NI-14", unit="per 1,000 discharges")


def row(**given):
    return {
        "indicator": "NI-14",
        "partnership": "Angus",
        "period": "2019/20",
        "value": "100.5",
        "release": "r",
        **given,
    }


def read(rows, indicator):
    return imports.read_values(rows, imports.loaded_areas(), {indicator.code: indicator})


def test_a_row_is_read_with_its_area_period_and_marks(angus, indicator):
    found = read(
        [
            row(
                partnership="Angus ",
                period="2019-20",
                value=" 1,100.5 ",
                breaks_series="Yes",
                provisional="yes",
            ),
            row(partnership="Scotland", period="2019"),
        ],
        indicator,
    )
    assert (found.faults, dict(found.left_out)) == ([], {})
    here, there = found.rows["r"]
    assert (here.partnership, here.period.label, here.value) == (angus, "2019/20", Decimal("1100.5"))
    assert here.breaks_series
    assert here.is_provisional
    assert (there.partnership, there.period.label) == (None, "2019")


def test_areas_that_are_no_partnership_are_said_and_not_guessed(angus, indicator):
    PartnershipFactory(code="S37000005")
    names = [
        "Scotland (Estimated)",
        "Outside Partnership",
        "",
        "  ",
        "Stirling",
        "Clackmannanshire",
        "England",
    ]
    found = read([row(partnership=name) for name in names], indicator)
    assert found.rows == {}
    assert found.left_out == {
        "Scotland (Estimated)": 1,
        "Outside Partnership": 1,
        "(blank)": 2,
        "Stirling": 1,
        "Clackmannanshire": 1,
        "England": 1,
    }


@pytest.mark.parametrize(
    ("wrong", "column", "words"),
    [
        ({"indicator": "NI-99"}, "indicator", "is no indicator"),
        ({"indicator": ""}, "indicator", "is no indicator"),
        ({"period": "2019/22"}, "period", "is not a period"),
        ({"period": None}, "period", "is not a period"),
        ({"value": "ca. 5"}, "value", "is not a figure"),
        ({"value": "NaN"}, "value", "too large"),
        ({"value": "Infinity"}, "value", "too large"),
        ({"value": "1e30"}, "value", "too large"),
        ({"value": "1.00001"}, "value", "more than four decimals"),
        ({"release": ""}, "release", "Name the published file"),
        ({"note": "n" * 301}, "note", "300 characters"),
    ],
)
def test_what_is_wrong_is_said_with_row_column_and_remedy(angus, indicator, wrong, column, words):
    found = read(
        [row(), row(period="2018/19", **wrong) if "period" not in wrong else row(**wrong)], indicator
    )
    (fault,) = found.faults
    assert (fault.row, fault.column) == (3, column)
    assert words in fault.message
    assert len(found.rows["r"]) == 1


def test_two_values_for_the_same_period_are_a_fault_however_they_are_written(angus, indicator):
    found = read([row(), row(period="2019-20", value="99")], indicator)
    assert len(found.rows["r"]) == 1
    assert "A second value for Angus in 2019/20" in found.faults[0].message


def test_an_empty_cell_is_no_value_and_kept_as_such(angus, indicator):
    (value,) = read([row(value="", note="Fewer than 50 answers")], indicator).rows["r"]
    assert value.value is None
    assert imports.record_values([value], DataReleaseFactory()) == 1


def test_rows_with_cells_too_many_or_too_few_break_nothing(angus, indicator):
    found = read([{**row(), None: ["more", "cells"]}, {"partnership": "Angus"}], indicator)
    assert len(found.rows["r"]) == 1
    assert {fault.column for fault in found.faults} == {"indicator", "period", "release"}


# Vintages


def record(indicator, release, **given):
    (values,) = read([row(**given)], indicator).rows.values()
    return imports.record_values(values, release)


@pytest.fixture
def earlier(db):
    return DataReleaseFactory(name="First", recorded_at=timezone.now() - timedelta(days=400))


@pytest.fixture
def later(db):
    return DataReleaseFactory(name="Revised")


def test_a_changed_value_in_a_new_release_is_a_new_vintage_and_the_old_one_stays(
    angus, indicator, earlier, later
):
    assert record(indicator, earlier, value="100") == 1
    assert record(indicator, later, value="101") == 1
    assert [value.value for value in IndicatorValue.objects.order_by("pk")] == [100, 101]
    assert [point.value for point in indicator_series(indicator, angus).points] == [101]
    then = timezone.localdate() - timedelta(days=30)
    assert [point.value for point in indicator_series(indicator, angus, as_at=then).points] == [100]
    assert indicator_series(indicator, angus, as_at=then - timedelta(days=600)).points == ()


def test_an_unchanged_value_in_a_new_release_adds_nothing(angus, indicator, earlier, later):
    record(indicator, earlier, value="100")
    assert record(indicator, later, value="100.0000") == 0
    assert IndicatorValue.objects.count() == 1


def test_a_release_loaded_again_after_its_revision_does_not_come_back(angus, indicator, earlier, later):
    record(indicator, earlier, value="100")
    record(indicator, later, value="101")
    assert record(indicator, earlier, value="100") == 0
    assert [point.value for point in indicator_series(indicator, angus).points] == [101]


def test_a_release_recorded_with_other_values_is_refused_whole(angus, indicator, earlier):
    record(indicator, earlier, value="100")
    values = read([row(period="2018/19"), row(value="7")], indicator).rows["r"]
    with pytest.raises(
        imports.ReleaseAlreadyRecorded, match="Give the revised file a release name of its own"
    ):
        imports.record_values(values, earlier)
    assert IndicatorValue.objects.count() == 1


def test_a_mark_that_changed_is_a_new_vintage_too(angus, indicator, earlier, later):
    record(indicator, earlier, provisional="yes")
    assert record(indicator, later) == 1
    assert not indicator_series(indicator, angus).points[0].is_provisional


@pytest.mark.parametrize("act", [lambda values: values.update(value=1), lambda values: values.delete()])
def test_the_database_refuses_to_change_or_remove_a_value(angus, indicator, earlier, act):
    record(indicator, earlier)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        act(IndicatorValue.objects.all())
    assert IndicatorValue.objects.get().value == Decimal("100.5")
