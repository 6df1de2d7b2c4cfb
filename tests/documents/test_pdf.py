import importlib.abc
import io
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import page
import pikepdf
import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.base import ContentFile
from PIL import Image

from foundation.documents import pdf, pdf_rendering, static_files
from foundation.documents.pdf import render_pdf
from foundation.documents.pdf_checks import placed_faults
from foundation.documents.registry import DocumentRefused

STYLE = '<link rel="stylesheet" href="/static/documents/print.css">'
CREATED = datetime(2027, 3, 31, 9, 0, tzinfo=UTC)
ROWS = "".join(f'<tr><th scope="row">Function {n}</th><td class="number">£{n:,}</td></tr>' for n in range(80))
PLAN = f"""<nav class="contents"><h1>Contents</h1><ol><li><a href="#vision">Our vision</a></li>
<li><a href="#money">Money</a></li></ol></nav>
<section class="part"><h1 id="vision">Our vision</h1><p>Live <strong>well</strong>, Ŵyn, → ≤ ✓
<a href="https://www.gov.scot/">read more</a>.</p><ul><li>One<ul><li>Nested</li></ul></li><li>Two</li></ul></section>
<section class="part"><h1 id="money">Money</h1><h2>By function</h2><table><caption>Lines</caption>
<thead><tr><th scope="col">Function</th><th scope="col">Amount</th></tr></thead><tbody>{ROWS}</tbody></table>
<svg viewBox="0 0 9 9" role="img"><title>A bar of nine</title><rect width="9" height="9"/></svg></section>"""


def paper(body: str, head: str = STYLE, page_class: str = "") -> str:
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Strategic plan</title>{head}</head>'
        f'<body class="{page_class}">{body}</body></html>'
    )


@pytest.fixture(scope="module")
def plan() -> bytes:
    return render_pdf(paper(PLAN), created=CREATED)


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def machine_check(data: bytes, folder: Path) -> list[str]:
    """Every rule of PDF/UA-1 that a machine can judge and that the file breaks."""
    file = folder / "checked.pdf"
    file.write_bytes(data)
    profile = next(profile for profile in page.ValidationProfile if profile.name.replace("_", "") == "PDFUA1")
    return [
        f"{fault.rule_id}: {fault.message}"
        for fault in page.validate_pdf(str(file), profile=profile).failures
    ]


def text_of(data: bytes) -> str:
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return run.stdout.decode()


def test_a_plan_passes_the_machine_check_and_our_own(plan, tmp_path):
    assert machine_check(plan, tmp_path) == []
    assert pdf.faults(plan) == []


def test_a_draft_passes_too_and_says_so_in_words_on_each_page(tmp_path):
    draft = render_pdf(paper(PLAN, page_class="draft"))
    assert machine_check(draft, tmp_path) == []
    assert pdf.faults(draft) == []


def test_header_cells_say_what_they_head(plan):
    scopes = {}
    with opened(plan) as file:
        for element in file.objects:
            if isinstance(element, pikepdf.Dictionary) and element.get("/S") == pikepdf.Name.TH:
                scopes[str(element.A.Scope)] = scopes.get(str(element.A.Scope), 0) + 1
        assert scopes["/Row"] == 80
        assert scopes["/Column"] >= 4  # the head is repeated on each of the table's pages
        names = file.Root.StructTreeRoot.IDTree.Names
        assert len(names) == 2 * sum(scopes.values())


def test_the_file_says_what_it_is(plan):
    with opened(plan) as file:
        assert str(file.docinfo.Title) == "Strategic plan"
        assert str(file.docinfo.CreationDate).startswith("D:20270331090000")
        assert str(file.Root.Lang) == "en-GB"
        with file.open_metadata() as metadata:
            assert metadata["dc:title"] == "Strategic plan"
        with file.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Contents", "Our vision", "Money"]
            assert [item.title for item in outline.root[2].children] == ["By function"]


