# Markup before and after stands unbroken, each pair side by side.
# ruff: noqa: E501, ISC004

import re
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.richtext import placed
from foundation.richtext.cleaning import (
    MAX_LENGTH,
    MAX_TAGS,
    TextTooLong,
    clean_html,
    clean_typed,
    compared_text,
    made_safe,
    normalise_headings,
    pictures_in,
    plain_text,
    undescribed_pictures,
    word_count,
)
from foundation.undescribed import NOT_DESCRIBED

# What can act


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
        "<p onclick=alert(1)>text</p>",
        "<p style='background:url(javascript:alert(1))'>text</p>",
        '<a href="javascript:alert(1)">text</a>',
        '<a href="java\tscript:alert(1)">text</a>',
        '<a href=" &#106;avascript:alert(1)">text</a>',
        '<a href="data:text/html,<script>alert(1)</script>">text</a>',
        '<a href="vbscript:x">text</a>',
        '<a href="//evil.example">text</a>',
        '<a href="file:///etc/passwd">text</a>',
        "<img src=x onerror=alert(1)>",
        '<svg><script>alert(1)</script><a xlink:href="javascript:alert(1)">x</a></svg>',
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<object data=x></object><embed src=x>",
        "<form action=//evil.example><input name=a><button>Send</button></form>",
        "<template><script>alert(1)</script></template>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<style>@import url(//evil.example)</style>",
        "<link rel=stylesheet href=//evil.example><meta http-equiv=refresh content=0>",
        "<base href=//evil.example>",
        "<p id=x class=y data-z=1 aria-label=q hx-get=/>text</p>",
        "<!--[if IE]><script>alert(1)</script><![endif]-->",
        "<a href='https://x.example' target=_blank>text</a>",
    ],
)
def test_nothing_that_could_act_is_left(hostile):
    assert_harmless(clean_html(f"<p>before</p>{hostile}<p>after</p>"))


ALLOWED = re.compile(
    r"</?(?:h[2-4]|p|strong|em|small|sub|sup|ul|li|blockquote|figure|figcaption|table|caption|thead|tbody|tr)>|<br>|</(?:a|ol|th|td)>"
    r'|<ol(?: start="\d+")?>|<(?:td|th scope="(?:col|row)")(?: colspan="\d+")?(?: rowspan="\d+")?>'
    r'|<a href="(?:https?://|mailto:)[^"<>\s]+"(?: title="[^"<>]*")? rel="noopener">'
    r'|<img src="/pictures/[0-9a-f]{64}"(?: alt="[^"<>]*")?>',
    re.IGNORECASE,
)


def assert_harmless(html: str) -> None:
    """Nothing but the tags that the module promises, each written in the one way that it promises."""
    rest = ALLOWED.sub("", html)
    assert "<" not in rest, rest
    assert ">" not in rest, rest


