"""A small book that has everything: several chapters, long tables, links, lists, images, other scripts."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from PIL import Image

from foundation.documents.assembly import Book, Chapter

CREATED = datetime(2027, 3, 31, 9, 0, tzinfo=UTC)
FILLING = "<p>Care is given at home where it can be, by people who know the street.</p>"
ROWS = "".join(
    f'<tr><th scope="row">Service {n}</th><td class="number">£{n:,}</td><td>Éilidh</td></tr>'
    for n in range(70)
)


def picture(red: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (40, 20), (red, 67, 126, 128)).save(out, "PNG")
    return out.getvalue()


def chapter(key: str, title: str, body: str = "", **more) -> Chapter:
    return Chapter(
        key=key,
        title=title,
        html=f'<section class="part" id="{key}"><h1>{title}</h1>{body}</section>',
        **more,
    )


VISION = chapter(
    "vision",
    "Our vision: Ŵyn “and” more",
    f"""<p>Live <strong>well</strong>, <em>Ŵyn é</em>, → ≤ ✓ αβγ привет
    <a href="https://www.gov.scot/">read <strong>more</strong></a>. See <a href="#lines">the <em>lines</em></a>.</p>
    <ul><li>One<ul><li>Nested</li></ul></li><li>Two</li></ul><h2 id="who">Who</h2>{FILLING * 60}""",
)
MONEY = chapter(
    "money",
    "Money",
    f"""<h2>By service</h2><table id="lines"><caption>Lines of the budget</caption>
    <thead><tr><th scope="col">Service</th>
    <th scope="col">Amount</th><th scope="col">By</th></tr></thead><tbody>{ROWS}</tbody></table>
    <h3 id="deep">Deep</h3><p>Back to <a href="#vision">the vision</a>.</p>""",
)
PLACES = chapter(
    "places",
    "Places",
    """<svg viewBox="0 0 9 9" role="img"><title>A bar of nine</title><rect width="9" height="9"/></svg>
    <p><img alt="A map" src="portal-file:map.png"></p><blockquote><p>Quoted é</p></blockquote>
    <table><thead>
    <tr><th scope="col" colspan="2">Wide</th></tr><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>
    <tbody><tr><td rowspan="2">1</td><td>2</td></tr><tr><td>3</td></tr></tbody></table>""",
    files={"map.png": picture()},
)
BARE = Chapter(
    key="bare", title="Bare", html='<section class="part"><p>No heading, no table, no link.</p></section>'
)
COVER = Chapter(
    key="cover",
    title="Cover",
    html='<section class="cover"><h1 class="document-title">Plan 2027</h1></section>',
)


def contents(page_of: Callable[[str], int]) -> str:
    lines = (
        ("vision", "Our vision: Ŵyn “and” more"),
        ("who", "Who"),
        ("money", "Money"),
        ("places", "Places"),
    )
    listed = "".join(f'<li><a href="#{key}">{title}</a>, page {page_of(key)}</li>' for key, title in lines)
    return f'<nav class="contents"><h1>Contents</h1><ol>{listed}</ol></nav>'


BOOK = Book(
    title="Plan 2027",
    language="en-GB",
    created=CREATED,
    author="Angus & Moray <joint>",
    description="A plan",
    stylesheets=("documents/print.css",),
    cover=COVER,
    contents=contents,
    chapters=(VISION, MONEY, PLACES, BARE),
)


def edited(book: Book, key: str, words: str) -> Book:
    """The book with some words more at the end of one chapter."""
    chapters = tuple(
        replace(one, html=one.html.replace("</section>", f"<p>{words}</p></section>"))
        if one.key == key
        else one
        for one in book.chapters
    )
    return replace(book, chapters=chapters)
