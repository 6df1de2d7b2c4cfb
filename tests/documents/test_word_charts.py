"""Charts in a Word file: real ones, with their figures, and the words for those who cannot see them."""

import io
import json
import re
import shutil
import subprocess
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree, html

from foundation.documents.word import write_word

from .test_word import book, written

C = {
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
}
LINES = {
    "kind": "lines",
    "title": "Stays",
    "words": "Stays. Angus: 3 in 2024.",
    "categories": ["2022", "2023", "2024"],
    "category_name": "Year",
    "pattern": '#,##0.0"%"',
    "rows": [
        {
            "name": "Angus & <b>",
            "values": [1.5, None, 3.0],
            "colour": "#0065bd",
            "shape": "dot",
            "is_level": False,
            "provisional": [2],
            "set_apart": [],
        },
        {
            "name": "Target",
            "values": [4.0, 4.0, 4.0],
            "colour": "#1a1a1a",
            "shape": "dot",
            "is_level": True,
            "provisional": [],
            "set_apart": [],
        },
    ],
}
BARS = LINES | {
    "kind": "bars",
    "title": "Money",
    "words": "Money. Highest: 2024.",
    "pattern": '"£"#,##0',
    "rows": [LINES["rows"][0] | {"values": [60_000_000, -5.0, None], "set_apart": [1]}],
}
STACKS = BARS | {"kind": "stacks", "rows": [LINES["rows"][0], LINES["rows"][1]]}


def figure(said: dict) -> str:
    shown = html.Element(
        "figure", {"class": "portal-chart", "id": "chart-1", "data-figures": json.dumps(said)}
    )
    shown.append(
        html.fromstring(
            '<figcaption><p class="portal-chart__title">Stays</p>'
            '<p class="portal-chart__sentence">Angus: 3 in 2024.</p></figcaption>'
        )
    )
    shown.append(
        html.fromstring(
            "<table><caption>Stays</caption><thead><tr><th>Year</th><th>Angus</th></tr></thead>"
            "<tbody><tr><th>2022</th><td>1.5%</td></tr></tbody></table>"
        )
    )
    return html.tostring(shown, encoding="unicode")


@pytest.fixture(scope="module")
def data() -> bytes:
    return write_word(book("<h1>Charts</h1>" + "".join(map(figure, (LINES, BARS, STACKS)))))


@pytest.fixture
def archive(data) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def chart(archive: zipfile.ZipFile, number: int):
    return etree.fromstring(archive.read(f"word/charts/chart{number}.xml"))


def values(node, path: str) -> list[str]:
    return [str(one) for one in node.xpath(path, namespaces=C)]


def test_the_chart_stands_between_its_sentence_and_its_table(data):
    document = Document(io.BytesIO(data))
    assert written(document)[:4] == [
        ("Heading 1", "Charts"),
        ("Caption", "Stays"),
        ("Figure Sentence", "Angus: 3 in 2024."),
        ("Normal", ""),
    ]
    body = list(document.element.body)
    place = next(at for at, one in enumerate(body) if one.find(f".//{qn('w:drawing')}") is not None)
    assert body[place + 1].tag == qn("w:tbl")


def test_every_chart_says_in_words_what_it_shows(data):
    names = Document(io.BytesIO(data)).element.xpath(".//wp:docPr")
    assert [one.get("descr") for one in names] == [LINES["words"], BARS["words"], STACKS["words"]]
    assert len({one.get("id") for one in names}) == 3


def test_figures_are_in_the_chart_and_a_missing_one_is_a_gap(archive):
    lines = chart(archive, 1)
    assert values(lines, "//c:ser/c:tx//c:v/text()") == ["Angus & <b>", "Target"]
    assert values(lines, "(//c:ser)[1]/c:cat//c:v/text()") == ["2022", "2023", "2024"]
    assert values(lines, "(//c:ser)[1]/c:val//c:pt/@idx") == ["0", "2"]
    assert values(lines, "(//c:ser)[1]/c:val//c:v/text()") == ["1.5", "3"]
    assert values(lines, "(//c:ser)[1]/c:val//c:ptCount/@val") == ["3"]
    assert values(lines, "//c:dispBlanksAs/@val") == ["gap"]
    assert values(lines, "//c:legendPos/@val") == ["b"]


def test_a_provisional_figure_a_level_and_the_others_are_told_apart_without_colour(archive):
    lines, bars, stacks = (chart(archive, number) for number in (1, 2, 3))
    assert values(lines, "(//c:ser)[1]/c:dPt/c:idx/@val") == ["2"]
    assert values(lines, "(//c:ser)[1]/c:dPt//a:prstDash/@val") == ["sysDash"]
    assert values(lines, "(//c:ser)[2]/c:spPr//a:prstDash/@val") == ["dash"]
    assert values(bars, "(//c:ser)[1]/c:dPt/c:idx/@val") == ["1"]
    assert values(stacks, "//c:grouping/@val") == ["stacked"]
    assert values(stacks, "(//c:ser)[2]/c:spPr/a:pattFill/@prst") == ["wdUpDiag"]


