"""A PDF assembled from chapters: the same as one that was rendered whole, and every promise of its structure holds."""

import io
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import page as checker
import pikepdf
import pytest
from django.core.files.storage import default_storage
from PIL import Image, ImageChops

from foundation.documents import pdf
from foundation.documents.assembly import (
    AssemblyFault,
    Chapter,
    assembling,
    fonts,
    names,
    produce,
    produce_file,
    production,
    rendering,
    store,
)
from foundation.documents.pdf import render_pdf
from foundation.documents.pdf_checks import placed_faults
from foundation.documents.registry import DocumentRefused

from .books import BARE, BOOK, CREATED, FILLING, MONEY, PLACES, VISION, chapter, contents, edited, picture
from .pdf_tree import walked, words_on
from .test_pdf import machine_check, paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def rendered(monkeypatch) -> list[str]:
    """Keys of the chapters that were rendered, in order."""
    seen: list[str] = []

    def watched(module) -> None:
        render = module.render_chapter
        monkeypatch.setattr(
            module,
            "render_chapter",
            lambda book, one, **more: seen.append(one.key) or render(book, one, **more),
        )

    watched(production)
    watched(assembling)
    return seen


@pytest.fixture(scope="module")
def kept() -> dict[str, bytes]:
    return {}


@pytest.fixture
def plan(kept) -> bytes:
    """The book as a file, made once for this module."""
    if "plan" not in kept:
        kept["plan"] = produce(BOOK)
    return kept["plan"]


@pytest.fixture
def draft(kept) -> bytes:
    if "draft" not in kept:
        kept["draft"] = produce(replace(BOOK, mark="draft"))
    return kept["draft"]


@pytest.fixture
def whole(kept) -> bytes:
    """The same book rendered in one piece."""
    if "whole" not in kept:
        kept["whole"] = render_pdf(whole_page(), files=dict(PLACES.files), created=CREATED)
    return kept["whole"]


def whole_page() -> str:
    cover = '<section class="cover"><h1 class="document-title">Plan 2027</h1></section>'
    listed = contents(lambda key: 0).replace(", page 0", "")
    return paper(cover + listed + "".join(one.html for one in BOOK.chapters))


def archive_check(data: bytes, folder: Path) -> list[str]:
    """Every rule of PDF/A-2a that a machine can judge and that the file breaks."""
    file = folder / "checked.pdf"
    file.write_bytes(data)
    failures = checker.validate_pdf(str(file), profile=checker.ValidationProfile.PDF_A_2A).failures
    return [f"{fault.rule_id}: {fault.message}" for fault in failures]


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


@pytest.mark.parametrize("which", ["plan", "draft"])
def test_it_passes_every_machine_check(which, request, tmp_path):
    data = request.getfixturevalue(which)
    assert machine_check(data, tmp_path) == []
    assert archive_check(data, tmp_path) == []
    assert pdf.faults(data) == []


@pytest.mark.parametrize("which", ["plan", "draft"])
def test_its_tree_agrees_with_its_pages(which, request):
    tree = walked(request.getfixturevalue(which))
    assert tree.faults == []
    assert tree.counts["marked content"] > 300
    assert tree.counts["annotations"] == 9  # the linked words in bold or italics are rectangles of their own
    assert tree.counts["links"] == 7
    assert tree.counts["headers"] > 100
    assert tree.counts["outline"] == 8
    assert tree.tags["/Part"] == 6
    assert (tree.tags["/TOC"], tree.tags["/TOCI"]) == (1, 4)
    assert tree.tags["/Figure"] == 2


def test_contents_outline_and_folios_tell_the_right_page(plan):
    with opened(plan) as file:
        pages = len(file.pages)
        numbers = {page.obj.objgen: number for number, page in enumerate(file.pages, start=1)}
        with file.open_outline() as outline:
            assert [item.title for item in outline.root] == [
                "Plan 2027",
                "Contents",
                VISION.title,
                "Money",
                "Places",
            ]
            assert [item.title for item in outline.root[3].children] == ["By service"]
            assert [item.title for item in outline.root[3].children[0].children] == ["Deep"]
            begins = {item.title: numbers[item.destination[0].objgen] for item in outline.root}
    listed = words_on(plan, 2)
    for title in (VISION.title, "Money", "Places"):
        assert f"{title}, page {begins[title]}" in listed
        assert title in words_on(plan, begins[title])
    assert "Page" not in words_on(plan, 1)
    for number in range(2, pages + 1):
        assert f"Page {number} of {pages}" in words_on(plan, number)


def test_links_are_called_by_the_heading_they_lead_to(plan):
    with opened(plan) as file:
        called = {
            str(link.Dest): str(link.Contents)
            for page in file.pages
            for link in page.obj.get("/Annots", ())
            if "/Dest" in link
        }
    assert called == {
        "vision": VISION.title,
        "who": "Who",
        "money": "Money",
        "places": "Places",
        "lines": "Lines of the budget",
    }