# Shape


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", ""),
        ("   \n ", ""),
        ("<p></p><p>&nbsp;</p><p><br></p>", ""),
        ("just words", "<p>just words</p>"),
        ("<div>one</div><div>two</div>", "<p>one</p><p>two</p>"),
        ("one<p>two</p>three", "<p>one</p><p>two</p><p>three</p>"),
        ("<p>a\n  b&nbsp;c</p>", "<p>a b\u00a0c</p>"),
        ("<p><br>a<br> <br>b<br></p>", "<p>a<br><br>b</p>"),
        ("<p>£5 &lt; £6 &amp; more</p>", "<p>£5 &lt; £6 &amp; more</p>"),
        # emphasis
        ("<p><b>a</b><strong>b</strong> <i>c</i></p>", "<p><strong>ab</strong> <em>c</em></p>"),
        ("<p><em><strong>a</strong></em></p>", "<p><strong><em>a</em></strong></p>"),
        ("<p>a<strong> b </strong>c<em></em></p>", "<p>a<strong> b </strong>c</p>"),
        (
            "<strong><p>a</p><ul><li>b</li></ul>c</strong>",
            "<p><strong>a</strong></p><ul><li><strong>b</strong></li></ul><p><strong>c</strong></p>",
        ),
        (
            '<a href="https://a.scot"><h2>A</h2><div>b</div></a>',
            '<h2><a href="https://a.scot" rel="noopener">A</a></h2><p><a href="https://a.scot" rel="noopener">b</a></p>',
        ),
        (
            "<p>H<sub>2</sub>O m<sup>2</sup> <u>u</u> <code>c</code></p>",
            "<p>H<sub>2</sub>O m<sup>2</sup> u c</p>",
        ),
        # links
        (
            '<p><a href="https://gov.scot/a b">x</a></p>',
            '<p><a href="https://gov.scot/a%20b" rel="noopener">x</a></p>',
        ),
        ('<p><a href="www.gov.scot">x</a></p>', '<p><a href="https://www.gov.scot" rel="noopener">x</a></p>'),
        ('<p><a href="a.b@gov.scot">x</a></p>', '<p><a href="mailto:a.b@gov.scot" rel="noopener">x</a></p>'),
        ('<p><a href="/angus/plan/">x</a> <a href="#_ftn1">[1]</a></p>', "<p>x [1]</p>"),
        (
            '<p><a href="https://a.scot/?a=1&b=2" title="T">x</a></p>',
            '<p><a href="https://a.scot/?a=1&amp;b=2" title="T" rel="noopener">x</a></p>',
        ),
        (
            '<p><a href="https://a.scot">x<b>y</b></a></p>',
            '<p><a href="https://a.scot" rel="noopener">x<strong>y</strong></a></p>',
        ),
        # images are not accepted: their words stay
        ('<p>See <img src="/x.png" alt="the map"> here</p>', "<p>See the map here</p>"),
        ('<img src="x.png">', ""),
        # headings
        ("<h1>A</h1><h3>B</h3><h6>C</h6><h2>D</h2>", "<h2>A</h2><h3>B</h3><h4>C</h4><h3>D</h3>"),
        ("<h4>A</h4><h2>B</h2>", "<h2>A</h2><h2>B</h2>"),
        ("<h2><strong>A</strong><br>b</h2><h2> </h2>", "<h2>A b</h2>"),
        # lists
        ("<ul><li><p>a</p></li><li>b</li><li></li></ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        (
            '<ol start="3"><li>c</li></ol><ol start="1"><li>a</li></ol>',
            '<ol start="3"><li>c</li></ol><ol><li>a</li></ol>',
        ),
        ("<li>alone</li>", "<p>alone</p>"),
        ("<ul><li><h2>not a heading here</h2></li></ul>", "<ul><li>not a heading here</li></ul>"),
        # quotations
        ("<blockquote>said <p>twice</p></blockquote>", "<blockquote><p>said</p><p>twice</p></blockquote>"),
    ],
)
def test_text_is_brought_into_one_form(written, kept):
    assert clean_html(written) == kept
    assert clean_html(kept) == kept
    assert_harmless(kept)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (  # as the editor writes it
            "<table><tbody><tr><th><p>Year</p></th><th><p>£m</p></th></tr>"
            "<tr><td><p>2026</p></td><td><p>210</p></td></tr></tbody></table>",
            '<table><thead><tr><th scope="col">Year</th><th scope="col">£m</th></tr></thead>'
            "<tbody><tr><td>2026</td><td>210</td></tr></tbody></table>",
        ),
        (  # row headings, caption
            "<table><caption>By <b>year</b></caption><tr><th>Year</th><td>210</td></tr></table>",
            "<table><caption>By <strong>year</strong></caption>"
            '<tbody><tr><th scope="row">Year</th><td>210</td></tr></tbody></table>',
        ),
        (  # a head that was said to be one
            "<table><thead><tr><td>A</td></tr></thead><tr><td>1</td></tr><tfoot><tr><td>2</td></tr></tfoot></table>",
            '<table><thead><tr><th scope="col">A</th></tr></thead>'
            "<tbody><tr><td>1</td></tr><tr><td>2</td></tr></tbody></table>",
        ),
        (  # only headings: the table still has a body
            "<table><tr><th>A</th></tr><tr><th>B</th></tr></table>",
            '<table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><th scope="row">B</th></tr></tbody></table>',
        ),
        (  # short rows are filled up
            "<table><tr><td>1</td><td>2</td><td>3</td></tr><tr><td>4</td></tr></table>",
            "<table><tbody><tr><td>1</td><td>2</td><td>3</td></tr><tr><td>4</td><td></td><td></td></tr></tbody></table>",
        ),
        (  # a span ends with its section and with the cell that it would cover
            '<table><tr><th rowspan="9">A</th></tr><tr><td rowspan="2">1</td></tr>'
            '<tr><td colspan="2">2</td></tr></table>',
            '<table><thead><tr><th scope="col">A</th><th scope="col"></th><th scope="col"></th></tr></thead><tbody>'
            '<tr><td rowspan="2">1</td><td></td><td></td></tr><tr><td colspan="2">2</td></tr></tbody></table>',
        ),
        (  # nonsense spans
            '<table><tr><td colspan="0" rowspan="-3">1</td><td colspan="x">2</td></tr></table>',
            "<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
        ),
        (  # cells hold paragraphs and lists; a table in a table becomes paragraphs
            "<table><tr><td><h2>T</h2><ul><li>a</li></ul><table><tr><td>x</td><td>y</td></tr></table></td></tr></table>",
            "<table><tbody><tr><td><p>T</p><ul><li>a</li></ul><p>x</p><p>y</p></td></tr></tbody></table>",
        ),
        ("<table><caption>Nothing else</caption></table>", "<p>Nothing else</p>"),
        ("<table></table>", ""),
        (  # an empty table may be waiting for its figures
            "<table><tr><th></th></tr><tr><td></td></tr></table>",
            '<table><thead><tr><th scope="col"></th></tr></thead><tbody><tr><td></td></tr></tbody></table>',
        ),
    ],
)
def test_tables_are_normalised(written, kept):
    assert clean_html(written) == kept
    assert clean_html(kept) == kept
    assert_harmless(kept)


