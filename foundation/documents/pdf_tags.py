"""What WeasyPrint leaves out of a tagged PDF, put in before the file is written (through its `finisher` hook)."""

from collections.abc import Iterator
from typing import Any

import pydyf


def referred(pdf: pydyf.PDF, reference: bytes) -> Any:
    """The object behind a reference such as b"12 0 R"."""
    return pdf.objects[int(reference.split()[0])]


def structure_elements(pdf: pydyf.PDF) -> Iterator[pydyf.Dictionary]:
    """Every element of the structure tree, also those that no other element names as its child."""
    for element in pdf.objects:
        if isinstance(element, pydyf.Dictionary) and element.get("Type") == "/StructElem":
            yield element


def name_header_cells(pdf: pydyf.PDF, prefix: str = "") -> None:
    """Header cells say whether they head a column or a row, and can be found by their names.

    With a `prefix`, names are unique also beside those of other files.
    """
    names: list[tuple[str, bytes]] = []
    for element in structure_elements(pdf):
        if element["S"] == "/TH":
            row = referred(pdf, element["P"])
            heads_columns = referred(pdf, row["P"])["S"] == "/THead"
            element["A"]["Scope"] = "/Column" if heads_columns else "/Row"
        if element["S"] in {"/TD", "/TH"}:
            _name_headers_of(element, prefix)
        if "ID" in element:
            element["ID"] = pydyf.String(prefix + element["ID"].string)
            names.append((element["ID"].string, element.reference))
    if names:
        leaves = pydyf.Array()
        for name, reference in sorted(names):
            leaves.extend((pydyf.String(name), reference))
        root = referred(pdf, pdf.catalog["StructTreeRoot"])
        root["IDTree"] = pydyf.Dictionary({"Names": leaves})


def _name_headers_of(cell: pydyf.Dictionary, prefix: str) -> None:
    headers = cell["A"].pop("Headers", None)
    if headers:
        cell["A"]["Headers"] = pydyf.Array(pydyf.String(prefix + header.string) for header in headers)