def test_running_heads_and_folios_are_read_out_by_nobody(plan):
    with opened(plan) as file:
        for page in file.pages:
            drawn = [
                (operands, str(operator))
                for operands, operator in pikepdf.parse_content_stream(page)
                if str(operator) in {"BDC", "BMC", "EMC", "TJ", "Tj"}
            ]
            inside: list[str] = []
            for operands, operator in drawn:
                if operator in {"BDC", "BMC"}:
                    inside.append(str(operands[0]))
                elif operator == "EMC":
                    inside.pop()
                else:
                    assert inside, "text outside of all tags"
    assert walked(plan).faults == []


def images(data: bytes, folder: Path) -> list[Image.Image]:
    folder.mkdir()
    subprocess.run(["pdftoppm", "-r", "50", "-", str(folder / "page")], input=data, check=True)
    return [Image.open(file).convert("L") for file in sorted(folder.iterdir())]


def test_every_page_looks_as_if_it_had_been_rendered_whole(plan, whole, tmp_path):
    ours, theirs = images(plan, tmp_path / "ours"), images(whole, tmp_path / "theirs")
    assert len(ours) == len(theirs) > 6
    for number, (one, other) in enumerate(zip(ours, theirs, strict=True), start=1):
        if number == 2:
            continue  # the contents are worded differently
        difference = ImageChops.difference(one, other)
        body = difference.crop((0, 40, one.width, one.height - 45))
        assert body.getextrema()[1] <= 8, f"page {number}"
        # A folio's letters stand where the renderer would set them, but for the pairs that it draws closer.
        assert sum(difference.histogram()[64:]) < 30, f"the margins of page {number}"


def test_a_draft_is_the_published_text_with_a_mark_under_it(plan, draft, tmp_path):
    published, marked = images(plan, tmp_path / "published"), images(draft, tmp_path / "marked")
    assert len(published) == len(marked)
    for number, (one, other) in enumerate(zip(published, marked, strict=True), start=1):
        darker = ImageChops.subtract(one, other).getbbox()
        lighter = ImageChops.subtract(other, one).getextrema()[1]
        assert darker, f"page {number} has no mark"
        assert lighter <= 3, f"text is hidden on page {number}"
        assert words_on(draft, number).count("Draft: not approved, may change") == 1
        assert words_on(draft, number).count("Plan 2027") == words_on(plan, number).count("Plan 2027")


def test_each_face_is_in_the_file_once_and_shows_every_letter(plan, whole):
    def faces(data: bytes) -> list[str]:
        with opened(data) as file:
            return sorted(
                str(one.FontName)
                for one in file.objects
                if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == pikepdf.Name.FontDescriptor
            )

    assert len(faces(plan)) == len(set(faces(plan)))
    assert set(faces(plan)) == set(faces(whole))
    assert len(plan) < 1.3 * len(whole)


# What is rendered


