import math
import re

import pytest
from django.template import engines
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as markup

from foundation.sgds.gallery import invented_map, odd_map
from foundation.sgds.maps import WIDTH, Place, map_of, rings_of
from tests.browser.checks import markup_faults

HOSTILE = '"><script>alert(1)</script>&'


def square(west=-3.0, south=56.0, size=0.1):
    east, north = west + size, south + size
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def rendered(drawing, *, pdf=False):
    source = "{% load sgds %}{% map drawing pdf=pdf %}"
    return engines["django"].from_string(source).render({"drawing": drawing, "pdf": pdf})


def numbers(path):
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]


@pytest.mark.parametrize("drawing", [invented_map(), odd_map()], ids=lambda drawing: drawing.title)
def test_the_maps_of_the_gallery_are_well_formed_and_keep_the_policy(drawing):
    for pdf in (False, True):
        source = rendered(drawing, pdf=pdf)
        assert markup_faults(source) == []
        etree.fromstring(source[source.index("<svg") : source.index("</svg>") + 6])


def test_the_list_beside_names_every_place_in_the_order_and_with_the_numbers_of_the_map():
    places = [
        Place("West", square(-3.2), url="/w/"),
        Place("Nowhere", None, url="/n/"),
        Place("East", square(-3.0), url="/e/"),
    ]
    drawing = map_of(title="Localities", places=places)
    page = markup.fromstring(rendered(drawing))
    assert page.xpath("//ol/li/a/text()") == ["West", "Nowhere", "East"]
    assert [outline.number for outline in drawing.outlines] == [1, 3]
    assert page.xpath("//svg//a/@href") == ["/w/", "/e/"]
    assert "No outline is held for Nowhere." in drawing.sentence


def test_shapes_can_be_clicked_but_the_list_is_what_keyboards_and_voices_get():
    page = markup.fromstring(rendered(map_of(title="t", places=[Place("West", square(), url="/w/")])))
    (svg,) = page.xpath("//svg")
    assert svg.get("aria-hidden") == "true"
    assert page.xpath("//svg//a/@tabindex") == ["-1"]
    in_print = markup.fromstring(
        rendered(map_of(title="t", places=[Place("West", square(), url="/w/")]), pdf=True)
    )
    assert in_print.xpath("string(//svg/@role)") == "img"
    assert in_print.xpath("string(//svg/title)") == "t. The outline of West."
    assert not in_print.xpath("//a")


def test_north_is_up_and_degrees_are_shrunk_towards_the_pole():
    places = [Place("South", square(south=56.0)), Place("North", square(south=56.1))]
    drawing = map_of(title="t", places=places)
    south, north = drawing.outlines
    assert north.y < south.y
    xs, ys = numbers(north.path)[::2], numbers(north.path)[1::2]
    assert (max(xs) - min(xs)) / (max(ys) - min(ys)) == pytest.approx(math.cos(math.radians(56.1)), rel=0.02)


def test_metres_on_a_grid_are_drawn_as_they_are():
    drawing = map_of(title="t", places=[Place("Grid", square(west=320_000, south=670_000, size=10_000))])
    xs, ys = numbers(drawing.outlines[0].path)[::2], numbers(drawing.outlines[0].path)[1::2]
    assert max(xs) - min(xs) == pytest.approx(max(ys) - min(ys), rel=0.01)


def test_an_island_and_a_hole_belong_to_their_place():
    two = {"type": "MultiPolygon", "coordinates": [square()["coordinates"], square(-2.5)["coordinates"]]}
    hole = {
        "type": "Polygon",
        "coordinates": [square()["coordinates"][0], square(-2.98, 56.02, 0.05)["coordinates"][0]],
    }
    drawing = map_of(title="t", places=[Place("Two", two), Place("Hole", hole)])
    assert [outline.path.count("Z") for outline in drawing.outlines] == [2, 2]
    assert 'fill-rule="evenodd"' in rendered(drawing)


def test_features_and_collections_are_read():
    feature = {"type": "Feature", "geometry": square(), "properties": {}}
    collection = {"type": "FeatureCollection", "features": [feature, feature]}
    assert len(list(rings_of(feature))) == 1
    assert len(list(rings_of(collection))) == 2


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {},
        "POLYGON",
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[["a", None], [float("nan"), 2], [], [1, float("inf")]]]},
        {"type": "GeometryCollection", "geometries": [None]},
        {"type": "Polygon", "coordinates": [5]},
        {"type": "MultiPolygon", "coordinates": 7},
    ],
)
def test_what_is_no_area_leaves_the_place_in_the_list_without_an_outline(geometry):
    drawing = map_of(title="t", places=[Place("Odd", geometry)])
    assert drawing.outlines == ()
    assert "Odd" in rendered(drawing)
    assert drawing.sentence == "No outlines are held; the list names every place."


def test_nothing_to_show_is_said():
    drawing = map_of(title="t", places=[])
    assert drawing.sentence == "There is nothing to show."
    assert "<svg" not in rendered(drawing)


def test_names_that_do_not_fit_become_numbers():
    narrow = map_of(
        title="t",
        places=[
            Place("A very long name for so small a place", square(size=0.01)),
            Place("Big", square(-3.5, size=0.4)),
        ],
    )
    assert [outline.label for outline in narrow.outlines] == ["1", "2 Big"]


def test_labels_do_not_lie_on_each_other():
    drawing = map_of(title="t", places=[Place("Same place", square()), Place("Same place too", square())])
    assert [outline.label for outline in drawing.outlines] == ["1 Same place", "2"]


def test_names_are_escaped():
    drawing = map_of(
        title=HOSTILE, places=[Place(HOSTILE, square(), url="/x/", words=HOSTILE)], source=HOSTILE
    )
    for pdf in (False, True):
        assert "<script" not in rendered(drawing, pdf=pdf)


def test_points_that_nobody_can_see_are_left_out():
    many = [[-3 + math.cos(angle / 1000) / 10, 56 + math.sin(angle / 1000) / 10] for angle in range(6284)]
    drawing = map_of(title="t", places=[Place("Round", {"type": "Polygon", "coordinates": [many]})])
    assert len(numbers(drawing.outlines[0].path)) < 2 * 2500


POINT = st.tuples(st.floats(-180, 180), st.floats(-85, 85))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(POINT, max_size=8), max_size=5))
def test_every_outline_stays_inside_its_box(rings):
    places = [
        Place(f"Place {number}", {"type": "Polygon", "coordinates": [ring]})
        for number, ring in enumerate(rings)
    ]
    drawing = map_of(title="t", places=places)
    for outline in drawing.outlines:
        coordinates = numbers(outline.path)
        assert all(-0.1 <= x <= WIDTH + 0.1 for x in coordinates[::2])
        assert all(-0.1 <= y <= drawing.height + 0.1 for y in coordinates[1::2])
        assert math.isfinite(outline.x)
        assert math.isfinite(outline.y)
    rendered(drawing)