def test_characters_that_cannot_be_stored_or_printed_go():
    assert clean_html("<p>a\x00b\x07c&#1;d\ud800e\ufffef\x9fg</p>") == "<p>abcdefg</p>"


# Any text at all

TAGS = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "a",
    "br",
    "img",
    "small",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "blockquote",
    "figure",
    "figcaption",
    "pre",
    "span",
    "font",
    "button",
    "select",
    "option",
    "svg",
    "math",
    "script",
    "style",
    "template",
    "textarea",
    "title",
    "form",
    "input",
    "object",
    "nobr",
    "marquee",
    "center",
    "hr",
    "frameset",
    "body",
    "html",
    "head",
    "noscript",
    "plaintext",
]
ATTRIBUTES = st.sampled_from(
    [
        "",
        ' href="https://gov.scot/?a=1&b"',
        " href='javascript:alert(1)'",
        ' href="www.gov.scot" title="&quot;<x>"',
        ' colspan="3" rowspan=2',
        " rowspan=70000 colspan=99999",
        ' start="7"',
        ' alt="a <b> c" src=x onerror=alert(1)',
        f' src="/pictures/{"0123456789abcdef" * 4}" alt="a &quot;b&quot; <c>"',
        f" src=/pictures/{'0123456789abcdef' * 4}",
        ' style="color:red" class=x id=y',
        ' scope="rowgroup"',
    ]
)
PIECES = st.one_of(
    st.sampled_from([f"</{tag}>" for tag in TAGS]),
    st.builds("<{}{}>".format, st.sampled_from(TAGS), ATTRIBUTES),
    st.sampled_from(
        [
            " ",
            "\n",
            "&nbsp;",
            "&amp;",
            "&lt;p&gt;",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "a",
            "b c",
            "£5",
            "<",
            ">",
        ]
    ),
    st.text(max_size=5),
)
MARKUP = st.lists(PIECES, max_size=40).map("".join)


