"""The renderer's short cuts change nothing about what is printed."""

import pytest
import tinyhtml5
import weasyprint.css
from weasyprint import HTML
from weasyprint.text import line_break

from foundation.documents.assembly import renderer, rendering
from foundation.documents.assembly.renderer import DEFAULTS, StyleFor, well_formed
from tests.documents.books import BOOK, COVER, MONEY, PLACES, VISION, chapter

STYLED = chapter(
    "styled",
    "Styled",
    """<div id="outer" style="color: #123456; margin-left: calc(1cm + 2mm)"><p id="a">One <em>two</em></p></div>
    <div style="color: #654321"><p id="b">One<br>two <em>three</em>&nbsp;four</p><ol><li>Five<ul><li>Six</li></ul></li>
    </ol></div><p>“quoted” &amp; <q>said</q></p>""",
)
EVERY = [COVER, VISION, MONEY, PLACES, STYLED]


def rendered(one):
    return rendering.render_chapter(BOOK, one, note=lambda _: None)


@pytest.fixture
def afresh(monkeypatch):
    monkeypatch.setattr(rendering, "_kept", {})


@pytest.fixture
def unchanged(afresh, monkeypatch):
    """WeasyPrint as it comes."""
    monkeypatch.setattr(
        rendering,
        "Source",
        lambda text, base_url, url_fetcher: HTML(string=text, base_url=base_url, url_fetcher=url_fetcher),
    )
    monkeypatch.setattr(weasyprint.css, "StyleFor", StyleFor)
    for name in ("get_font_description", "_font_style_cache_key"):
        monkeypatch.setattr(line_break, name, getattr(line_break, name).__wrapped__)


def test_each_chapter_is_what_the_renderer_makes_of_it_by_itself(unchanged, monkeypatch):
    by_itself = [rendered(one) for one in EVERY]
    monkeypatch.undo()
    # forwards and back: the second time with the styles of all the others
    assert [rendered(one) for one in (*EVERY, *reversed(EVERY))] == [*by_itself, *reversed(by_itself)]


def test_styles_are_worked_out_once_for_all_chapters(afresh):
    rendered(MONEY)
    (styles,) = rendering._kept.values()
    known = len(styles.fonts.styles)
    rendered(chapter("again", "Again", MONEY.html.split("</h1>")[1].removesuffix("</section>")))
    assert 0 < known == len(styles.fonts.styles)


def test_styles_of_many_kinds_of_text_are_forgotten(afresh, monkeypatch):
    monkeypatch.setattr(renderer, "_STYLES_KEPT", 3)
    assert rendered(STYLED)
    (styles,) = rendering._kept.values()
    assert len(styles.fonts.styles) <= 4


def test_no_rule_of_the_defaults_makes_a_pseudo_element_of_every_element():
    assert not [entry for entry in DEFAULTS.matcher.other_selectors if entry[3]]


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.key)
def test_well_formed_pages_are_read_as_a_browser_reads_them(one):
    page = rendering._document(BOOK, title=one.title, body=one.html, running="Plan & more")
    root = well_formed(page)
    if one is PLACES:
        assert root is None  # a drawing without its namespace
    else:
        assert told(root) == told(tinyhtml5.parse(page, namespace_html_elements=False))


@pytest.mark.parametrize(
    "body",
    [
        "<p>One<p>Two",
        "<ul><li>One<li>Two</ul>",
        "<p hidden>One</p>",
        "<p>Fish & chips</p>",
        "<pre>\n one</pre>",
        "<p>&eacute;</p>",
        "<svg viewBox='0 0 9 9'></svg>",
        '<!DOCTYPE html [<!ENTITY a "aaaa">]><p>&a;</p>',
    ],
)
def test_what_only_a_browser_understands_is_left_to_the_parser_of_browsers(body):
    assert well_formed(f"<!doctype html><html><head></head><body>{body}</body></html>") is None


def told(element):
    """Tags, attributes and text, without the blanks between head and body."""
    text, tail = (part or "" for part in (element.text, element.tail))
    return element.tag, dict(element.attrib), text, tail.rstrip(), [told(child) for child in element]