def all_fonts(file: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    return [
        element
        for element in file.objects
        if isinstance(element, pikepdf.Dictionary) and element.get("/Subtype") == pikepdf.Name.Type0
    ]


def test_the_same_content_is_the_same_file(plan, tmp_path):
    assert render_pdf(paper(PLAN), created=CREATED) == plan
    assert render_pdf(paper(PLAN), created=datetime(2027, 4, 1, tzinfo=UTC)) != plan
    program = (
        "import django, sys, datetime; django.setup()\n"
        "from tests.documents.test_pdf import *\n"
        "sys.stdout.buffer.write(render_pdf(paper(PLAN), created=CREATED))"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        check=True,
    )
    assert other.stdout == plan


def test_progress_counts_its_own_steps_or_the_callers(monkeypatch):
    monkeypatch.setattr(pdf_rendering, "_SECONDS_BETWEEN_NOTES", 3600)
    heard = []
    render_pdf(paper("<h1>Short</h1>"), progress=lambda *note: heard.append(note))
    assert [note[:2] for note in heard] == [(1, 3), (2, 3), (3, 3)]
    assert heard[1][2] == "Writing 1 page"
    heard.clear()
    render_pdf(paper("<h1>Short</h1>"), progress=lambda *note: heard.append(note), first_step=4, steps=6)
    assert [note[:2] for note in heard] == [(4, 6), (5, 6), (6, 6)]


def test_progress_is_heard_between_pages_and_may_stop_the_work(monkeypatch):
    class Stop(Exception):
        pass

    monkeypatch.setattr(pdf_rendering, "_SECONDS_BETWEEN_NOTES", 0)

    def until_page_three(step: int, steps: int, label: str) -> None:
        if label == "Laying out page 3":
            raise Stop

    with pytest.raises(Stop):
        render_pdf(paper(PLAN), progress=until_page_three)


def test_a_document_out_of_bounds_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(pdf_rendering, "MAX_PAGES", 2)
    with pytest.raises(DocumentRefused, match="Divide it into parts"):
        render_pdf(paper(PLAN))
    monkeypatch.setattr(pdf_rendering, "MAX_HTML", 10)
    with pytest.raises(DocumentRefused, match="Divide it into parts"):
        render_pdf(paper("<h1>x</h1>"))


@pytest.mark.parametrize("html", ["<html><title>x</title><p>no language", "<html lang=en-GB><p>no title"])
def test_a_page_without_language_or_title_is_a_fault_of_ours(html):
    with pytest.raises(ValueError, match="lang"):
        render_pdf(html)


# What the renderer may load


@pytest.fixture
def fetched(monkeypatch) -> list[str]:
    """Every address that the renderer was really answered."""
    answered = []
    answer = pdf_rendering._answer
    monkeypatch.setattr(
        pdf_rendering, "_answer", lambda url, *rest: answered.append(url) or answer(url, *rest)
    )
    return answered


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("the renderer opened a socket")

    monkeypatch.setattr("socket.socket.connect", refuse)


@pytest.fixture
def secret(tmp_path) -> Path:
    file = tmp_path / "secret.svg"
    file.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text y="5">SECRET</text></svg>'
    )
    return file