@given(MARKUP)
@settings(max_examples=400, deadline=None)
def test_any_markup_comes_out_harmless_and_stays_as_it_is(markup):
    clean = clean_html(markup)
    assert_harmless(clean)
    assert clean_html(clean) == clean
    assert plain_text(made_safe(clean)).replace(f"Picture: {NOT_DESCRIBED}", "Picture") == plain_text(clean)


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_comes_out_harmless_and_stays_as_it_is(text):
    for clean in (clean_html(text), clean_typed(text)):
        assert_harmless(clean)
        assert clean_html(clean) == clean


@given(MARKUP)
@settings(max_examples=150, deadline=None)
def test_headings_never_skip_a_level(markup):
    for top, html in ((2, clean_html(markup)), (4, normalise_headings(clean_html(markup), top=4))):
        levels = [int(level) for level in re.findall(r"<h(\d)>", html)]
        for before, level in zip([top - 1, *levels], levels, strict=False):
            assert top <= level <= before + 1


# Bounds


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 80_000,
        "<ul><li>" * 40_000,
        "<table><tr><td>" * 25_000,
        "<b>" * 130_000,
        "<div>" * MAX_TAGS,
        "<ul><li>" * (MAX_TAGS // 2),
        "<table><tr><td>" * (MAX_TAGS // 3),
        "<p><b>" * (MAX_TAGS // 2),
        "<table>" + "<tr><td rowspan=60000 colspan=50>" * (MAX_TAGS // 2 - 1),
        "<table><tr>" + "<td colspan=50>" * 10_000 + "<tr><td>" * 4_000,
        "<blockquote>" * MAX_TAGS,
        "<" * MAX_LENGTH,
        "&" * MAX_LENGTH,
        "<!--" * (MAX_TAGS - 1),
        "<a " * (MAX_TAGS - 1),
        " " * MAX_LENGTH,
    ],
)
def test_a_bomb_does_little_harm(bomb):
    started = time.process_time()
    with suppress(TextTooLong):
        assert_harmless(clean_html(bomb))
    assert time.process_time() - started < 6


def test_deep_nesting_keeps_the_text():
    assert plain_text(clean_html("<ul><li>" * 500 + "deep")) == "deep"
    assert plain_text(clean_html("<div>" * 5_000 + "deep")) == "deep"


def test_lists_are_nested_to_a_depth_that_people_read():
    html = clean_html("".join(f"<ul><li>level {n}" for n in range(1, 10)))
    assert html.count("<ul>") == 6
    assert [f"level {n}" for n in range(1, 10)] == plain_text(html).split("\n")


def test_too_much_is_refused_in_words():
    with pytest.raises(TextTooLong, match="has 400,001 characters including its formatting; up to 400,000"):
        clean_html("x" * (MAX_LENGTH + 1))
    with pytest.raises(TextTooLong, match="has more formatting than can be kept"):
        clean_html("<b>x</b>" * MAX_TAGS)
    with pytest.raises(TextTooLong):  # the clean form would be too long to be sent again
        clean_html("&" * (MAX_LENGTH // 2))


# Typed without markup


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("One\r\n\r\nTwo\r\nlines", "<p>One</p><p>Two<br>lines</p>"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
        ("See <Annex 3> first", "<p>See &lt;Annex 3&gt; first</p>"),
        ("<p>Marked up</p>\n\n<p>already</p>", "<p>Marked up</p><p>already</p>"),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_plain_typing_becomes_paragraphs(typed, kept):
    assert clean_typed(typed) == kept


# Words

TEXT = clean_html(
    "<h2>Our vision</h2><p>People live<br>well, £61,204,000.</p><ul><li>One<ul><li>Inside</li></ul></li></ul>"
    "<table><caption>Lines</caption><tr><th>Year</th><td>2026/27</td></tr></table><p>It's don’t re-use &amp; go</p>"
)


def test_plain_text_has_a_line_for_each_block():
    assert plain_text(TEXT).split("\n") == [
        "Our vision",
        "People live",
        "well, £61,204,000.",
        "One",
        "Inside",
        "Lines",
        "Year 2026/27",
        "It's don’t re-use & go",
    ]
    assert plain_text("") == ""


def test_words_are_counted_as_a_reader_counts_them():
    assert word_count(TEXT) == 15
    assert word_count("") == 0
    assert word_count("<p>£61,204,000 on 31.03.2027</p>") == 3


def test_headings_fit_below_a_pages_own():
    html = "<h2>A</h2><p>x</p><h3>B</h3><h4>C</h4><h2>D</h2>"
    assert normalise_headings(html) == "<h3>A</h3><p>x</p><h4>B</h4><h5>C</h5><h3>D</h3>"
    assert normalise_headings(html, top=5) == "<h5>A</h5><p>x</p><h6>B</h6><h6>C</h6><h5>D</h5>"
    assert normalise_headings("<h2>One\n<em>two</em></h2>") == "<h3>One\n<em>two</em></h3>"
    with pytest.raises(ValueError, match="no heading level 7"):
        normalise_headings(html, top=7)


# Blocks that stand in a text by name


@pytest.fixture
def picture_of_a_number(monkeypatch):
    """A kind of block that no app has, so that no app's change breaks these tests."""
    monkeypatch.setitem(placed._kinds, "number", lambda key: f"The number <{key}>" if key.isdigit() else "")


@pytest.mark.usefixtures("picture_of_a_number")
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('<p data-block="number:12"></p>', '<p data-block="number:12">The number &lt;12&gt;</p>'),
        (
            '<p class="x" data-block="number:12"><b>other</b> words</p>',
            '<p data-block="number:12">The number &lt;12&gt;</p>',
        ),
        (
            '<div>a<p data-block="number:1">x</p>b</div>',
            '<p>a</p><p data-block="number:1">The number &lt;1&gt;</p><p>b</p>',
        ),
        ('<p data-block="number:one">words</p>', "<p>words</p>"),
        ('<p data-block="unheard-of:1">words</p>', "<p>words</p>"),
        ("<p data-block='number:1\" onclick=x'>words</p>", "<p>words</p>"),
        ('<h2 data-block="number:1">words</h2>', "<h2>words</h2>"),
        ('<ul><li><p data-block="number:1">words</p></li></ul>', "<ul><li>words</li></ul>"),
        (
            '<blockquote><p data-block="number:1">words</p></blockquote>',
            "<blockquote><p>words</p></blockquote>",
        ),
    ],
)
def test_a_block_is_kept_by_name_and_in_the_words_of_its_app(written, kept):
    assert clean_html(written) == kept
    assert clean_html(kept) == kept
    assert made_safe(kept) == kept


@pytest.mark.usefixtures("picture_of_a_number")
def test_a_block_is_read_as_its_words():
    html = f"<p>Before</p>{placed.paragraph('number:3')}{placed.paragraph('number:3')}"
    assert plain_text(html).split("\n") == ["Before", "The number <3>", "The number <3>"]
    assert placed.references_in(html) == ["number:3", "number:3"]
    with pytest.raises(ValueError, match="unheard-of"):
        placed.paragraph("unheard-of")


def test_two_apps_cannot_name_their_blocks_alike(monkeypatch):
    monkeypatch.setattr(placed, "_kinds", {})
    placed.register("number", str)
    placed.register("number", str)
    with pytest.raises(placed.KindRegisteredTwice):
        placed.register("number", repr)


# Pictures and footnotes

DIGEST = "0123456789abcdef" * 4
IMG = f'<img src="/pictures/{DIGEST}" alt="A map">'
FIGURE = f"<figure>{IMG}</figure>"
CAPTIONED = f"<figure>{IMG}<figcaption>Fig. 1</figcaption></figure>"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (FIGURE, FIGURE),
        (CAPTIONED, CAPTIONED),
        (f"<p>{IMG}</p>", FIGURE),
        (f"<p>One {IMG} two</p>", f"<p>One</p>{FIGURE}<p>two</p>"),
        (
            f"<p><strong>One {IMG} two</strong></p>",
            f"<p><strong>One</strong></p>{FIGURE}<p><strong>two</strong></p>",
        ),
        (f'<a href="https://x.example">{IMG}</a>', FIGURE),
        (
            f"<figure><p>{IMG}</p><figcaption><p>Fig. <em>1</em></p></figcaption></figure>",
            f"<figure>{IMG}<figcaption>Fig. <em>1</em></figcaption></figure>",
        ),
        (f"<figure><figcaption>Fig. 1</figcaption>{IMG}</figure>", CAPTIONED),
        (f"<figure>{IMG}{IMG}<figcaption>Two</figcaption></figure>", f"{FIGURE}{FIGURE}<p>Two</p>"),
        (f"<figure>Words {IMG}</figure>", f"<p>Words</p>{FIGURE}"),
        ("<figure><figcaption>Alone</figcaption></figure>", "<p>Alone</p>"),
        (
            "<figure><table><tr><td>1</td></tr></table><figcaption>T</figcaption></figure>",
            "<table><tbody><tr><td>1</td></tr></tbody></table><p>T</p>",
        ),
        (f"<h2>Head {IMG}</h2>", "<h2>Head A map</h2>"),
        (f"<ul><li>One {IMG}</li></ul>", f"<ul><li>One{FIGURE}</li></ul>"),
        (
            f"<table><tr><td>{IMG}</td></tr></table>",
            f"<table><tbody><tr><td>{FIGURE}</td></tr></tbody></table>",
        ),
        (f"<blockquote>{IMG}</blockquote>", f"<blockquote>{FIGURE}</blockquote>"),
        (
            f"<table><caption>{IMG}</caption><tr><td>1</td></tr></table>",
            "<table><caption>A map</caption><tbody><tr><td>1</td></tr></tbody></table>",
        ),
        (f'<img src="/pictures/{DIGEST}">', f'<figure><img src="/pictures/{DIGEST}"></figure>'),
        (f'<img src="/pictures/{DIGEST}" alt="">', f'<figure><img src="/pictures/{DIGEST}" alt=""></figure>'),
        (
            f'<img src="/pictures/{DIGEST}" alt="  a \n  &quot;b&quot; ">',
            f'<figure><img src="/pictures/{DIGEST}" alt="a &quot;b&quot;"></figure>',
        ),
        (f'<img src="/pictures/{DIGEST}x" alt="No">', "<p>No</p>"),
        (f'<img src="/pictures/{DIGEST.upper()}" alt="No">', "<p>No</p>"),
        (f'<img src="https://evil.example/pictures/{DIGEST}" alt="No">', "<p>No</p>"),
        (f'<img src="//evil.example/pictures/{DIGEST}" alt="No">', "<p>No</p>"),
        (
            f'<img src="/pictures/{DIGEST}" alt="A map" onload="x()" width="9" style="x" srcset="//evil.example">',
            FIGURE,
        ),
        ('<img src="data:image/png;base64,AAAA" alt="No">', "<p>No</p>"),
        ('<img src="file:///C:/x.png" alt="No">', "<p>No</p>"),
    ],
)
def test_pictures_of_the_portal_stay_and_no_others(before, after):
    assert clean_html(before) == after
    assert clean_html(after) == after
    assert made_safe(after) == after or "alt=" not in after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>Fewer falls<small>ISD, 2024</small>.</p>", "<p>Fewer falls<small>ISD, 2024</small>.</p>"),
        ("<p>a<small>  one \n two </small>b</p>", "<p>a<small>one two</small>b</p>"),
        ("<p>a<small></small>b<small> </small></p>", "<p>ab</p>"),
        ("<p>a<small>x<br>y</small></p>", "<p>a<small>x y</small></p>"),
        ("<p>a<small><p>x</p><p>y</p></small></p>", "<p>a</p><p><small>x</small></p><p><small>y</small></p>"),
        ("<p>a<small>out <small>in</small> out</small></p>", "<p>a<small>out in out</small></p>"),
        (
            "<p>a<small>see <a href='www.gov.scot'><em>it</em></a></small></p>",
            '<p>a<small>see <a href="https://www.gov.scot" rel="noopener"><em>it</em></a></small></p>',
        ),
        (
            "<p><strong>a<small>n</small>b</strong></p>",
            "<p><strong>a</strong><small>n</small><strong>b</strong></p>",
        ),
        (
            "<p><a href='https://x.example'>a<small>n</small></a></p>",
            '<p><a href="https://x.example" rel="noopener">a</a><small>n</small></p>',
        ),
        ("<p>a<small>n</small><small>n</small></p>", "<p>a<small>n</small><small>n</small></p>"),
        ("<small>alone</small>", "<p><small>alone</small></p>"),
        ("<h2>Need<small>n</small></h2>", "<h2>Need<small>n</small></h2>"),
        ("<ul><li>a<small>n</small></li></ul>", "<ul><li>a<small>n</small></li></ul>"),
        (
            "<table><caption>C<small>n</small></caption><tr><td>1<small>m</small></td></tr></table>",
            "<table><caption>C [n]</caption><tbody><tr><td>1<small>m</small></td></tr></tbody></table>",
        ),
        (f"<p>a<small>{IMG}</small></p>", "<p>a<small>A map</small></p>"),
        ("<p>a \ufffc b</p>", "<p>a \ufffc b</p>"),
        ("<p>a<small>n</small><br>b</p>", "<p>a<small>n</small><br>b</p>"),
    ],
)
def test_footnotes_stay_where_they_stand(before, after):
    assert clean_html(before) == after
    assert clean_html(after) == after
    assert made_safe(after) == after


