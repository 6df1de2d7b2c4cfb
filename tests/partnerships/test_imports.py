import csv
import re
import time
from collections import Counter
from datetime import date

import pytest

from foundation.audit.models import Entry
from partnerships.enums import BodyKind, FunctionSetting, IntegrationModel
from partnerships.imports import DATA, load_reference, partnership_code
from partnerships.models import (
    Body,
    DelegatedFunction,
    IntegrationModelPeriod,
    IntegrationScheme,
    Partnership,
)


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def loaded(db):
    return load_reference()


def test_every_row_of_the_files_is_there(loaded):
    partnerships, functions = len(rows("partnerships.csv")), len(rows("prescribed_functions.csv"))
    assert loaded == {
        "bodies": len(rows("bodies.csv")),
        "partnerships": partnerships,
        "integration model periods": partnerships,
        "integration schemes": partnerships,
        "delegated functions": partnerships * functions,
    }
    assert partnerships == 31
    assert Counter(Body.objects.values_list("kind", flat=True)) == {"health_board": 14, "council": 32}


def test_codes_have_their_series_and_are_current(loaded):
    superseded = {row["old_code"] for row in rows("code_changes.csv")}
    for model, kind, series in [
        (Partnership, {}, "S37"),
        (Body, {"kind": BodyKind.COUNCIL}, "S12"),
        (Body, {"kind": BodyKind.HEALTH_BOARD}, "S08"),
    ]:
        codes = set(model.objects.filter(**kind).values_list("code", flat=True))
        assert all(re.fullmatch(rf"{series}\d{{6}}", code) for code in codes)
        assert not codes & superseded


def test_every_council_belongs_to_one_partnership_and_one_partnership_has_two(loaded):
    councils = [body.code for each in Partnership.objects.all() for body in each.councils.all()]
    assert sorted(councils) == sorted(
        Body.objects.filter(kind=BodyKind.COUNCIL).values_list("code", flat=True)
    )
    shared = [each for each in Partnership.objects.all() if each.councils.count() > 1]
    assert [each.short_name for each in shared] == ["Clackmannanshire and Stirling"]
    assert {str(body) for body in shared[0].councils.all()} == {
        "Clackmannanshire Council",
        "Stirling Council",
    }


def test_highland_is_the_lead_agency_and_all_others_are_bodies_corporate(loaded):
    on = IntegrationModelPeriod.objects.on(date(2026, 11, 21)).values_list("partnership__slug", "model")
    models = dict(on)
    assert models.pop("highland") == IntegrationModel.LEAD_BOTH
    assert IntegrationModelPeriod.objects.get(partnership__slug="highland").starts_on == date(2016, 4, 1)
    assert set(models.values()) == {IntegrationModel.BODY_CORPORATE}
    assert "Joint Board" not in Partnership.objects.get(slug="highland").name


def test_the_day_of_integration_is_the_latest_that_the_law_allowed_and_said_to_be_so(loaded):
    days = set(Partnership.objects.values_list("integration_start_day", "is_start_day_exact"))
    assert days == {(date(2016, 4, 1), False)}


def test_schemes_have_no_made_up_dates(loaded):
    fields = ("approved_on", "effective_on", "published_on", "last_review_on")
    assert set(IntegrationScheme.objects.values_list(*fields)) == {(None, None, None, None)}


def test_the_prescribed_minimum_is_complete(loaded):
    functions = DelegatedFunction.objects.filter(partnership__slug="angus")
    assert all(function.is_prescribed for function in functions)
    by_setting = Counter((f.delegated_by, f.setting) for f in functions)
    assert by_setting == {
        (BodyKind.HEALTH_BOARD, FunctionSetting.HOSPITAL): 10,
        (BodyKind.HEALTH_BOARD, FunctionSetting.COMMUNITY): 16,
        (BodyKind.COUNCIL, FunctionSetting.SOCIAL_CARE): 70,
    }
    act = "Adult Support and Protection (Scotland) Act 2007"
    sections = [f.legal_basis.rpartition(" ")[2] for f in functions.filter(legal_basis__startswith=act)]
    assert sorted(sections, key=int) == "4 5 6 11 14 18 22 40 42 43".split()  # noqa: SIM905 - reads as the law


def test_functions_of_the_carers_act_start_when_it_came_into_force(loaded):
    angus = DelegatedFunction.objects.for_partnership(Partnership.objects.get(slug="angus"))
    late = set(angus.exclude(starts_on=date(2016, 4, 1)).values_list("starts_on", flat=True))
    assert late == {date(2018, 4, 1)}
    assert not angus.on(date(2018, 3, 31)).filter(code__startswith="carers-2016").exists()
    assert angus.on(date(2018, 4, 1)).filter(code__startswith="carers-2016").count() == 7


@pytest.mark.parametrize(("slug", "expected"), [("edinburgh", 9), ("fife", 0), ("scottish-borders", 0)])
def test_large_hospitals_only_where_the_board_serves_two_councils(loaded, slug, expected):
    functions = DelegatedFunction.objects.filter(partnership__slug=slug)
    assert functions.filter(is_large_hospital=True).count() == expected
    assert not functions.filter(code="inpatient-general-practitioners", is_large_hospital=True).exists()


def test_populations_add_up_to_scotland(loaded):
    assert sum(Partnership.objects.values_list("population", flat=True)) == 5_479_900
    for each in Partnership.objects.all():
        assert each.population_75_plus < each.population_65_plus < each.population_18_plus < each.population


def test_loading_again_changes_nothing_and_keeps_what_a_partnership_changed(loaded):
    angus = Partnership.objects.get(slug="angus")
    IntegrationModelPeriod.objects.filter(partnership=angus).update(starts_on=date(2015, 10, 1))
    angus.functions.filter(code="hospital-mental-health").update(is_large_hospital=False)
    angus.schemes.update(approved_on=date(2015, 9, 1), version=2)
    Body.objects.filter(code="S12000041").update(name="Old name")
    assert load_reference() == loaded
    assert not angus.functions.get(code="hospital-mental-health").is_large_hospital
    assert angus.schemes.get().approved_on == date(2015, 9, 1)
    assert Body.objects.get(code="S12000041").name == "Angus Council"
    assert Entry.objects.filter(action="partnerships.reference_loaded").count() == 1


def test_a_made_up_partnership_gets_nothing(partnership, other_partnership):
    from tests.factories import PartnershipFactory

    own = PartnershipFactory(code="S37999999")
    load_reference()
    assert not own.functions.exists()
    assert partnership.functions.exists()


def test_loading_is_quick(db):
    started = time.perf_counter()
    load_reference()
    assert time.perf_counter() - started < 6  # below 1.5 s on its own; the machine may be busy


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("S37000015", "S37000034"),
        (" S37000034 ", "S37000034"),
        ("Argyll & Bute", "S37000004"),
        ("ARGYLL AND BUTE", "S37000004"),
        ("Edinburgh, City of", "S37000012"),
        ("Eilean Siar", "S37000031"),
        ("Stirling", "S37000005"),
        ("Orkney Islands ", "S37000022"),
        ("Scotland", None),
        ("Scotland (Estimated)", None),
        ("Outside Partnership", None),
        ("S12000015", None),
        ("", None),
    ],
)
def test_areas_as_public_files_write_them(written, code):
    assert partnership_code(written) == code
