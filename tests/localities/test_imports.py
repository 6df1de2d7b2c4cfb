import json
import time

import pytest
from django.utils import timezone

from foundation.audit.models import Entry
from localities import imports
from localities.models import Locality
from partnerships.imports import load_reference as load_partnerships
from partnerships.models import Partnership


@pytest.fixture
def scotland(db):
    """The 31 partnerships as they are."""
    load_partnerships()


def test_loads_127_localities_of_31_partnerships_quickly(scotland, django_assert_max_num_queries):
    started = time.monotonic()
    with django_assert_max_num_queries(12):
        counts = imports.load_reference()
    assert time.monotonic() - started < 3
    assert counts == {
        "localities": 127,
        "added": 127,
        "changed": 0,
        "with outline": 118,
        "with population": 123,
    }
    assert Locality.objects.values("partnership").distinct().count() == Partnership.objects.count() == 31
    assert all(partnership.localities.count() >= 2 for partnership in Partnership.objects.all())


def test_loading_again_changes_nothing(scotland):
    imports.load_reference()
    before = list(Locality.objects.values())
    counts = imports.load_reference()
    assert (counts["added"], counts["changed"]) == (0, 0)
    assert Entry.objects.filter(action="localities.reference_loaded").count() == 1
    assert list(Locality.objects.values()) == before


def test_loading_again_corrects_figures_and_keeps_what_people_wrote(scotland):
    imports.load_reference()
    locality = Locality.objects.get(name="Edinburgh South West")
    right = locality.population
    locality.population, locality.rationale, locality.revision = 7, "Natural communities", 5
    locality.changed_at = timezone.now()
    locality.save()
    assert imports.load_reference()["changed"] == 1
    locality.refresh_from_db()
    assert (locality.population, locality.rationale, locality.revision) == (right, "Natural communities", 5)


def test_names_with_commas_brackets_and_strokes_are_whole(scotland):
    imports.load_reference()
    slugs = dict(Locality.objects.values_list("name", "slug"))
    assert slugs["Mid-Argyll, Kintyre and Islay"] == "mid-argyll-kintyre-and-islay"
    assert slugs["Skye, Lochalsh and West Ross"] == "skye-lochalsh-and-west-ross"
    assert slugs["Dumbarton/Alexandria"] == "dumbartonalexandria"
    assert slugs["Midlothian (East)"] == "midlothian-east"


def test_exactly_these_have_no_outline_and_say_why(scotland):
    imports.load_reference()
    without = Locality.objects.filter(boundary__isnull=True)
    assert {(row.partnership.short_name, row.name) for row in without} == {
        ("Aberdeen City", "Aberdeen Central"),
        ("Aberdeen City", "Aberdeen North"),
        ("Aberdeen City", "Aberdeen South"),
        ("Moray", "Buckie Cullen Fochabers"),
        ("Moray", "Elgin"),
        ("Moray", "Forres and Lossiemouth"),
        ("Moray", "Keith and Speyside"),
        ("Renfrewshire", "Paisley"),
        ("Renfrewshire", "Renfrewshire West"),
    }
    assert all("redrawn after February 2020" in row.boundary_note for row in without)


def test_exactly_moray_has_no_population(scotland):
    imports.load_reference()
    without = Locality.objects.filter(population__isnull=True)
    assert {row.partnership.short_name for row in without} == {"Moray"}
    assert without.count() == 4


def test_outlines_match_by_name_and_joined_ones_say_what_they_were_joined_from():
    outlines = imports.read_outlines()
    joined = {key: outline.names_2020 for key, outline in outlines.items() if len(outline.names_2020) > 1}
    assert joined == {
        ("S37000004", "Bute and Cowal"): ("Bute", "Cowal"),
        ("S37000004", "Mid-Argyll, Kintyre and Islay"): (
            "Mid Argyll",
            "Kintyre",
            "Islay Jura and Colonsay",
        ),
        ("S37000004", "Oban, Lorn and the Isles"): ("Oban and Lorn", "Mull Iona Coll and Tiree"),
    }
    for (_, name), outline in outlines.items():
        if len(outline.names_2020) == 1:
            plain = outline.names_2020[0].replace("&", "and")
            assert plain == name
    note = outlines["S37000004", "Bute and Cowal"].note("Bute and Cowal")
    assert note.endswith("Bute and Cowal joined from the former localities Bute and Cowal.")


def test_outlines_are_small_closed_and_in_scotland():
    sizes: dict[str, int] = {}
    for (code, name), outline in imports.read_outlines().items():
        geometry = outline.geometry
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        for ring in (ring for polygon in polygons for ring in polygon):
            assert ring[0] == ring[-1], name
            assert len(ring) >= 4, name
            assert all(-9 < x < 0 and 54 < y < 61.5 for x, y in ring), name
        sizes[code] = sizes.get(code, 0) + sum(len(ring) for polygon in polygons for ring in polygon)
    assert max(sizes.values()) <= 720
    assert len(json.dumps(imports.read_outlines()["S37000016", "Inverness"].geometry)) < 10_000


def test_a_missing_partnership_is_said(db):
    with pytest.raises(imports.ReferenceDataIncomplete, match="load the partnerships first"):
        imports.load_reference()
    assert not Locality.objects.exists()