HOSTILE = [
    '<img alt="x" src="{}">',
    '<img alt="x" srcset="{} 2x" src="{}">',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<link rel="stylesheet" href="{}">',
    '<link rel="attachment" href="{}">',
    '<a rel="attachment" href="{}">take it</a>',
    '<style>@import url("{}");</style>',
    '<style>@font-face {{ font-family: x; src: url("{}") }} p {{ font-family: x }}</style>',
    '<p style="background: url({})">x</p>',
    '<ul style="list-style-image: url({})"><li>x</li></ul>',
    '<p style="content: url({})">x</p>',
    '<svg viewBox="0 0 9 9"><title>t</title><image href="{}" width="9" height="9"/></svg>',
    '<svg viewBox="0 0 9 9"><title>t</title><use href="{}#a"/></svg>',
    '<svg viewBox="0 0 9 9"><title>t</title><style>@import "{}";</style><rect width="9" height="9"/></svg>',
    '<svg viewBox="0 0 9 9"><title>t</title><rect fill="url({}#p)" width="9" height="9"/></svg>',
    '<base href="{}"><img alt="x" src="secret.svg">',
    '<iframe src="{}"></iframe>',
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_but_the_portals_own_is_loaded(hostile, secret, fetched):
    addresses = [
        secret.as_uri(),
        str(secret),
        f"file://localhost{secret}",
        "http://127.0.0.1:1/x.svg",
        "https://example.org/x.svg",
        "ftp://example.org/x.svg",
        "//example.org/x.svg",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>".replace("<", "%3C"),
        "/static/../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/manage.py",
        "/static//etc/passwd",
        "/documents/00000000-0000-0000-0000-000000000000/download/",
        "portal-file:../secret.svg",
    ]
    body = "".join(hostile.format(address, address) for address in addresses)
    data = render_pdf(paper(f"<h1>Report</h1>{body}", head=""), files={"map.svg": b""})
    assert fetched == []
    assert b"SECRET" not in data
    assert "SECRET" not in text_of(data)
    with opened(data) as file:
        assert not file.attachments


def test_a_hostile_svg_that_was_handed_in_reaches_nothing(secret, fetched):
    svg = f"""<!DOCTYPE svg [<!ENTITY s SYSTEM "{secret.as_uri()}">]><svg xmlns="http://www.w3.org/2000/svg"
    xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"><script>alert(1)</script><image
    xlink:href="{secret.as_uri()}" width="9" height="9"/><use xlink:href="http://example.org/#x"/><text>&s;</text></svg>"""
    plain = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image
    href="{secret.as_uri()}" width="9" height="9"/><style>@import "http://example.org/x.css";</style></svg>"""
    body = '<h1>Map</h1><img alt="One" src="portal-file:one.svg"><img alt="Two" src="portal-file:two.svg">'
    data = render_pdf(paper(body, head=""), files={"one.svg": svg.encode(), "two.svg": plain.encode()})
    assert fetched == ["portal-file:one.svg", "portal-file:two.svg"]
    assert "SECRET" not in text_of(data)


def test_own_static_files_and_files_handed_in_are_loaded(fetched, caplog):
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), "navy").save(picture, "PNG")
    body = '<h1>Map</h1><img alt="A map" src="portal-file:our%20map.png">'
    data = render_pdf(paper(body), files={"our map.png": picture.getvalue()})
    assert "portal-file:our%20map.png" in fetched
    assert any(address.endswith("/static/documents/print.css") for address in fetched)
    assert any(address.endswith("roboto-latin-400-normal.woff2") for address in fetched)
    assert [record for record in caplog.records if record.name.startswith("foundation")] == []
    with opened(data) as file:
        assert len(file.pages[0].get_images()) == 1


def test_files_that_collectstatic_named_with_a_digest_are_found(tmp_path, monkeypatch, fetched):
    collected = StaticFilesStorage(location=tmp_path, base_url="/static/")
    collected.save("documents/extra.0a1b2c3d4e5f.css", ContentFile(b"h1 { color: #123456 }"))
    monkeypatch.setattr(static_files, "staticfiles_storage", collected)
    style = '<link rel="stylesheet" href="/static/documents/extra.0a1b2c3d4e5f.css">'
    render_pdf(paper("<h1>x</h1>", head=style))
    assert [address.rpartition("/")[2] for address in fetched] == ["extra.0a1b2c3d4e5f.css"]


def test_what_the_renderer_could_not_load_is_logged_with_the_documents_title(caplog):
    render_pdf(paper('<h1>x</h1><img alt="x" src="https://example.org/a.png">', head=""))
    (record,) = [record for record in caplog.records if record.name.startswith("foundation")]
    assert "Strategic plan" in record.getMessage()
    assert "only the portal's own files" in record.getMessage()


def test_only_a_process_that_prints_loads_the_renderer():
    """A web process starts without Pango, and without the half second."""
    program = "import django, sys; django.setup(); import foundation.documents.pdf; print('weasyprint' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert run.stdout.strip() == "False"


def test_without_pango_it_is_said_in_words(monkeypatch):
    class NoPango(importlib.abc.MetaPathFinder):
        def find_spec(self, name, path=None, target=None):
            if name == "foundation.documents.pdf_rendering":
                raise OSError("cannot load library 'libgobject-2.0-0'")

    monkeypatch.delitem(sys.modules, "foundation.documents.pdf_rendering")
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    with pytest.raises(DocumentRefused, match="printing software is not installed"):
        render_pdf(paper("<h1>x</h1>"))


# Our own checks


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<h1>A</h1><h3>B</h3>", "A heading of level 3 follows level 1: a level is skipped."),
        ("<h2>B</h2>", "A heading of level 2 follows level none: a level is skipped."),
        ("<h1>A</h1><table><tr><td>1</td></tr></table>", "A table has no header cells."),
        (
            '<h1>A</h1><svg viewBox="0 0 1 1"><rect width="1" height="1"/></svg>',
            "An image has no alternative text.",
        ),
        (
            '<h1>A</h1><svg viewBox="0 0 1 1"><title>Picture that nobody has described yet</title></svg>',
            "An image has no alternative text.",
        ),
    ],
)
def test_faults_are_found(body, fault):
    assert pdf.faults(render_pdf(paper(body))) == [fault]


def test_a_file_from_elsewhere_is_judged_too():
    bare = pikepdf.new()
    for _ in range(6):
        bare.add_blank_page()
    bare.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    buffer = io.BytesIO()
    bare.save(buffer)
    assert pdf.faults(buffer.getvalue()) == [
        "The file has no tags.",
        "The file does not say in which language it is.",
        "The file has no title.",
        "The file shows its file name in place of its title.",
        "The file does not declare PDF/UA.",
        "The file has no outline (bookmarks).",
        "The file does something when it is opened.",
    ]
    assert pdf.faults(b"not a pdf")[0].startswith("The file is not a readable PDF")


def test_a_fault_says_on_which_page_it_is_and_what_is_near():
    body = """<h1 id="one">A</h1><p>First page.</p><section style="break-before: page"><h2 id="two">B</h2>
    <p><a href="#one">Back</a> <a href="#two">here</a></p><table><tr><td>1</td></tr></table></section>"""
    (fault,) = placed_faults(render_pdf(paper(body)))
    assert (fault.words, fault.page, fault.near) == ("A table has no header cells.", 2, "two")


def test_a_font_that_is_not_embedded_is_found(plan):
    with opened(plan) as file:
        font = all_fonts(file)[0]
        del font.DescendantFonts[0].FontDescriptor["/FontFile2"]
        buffer = io.BytesIO()
        file.save(buffer)
    assert [fault for fault in pdf.faults(buffer.getvalue()) if "is not embedded" in fault]
