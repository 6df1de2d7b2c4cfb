"""Parts become one file: pages in order, one structure tree, one set of names, one outline."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, String

from .faults import AssemblyFault
from .fonts import Face
from .parts import Heading, Part, Target


@dataclass
class _Item:
    """A line of the outline on its way into the file."""

    level: int
    written: Object
    lines: int = 0


class Joined:
    """The file while parts are added to it. `finish` ends it. `resources` are those of all parts, with their faces."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()
        self.resources: list[tuple[Object, Mapping[str, Face]]] = []
        self._seen: set[tuple[int, int]] = set()
        self._tree = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self._document = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=self._tree, K=Array())
        )
        self._owners: list[Object] = []
        self._next_key = 0
        self._names: list[tuple[bytes, bytes, Object]] = []
        self._targets: dict[str, tuple[Object, Target]] = {}
        self._used_twice: set[str] = set()
        self._links: list[Object] = []
        self._headings: list[tuple[Object, Heading]] = []

    def add(self, part: Part, title: str) -> None:
        """The part's pages, tags, ids and headings follow those of the parts before. Raises AssemblyFault."""
        first = len(self.pdf.pages)
        source = part.opened()
        with warnings.catch_warnings():
            # pikepdf says that names and outline are left behind: they are made anew.
            warnings.simplefilter("ignore")
            self.pdf.pages.extend(source.pages)  # before the tags, which point to pages
        pages = [self.pdf.pages[first + number].obj for number in range(part.length)]
        offset = self._next_key
        self._add_tags(source, title)
        self._add_pages(pages, offset, part.faces)
        for name, target in part.places.targets.items():
            if self._targets.setdefault(name, (pages[target.page], target))[1] is not target:
                self._used_twice.add(name)
        self._headings += [(pages[heading.page], heading) for heading in part.places.outline]

    def finish(self, language: str) -> None:
        """Names, links, parent tree and outline cover the whole file. Raises AssemblyFault."""
        self._tree.K = Array([self._document])
        self._document.Lang = String(language)
        self._tree.ParentTree = self.pdf.make_indirect(Dictionary(Kids=Array(self._owners)))
        self._tree.ParentTreeNextKey = self._next_key
        if self._names:
            self._tree.IDTree = self.pdf.make_indirect(self._name_tree())
        self.pdf.Root.StructTreeRoot = self._tree
        self._write_targets()
        self._write_outline()

    def _add_tags(self, source: pikepdf.Pdf, title: str) -> None:
        tree = self.pdf.copy_foreign(source.Root.StructTreeRoot)
        if "/RoleMap" in tree:
            raise AssemblyFault(f"“{title}” uses tags of its own")
        top = tree.K[0]
        top.S, top.P, top.T = Name.Part, self._document, String(title)
        self._document.K.append(top)
        self._add_owners(tree.ParentTree.Nums)
        if "/IDTree" in tree:
            names = tree.IDTree.Names
            self._names.append((bytes(names[0]), bytes(names[-2]), names))

    def _add_owners(self, nums: Object) -> None:
        """The part's half of the parent tree, its keys counted on from the part before."""
        keys = [int(key) for key in list(nums)[::2]]
        for place, key in enumerate(keys):
            nums[2 * place] = key + self._next_key
        limits = Array([self._next_key + keys[0], self._next_key + keys[-1]])
        self._owners.append(self.pdf.make_indirect(Dictionary(Nums=nums, Limits=limits)))
        self._next_key += keys[-1] + 1

    def _add_pages(self, pages: Sequence[Object], offset: int, faces: Mapping[str, Face]) -> None:
        for page in pages:
            page.StructParents = int(page.StructParents) + offset
            if page.Resources.objgen not in self._seen:
                self._seen.add(page.Resources.objgen)
                self.resources.append((page.Resources, faces))
            for annotation in page.get("/Annots", ()):
                annotation.StructParent = int(annotation.StructParent) + offset
                if "/Dest" in annotation:
                    self._links.append(annotation)

    def _name_tree(self) -> Dictionary:
        leaves = Array()
        for first, last, names in sorted(self._names, key=lambda leaf: leaf[0]):
            limits = Array([String(first), String(last)])
            leaves.append(self.pdf.make_indirect(Dictionary(Names=names, Limits=limits)))
        return Dictionary(Kids=leaves)

    def _write_targets(self) -> None:
        for link in self._links:
            name = str(link.Dest)
            if name not in self._targets:
                raise AssemblyFault(f"a link leads to “{name}”, which is nowhere in the document")
            if name in self._used_twice:
                raise AssemblyFault(f"a link leads to “{name}”, which is in two chapters")
            words = self._targets[name][1].words
            if words:
                link.Contents = String(words)
        names = Array()
        for name in sorted(self._targets, key=lambda name: bytes(String(name))):
            page, target = self._targets[name]
            names.extend((String(name), _destination(page, target.x, target.y)))
        self.pdf.Root.Names = Dictionary(Dests=self.pdf.make_indirect(Dictionary(Names=names)))

    def _write_outline(self) -> None:
        """Headings hang under the nearest one before them that stands above them."""
        root = _Item(0, self.pdf.make_indirect(Dictionary(Type=Name.Outlines)))
        open_items = [root]
        for page, heading in self._headings:
            while open_items[-1].level >= heading.level:
                open_items.pop()
            above = open_items[-1]
            written = self.pdf.make_indirect(
                Dictionary(
                    Title=String(heading.title),
                    Parent=above.written,
                    Dest=_destination(page, heading.x, heading.y),
                )
            )
            if "/Last" in above.written:
                written.Prev, above.written.Last.Next = above.written.Last, written
            else:
                above.written.First = written
            above.written.Last = written
            for item in open_items:
                item.lines += 1
                item.written.Count = item.lines
            open_items.append(_Item(heading.level, written))
        if root.lines:
            self.pdf.Root.Outlines = root.written


def _destination(page: Object, x: float, y: float) -> Array:
    return Array([page, Name.XYZ, round(x, 3), round(y, 3), None])
