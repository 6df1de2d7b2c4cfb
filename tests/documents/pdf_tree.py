"""A tagged PDF's structure, walked from the top with no help from the code that wrote it."""

import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name

ARTIFACT_OR_MARKED = re.compile(rb"/MCID (\d+)")


@dataclass
class Tree:
    """What was found: `counts` of what is right, `faults` in words."""

    counts: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    tags: dict[str, int] = field(default_factory=dict)

    def good(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


def walked(data: bytes) -> Tree:
    """Structure tree, parent tree, names of cells, links and outline agree with each other and with the pages."""
    tree = Tree()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        _Walk(pdf, tree).everything()
    return tree


def leaves(node: Dictionary, key: str) -> Iterator[tuple[pikepdf.Object, pikepdf.Object]]:
    """Pairs of a number or name tree, checked against the limits that its nodes state."""
    if key in node:
        items = list(node[key])
        yield from zip(items[::2], items[1::2], strict=True)
    for kid in node.get("/Kids", ()):
        pairs = list(leaves(kid, key))
        names = [int(name) if key == "/Nums" else bytes(name) for name, _ in pairs]
        lowest, highest = (int(one) if key == "/Nums" else bytes(one) for one in kid.Limits)
        assert (lowest, highest) == (names[0], names[-1])
        yield from pairs


class _Walk:
    def __init__(self, pdf: pikepdf.Pdf, tree: Tree) -> None:
        self.pdf, self.tree = pdf, tree
        self.root = pdf.Root.StructTreeRoot
        self.page_numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        self.owners: dict[int, pikepdf.Object] = {}
        self.held: dict[tuple[int, int], tuple[int, int]] = {}
        self.annotations: dict[tuple[int, int], tuple[int, int]] = {}
        self.reached: set[tuple[int, int]] = set()

    def everything(self) -> None:
        for key, owner in leaves(self.root.ParentTree, "/Nums"):
            assert int(key) not in self.owners
            self.owners[int(key)] = owner
        assert list(self.owners) == sorted(self.owners)
        assert int(self.root.ParentTreeNextKey) > max(self.owners)
        for kid in self.root.K:
            self.element(kid, self.root)
        for number, page in enumerate(self.pdf.pages):
            self.page(number, page)
        self.cells()
        self.links()
        if "/Outlines" in self.pdf.Root:
            counted = self.outline(self.pdf.Root.Outlines)
            assert int(self.pdf.Root.Outlines.Count) == counted

    def element(self, element: Dictionary, parent: Dictionary) -> None:
        if element.P.objgen != parent.objgen:
            self.tree.faults.append(f"{element.S} names another parent")
        self.reached.add(element.objgen)
        tag = str(element.S)
        self.tree.tags[tag] = self.tree.tags.get(tag, 0) + 1
        kids = element.get("/K", Array())
        for kid in kids if isinstance(kids, Array) else [kids]:
            if not isinstance(kid, Dictionary):
                place = (self.page_numbers[element.Pg.objgen], int(kid))
                assert place not in self.held, "content in two elements"
                self.held[place] = element.objgen
            elif kid.get("/Type") == Name.OBJR:
                assert kid.Pg.objgen in self.page_numbers
                if Name.Link != element.S:
                    self.tree.faults.append(f"a link hangs in {element.S}")
                self.annotations[kid.Obj.objgen] = element.objgen
            else:
                self.element(kid, element)

    def page(self, number: int, page: pikepdf.Page) -> None:
        owners = self.owners[int(page.obj.StructParents)]
        contents = page.obj.Contents
        streams = contents if isinstance(contents, Array) else [contents]
        marked = sorted(
            int(found) for stream in streams for found in ARTIFACT_OR_MARKED.findall(stream.read_bytes())
        )
        if marked != [place for place, owner in enumerate(owners) if owner is not None]:
            self.tree.faults.append(f"page {number + 1}: marked content and parent tree differ")
        for mcid in marked:
            if self.held.get((number, mcid)) == owners[mcid].objgen:
                self.tree.good("marked content")
            else:
                self.tree.faults.append(f"page {number + 1}: content {mcid} belongs to no element or to two")
        for annotation in page.obj.get("/Annots", ()):
            if self.owners[int(annotation.StructParent)].objgen == self.annotations.get(annotation.objgen):
                self.tree.good("annotations")
            else:
                self.tree.faults.append(f"page {number + 1}: an annotation belongs to no element")

    def cells(self) -> None:
        names = [
            (bytes(name), cell) for name, cell in leaves(self.root.get("/IDTree", Dictionary()), "/Names")
        ]
        assert [name for name, _ in names] == sorted({name for name, _ in names})
        cells = dict(names)
        elements = [
            one
            for one in self.pdf.objects
            if isinstance(one, Dictionary) and one.get("/Type") == Name.StructElem
        ]
        for element in elements:
            if element.objgen not in self.reached:
                self.tree.faults.append(f"{element.S} cannot be reached")
            if "/ID" in element:
                assert cells[bytes(element.ID)].objgen == element.objgen
            for header in element.get("/A", Dictionary()).get("/Headers", ()):
                if _table_of(cells[bytes(header)]) == _table_of(element):
                    self.tree.good("headers")
                else:
                    self.tree.faults.append("a cell names a header of another table")

    def links(self) -> None:
        targets = {bytes(name): where for name, where in leaves(self.pdf.Root.Names.Dests, "/Names")}
        assert list(targets) == sorted(targets)
        for page in self.pdf.pages:
            for annotation in page.obj.get("/Annots", ()):
                if "/Dest" not in annotation:
                    continue
                target = targets.get(bytes(annotation.Dest))
                if target is None or target[0].objgen not in self.page_numbers:
                    self.tree.faults.append(f"a link leads nowhere: {annotation.Dest}")
                else:
                    self.tree.good("links")

    def outline(self, above: Dictionary) -> int:
        lines, before, item = 0, None, above.get("/First")
        while item is not None:
            lines += 1
            self.tree.good("outline")
            assert item.Parent.objgen == above.objgen
            assert item.Dest[0].objgen in self.page_numbers
            assert (before is None) == ("/Prev" not in item)
            if before is not None:
                assert item.Prev.objgen == before.objgen
            if "/First" in item:
                below = self.outline(item)
                assert int(item.Count) == below
                lines += below
            before, item = item, item.get("/Next")
        assert before is None or above.Last.objgen == before.objgen
        return lines


def _table_of(cell: Dictionary) -> tuple[int, int]:
    while Name.Table != cell.S:
        cell = cell.P
    return cell.objgen


def words_on(data: bytes, page: int) -> str:
    """The text of one page, counted from 1."""
    number = str(page)
    run = subprocess.run(
        ["pdftotext", "-raw", "-f", number, "-l", number, "-", "-"],
        input=data,
        capture_output=True,
        check=True,
    )
    return " ".join(run.stdout.decode().split())