def test_nothing_is_rendered_twice(plan, rendered, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "fresh"
    assert produce(BOOK) == plan
    assert sorted(rendered) == ["bare", "contents", "cover", "money", "places", "vision"]
    rendered.clear()
    assert produce(BOOK) == plan
    assert rendered == []
    produce(replace(BOOK, mark="draft"))  # publishing takes the draft's chapters
    assert rendered == []


def test_after_a_change_one_chapter_is_rendered_and_the_file_is_as_if_all_were(rendered, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "warm"
    produce(BOOK)
    rendered.clear()
    changed = edited(BOOK, "vision", "A new paragraph. " * 400)
    changed = replace(changed, chapters=(changed.chapters[0], MONEY, BARE, PLACES))
    warm = produce(changed)
    assert rendered == ["vision", "contents"]
    settings.MEDIA_ROOT = tmp_path / "cold"
    assert produce(changed) == warm
    assert walked(warm).faults == []


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another title"},  # stands in the running head
        {"language": "gd"},
    ],
)
def test_what_every_page_depends_on_renders_every_page(change, rendered, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "all"
    small = replace(BOOK, chapters=(BARE, chapter("one", "One")), contents=None)
    produce(small)
    rendered.clear()
    produce(replace(small, **change))
    assert sorted(rendered) == ["bare", "cover", "one"]


def test_a_changed_image_or_font_renders_again(rendered, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "files"
    small = replace(BOOK, chapters=(PLACES,), contents=None, cover=None)
    produce(small)
    rendered.clear()
    produce(replace(small, chapters=(replace(PLACES, files={"map.png": picture(red=9)}),)))
    assert rendered == ["places"]
    found = names.static_file
    monkeypatch.setattr(
        names, "static_file", lambda name: found(name) + b" " * name.endswith("latin-400-normal.woff2")
    )
    rendered.clear()
    produce(small)
    assert rendered == ["places"]


def test_a_part_that_was_cut_short_is_rendered_again(plan, rendered, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "cut"
    produce(BOOK)
    for file in (tmp_path / "cut" / "parts").rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[:-7])
    rendered.clear()
    assert produce(BOOK) == plan
    assert len(rendered) == 6


def test_contents_that_need_a_second_page_number_themselves_right():
    headings = "".join(f'<h2 id="h{n}" class="new-page">Heading {n}</h2>' for n in range(45))
    book = replace(
        BOOK,
        cover=None,
        chapters=(chapter("long", "Long", headings),),
        contents=lambda page_of: (
            '<nav class="contents"><h1>Contents</h1><ol>'
            + "".join(f'<li><a href="#h{n}">Heading {n}</a>, page {page_of(f"h{n}")}</li>' for n in range(45))
            + "</ol></nav>"
        ),
    )
    data = produce(book)
    assert "Contents" in words_on(data, 1)
    assert "Heading 44, page 48" in words_on(data, 2)
    assert words_on(data, 48).startswith("Heading 44")


# Faults


def test_a_link_to_nowhere_is_a_fault():
    with pytest.raises(AssemblyFault, match="“gone”, which is nowhere"):
        produce(
            replace(BOOK, contents=None, chapters=(chapter("one", "One", '<p><a href="#gone">x</a></p>'),))
        )


def test_a_link_to_an_id_that_two_chapters_use_is_a_fault():
    one, two = chapter("one", "One", '<p id="twice">x</p>'), chapter("two", "Two", '<p id="twice">x</p>')
    assert produce(replace(BOOK, contents=None, chapters=(one, two)))
    linking = chapter("three", "Three", '<p><a href="#twice">x</a></p>')
    with pytest.raises(AssemblyFault, match="“twice”, which is in two chapters"):
        produce(replace(BOOK, contents=None, chapters=(one, two, linking)))


def test_a_book_without_cover_contents_and_headings_is_assembled_too(tmp_path):
    data = produce(replace(BOOK, cover=None, contents=None, chapters=(BARE,)))
    assert machine_check(data, tmp_path) == []
    assert walked(data).faults == []
    assert "Page 1 of 1" in words_on(data, 1)


FAULTY = (
    chapter(
        "low",
        "Low",
        "<h4>Deep</h4><h2 id='far'>Far</h2>" + FILLING * 90 + "<table><tr><td>1</td></tr></table>",
    ),
    Chapter(
        key="seam",
        title="Seam",
        html='<section class="part"><h4>Begins deep</h4>'
        '<svg viewBox="0 0 1 1"><rect width="1" height="1"/></svg></section>',
    ),
    chapter("sound", "Sound", "<h2>Second</h2>"),
    Chapter(key="next", title="Next", html='<section class="part"><h3 id="third">Third</h3></section>'),
)


@pytest.mark.parametrize("with_cover", [True, False])
def test_faults_found_part_by_part_are_those_of_the_whole_file(with_cover):
    """Also those of the seams, where only the headings of two parts together are at fault."""
    book = replace(BOOK, contents=None, cover=BOOK.cover if with_cover else None, chapters=FAULTY)
    for one in (book, replace(book, chapters=FAULTY[1:]), replace(book, chapters=FAULTY[::-1])):
        file = produce_file(one)
        assert sorted(map(repr, file.faults)) == sorted(map(repr, placed_faults(file.data)))
        assert len(file.faults) >= 2
    words = {fault.words for fault in file.faults}
    assert "A table has no header cells." in words
    assert "An image has no alternative text." in words
    assert any(word.startswith("A heading of level 4 follows level") for word in words)


def test_a_font_is_found_by_what_it_holds_and_not_by_who_brought_it(monkeypatch, settings, tmp_path):
    """Other words of the same letters need no new font, and the file is as if it had been made for them."""
    settings.MEDIA_ROOT = tmp_path / "fonts"
    book = replace(
        BOOK, chapters=(chapter("one", "One", "<p>later</p>"), chapter("two", "Two", "<p>alert tale</p>"))
    )
    produce(replace(book, contents=None))
    made = []
    unite = fonts.united_program
    monkeypatch.setattr(fonts, "united_program", lambda subsets: made.append(1) or unite(subsets))
    changed = replace(
        book, contents=None, chapters=(book.chapters[0], chapter("two", "Two", "<p>real late</p>"))
    )
    warm = produce(changed)
    assert made == []
    settings.MEDIA_ROOT = tmp_path / "other fonts"
    assert produce(changed) == warm
    assert made


def test_subsets_of_two_fonts_are_never_united(plan):
    with opened(plan) as file:
        programs = {
            bytes(one.FontFile2.read_bytes())
            for one in file.objects
            if isinstance(one, pikepdf.Dictionary) and "/FontFile2" in one
        }
    first, second = sorted(programs, key=len)[-2:]
    with pytest.raises(AssemblyFault):
        fonts.united_program({first: {3, 4, 5}, second: {3, 4, 5}})


def test_the_store_is_swept(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "swept"
    assert store.sweep() == 0
    store.keep("ab" * 32, b"old")
    assert store.sweep() == 0
    assert store.read("ab" * 32) == b"old"
    monkeypatch.setattr(store, "KEPT_FOR", timedelta(seconds=-5))
    assert store.sweep() == 1
    assert store.read("ab" * 32) is None
    assert not default_storage.exists("parts/ab/" + "ab" * 32)


def test_a_chapter_out_of_bounds_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(rendering, "MAX_HTML", 10)
    with pytest.raises(DocumentRefused, match="Divide it into parts"):
        produce(replace(BOOK, chapters=(Chapter(key="long", title="Long", html="<p>x</p>" * 9),)))