def test_figures_are_written_as_their_unit_asks(archive):
    lines, bars = chart(archive, 1), chart(archive, 2)
    assert set(values(lines, "//c:val//c:formatCode/text()")) == {'#,##0.0"%"'}
    assert values(lines, "//c:valAx/c:numFmt/@formatCode") == ['#,##0.0"%"']
    assert values(bars, "//c:valAx/c:numFmt/@formatCode") == ['"£"#,##0,,"m"']
    assert values(bars, "//c:dLbls/c:numFmt/@formatCode") == ['"£"#,##0.0,,"m"']


def test_the_figures_can_be_edited_in_the_workbook_behind_the_chart(archive):
    """Each place that the chart names holds the figure that the chart shows."""
    lines = chart(archive, 1)
    sheet = zipfile.ZipFile(io.BytesIO(archive.read("word/embeddings/chart1.xlsx")))
    names = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    shared = etree.fromstring(sheet.read("xl/sharedStrings.xml")).xpath("//m:t/text()", namespaces=names)
    cells = {
        cell.get("r"): shared[int(cell.findtext("m:v", namespaces=names))]
        if cell.get("t") == "s"
        else cell.findtext("m:v", namespaces=names)
        for cell in etree.fromstring(sheet.read("xl/worksheets/sheet1.xml")).iter(f"{{{names['m']}}}c")
    }
    held = {place: text for place, text in cells.items() if text}
    assert held["B1"] == "Angus & <b>"
    assert (held["B2"], "B3" in held, held["B4"]) == ("1.5", False, "3")
    assert values(lines, "(//c:ser)[1]/c:val//c:f/text()") == ["Figures!$B$2:$B$4"]
    assert values(lines, "(//c:ser)[2]/c:tx//c:f/text()") == ["Figures!$C$1"]
    assert values(lines, "(//c:ser)[1]/c:cat//c:f/text()") == ["Figures!$A$2:$A$4"]
    key = lines.xpath("//c:externalData", namespaces=C)[0].get(
        "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    )
    leads = etree.fromstring(archive.read("word/charts/_rels/chart1.xml.rels"))
    assert {one.get("Id"): one.get("Target") for one in leads} == {key: "../embeddings/chart1.xlsx"}


def test_every_part_has_a_type_and_every_chart_is_led_to(archive):
    types = archive.read("[Content_Types].xml").decode()
    leads = archive.read("word/_rels/document.xml.rels").decode()
    for number in (1, 2, 3):
        assert re.search(rf'charts/chart{number}\.xml" ContentType="[^"]*drawingml\.chart\+xml"', types)
        assert f'Target="charts/chart{number}.xml"' in leads
    assert "spreadsheetml.sheet" in types


# The order in which the schema of DrawingML wants what stands in these elements.
ORDER = {
    "chartSpace": "date1904 roundedCorners chart spPr txPr externalData",
    "chart": "autoTitleDeleted plotArea legend plotVisOnly dispBlanksAs",
    "lineChart": "grouping varyColors ser marker axId",
    "barChart": "barDir grouping varyColors ser gapWidth overlap axId",
    "ser": "idx order tx spPr invertIfNegative marker dPt dLbls cat val smooth",
    "dPt": "idx invertIfNegative marker bubble3D spPr",
    "dLbls": "numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize",
    "catAx": "axId scaling delete axPos numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses auto "
    "lblAlgn lblOffset noMultiLvlLbl",
    "valAx": "axId scaling delete axPos majorGridlines numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx "
    "crosses crossBetween",
    "ln": "noFill solidFill prstDash round",
    "defRPr": "solidFill latin cs",
}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_elements_stand_in_the_schemas_order(archive, number):
    looked_at = set()
    for node in chart(archive, number).iter():
        name = etree.QName(node).localname
        if name in ORDER and len(node):
            order = ORDER[name].split()
            places = [order.index(etree.QName(child).localname) for child in node]
            assert places == sorted(places), name
            looked_at.add(name)
    assert {"chartSpace", "ser", "catAx", "valAx"} <= looked_at


def test_the_same_charts_are_the_same_bytes(data):
    again = write_word(book("<h1>Charts</h1>" + "".join(map(figure, (LINES, BARS, STACKS)))))
    assert again == data


def test_signs_that_xml_cannot_hold_do_no_harm():
    odd = LINES | {"title": "a\x0bb", "words": "c\x00d", "categories": ["\x1f", "", "x"]}
    with zipfile.ZipFile(io.BytesIO(write_word(book(figure(odd))))) as parts:
        assert values(chart(parts, 1), "(//c:ser)[1]/c:cat//c:v/text()") == ["x"]
        assert 'descr="cd"' in parts.read("word/document.xml").decode()


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_an_office_program_opens_it_and_draws_every_chart(data, tmp_path):
    (tmp_path / "charts.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = ["--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "charts.docx")]
    subprocess.run(["soffice", profile, *convert], check=True, capture_output=True, timeout=120)
    words = subprocess.run(
        ["pdftotext", str(tmp_path / "charts.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "£60.0m" in words
    assert words.count("Angus & <b>") >= 2