def test_words_of_notes_and_pictures_are_read_counted_and_compared():
    text = f"<p>Fewer falls<small>ISD 2024</small>.</p>{CAPTIONED}<p>End.</p>"
    assert plain_text(text) == "Fewer falls [ISD 2024].\n[Picture: A map]\nFig. 1\nEnd."
    assert word_count(text) == 10
    assert compared_text(text).splitlines()[1] == "[Picture 01234567: A map]"
    assert plain_text(text.replace("A map", "")).splitlines()[1] == "[Picture]"


def test_pictures_are_found_and_those_without_words_are_counted():
    silent = f'<figure><img src="/pictures/{"f" * 64}"></figure>'
    decoration = f'<figure><img src="/pictures/{"e" * 64}" alt=""></figure>'
    text = clean_html(FIGURE + silent + decoration + FIGURE)
    assert pictures_in(text) == [DIGEST, "f" * 64, "e" * 64]
    assert undescribed_pictures(text) == 1
    shown = made_safe(text)
    assert f'<img src="/pictures/{"f" * 64}" alt="Picture that nobody has described yet">' in shown
    assert f'<img src="/pictures/{"e" * 64}" alt="">' in shown


@pytest.mark.parametrize(
    "src",
    [
        "https://evil.example/x.png",
        "//evil.example/x.png",
        "/published/",
        "javascript:alert(1)",
        "/pictures/../x",
    ],
)
def test_what_was_written_past_the_form_loads_nothing(src):
    assert made_safe(f'<p><img src="{src}" alt="&gt;&lt;script&gt;x"></p>') == "<p></p>"
    assert "href" not in made_safe('<p><a href="/accounts/logout/">x</a><a href="//evil.example">y</a></p>')
