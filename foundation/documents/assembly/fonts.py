"""One font program for each face of the whole file, where each part brought a subset of its own.

The renderer keeps glyph numbers when it makes a subset, so subsets of one font can be united without a look at any
page. Only the glyphs in use are sure to keep them: what composite glyphs are made of may not, hence they are drawn out.
"""

import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pikepdf
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import ttProgram
from fontTools.ttLib.tables._g_l_y_f import Glyph, table__g_l_y_f
from pikepdf import Array, Dictionary, Name, Object

from .faults import AssemblyFault

# Programs of subsets with the numbers of the glyphs that are used of each.
Subsets = dict[bytes, set[int]]

# Tables that say nothing once a font is addressed by glyph numbers alone, or that would have to be united too.
_NEEDLESS_TABLES = (
    "cmap",
    "post",
    "GDEF",
    "kern",
    "hdmx",
    "VDMX",
    "gasp",
    "FFTM",
    "name",
    "OS/2",
    "STAT",
    "meta",
)

_PADDING = b"\0"


@dataclass(frozen=True)
class _Use:
    """One part's font: the dictionary of fonts that holds it, and under which name."""

    fonts: Object
    name: str
    font: Object

    @property
    def program(self) -> bytes:
        data: bytes = self.font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
        return data


def unite_fonts(pdf: pikepdf.Pdf, resources: Iterable[Object], unite: Callable[[Subsets], bytes]) -> None:
    """Each face is in the file once. `resources` are those of all parts. Raises AssemblyFault.

    `unite` is `united_program` or remembers what that made.
    """
    faces: dict[str, list[_Use]] = defaultdict(list)
    for holder in resources:
        fonts = holder.get("/Font", Dictionary())
        for name, font in fonts.items():
            if _can_be_united(font):
                faces[str(font.BaseFont)].append(_Use(fonts, name, font))
    for uses in faces.values():
        if len(uses) > 1:
            _unite(pdf, uses, unite)


def _can_be_united(font: Object) -> bool:
    """TrueType outlines addressed by glyph number. Bitmap and PostScript fonts stay as each part brought them."""
    return (
        font.get("/Subtype") == Name.Type0
        and font.get("/Encoding") == Name("/Identity-H")
        and "/FontFile2" in font.DescendantFonts[0].FontDescriptor
    )


def _unite(pdf: pikepdf.Pdf, uses: list[_Use], unite: Callable[[Subsets], bytes]) -> None:
    widths: dict[int, float] = {}
    texts: dict[int, str] = {}
    subsets: Subsets = defaultdict(set)
    for use in uses:
        own = dict(read_widths(use.font))
        subsets[use.program] |= own.keys()
        widths |= own
        for glyph, text in read_texts(use.font):
            texts.setdefault(
                glyph, text
            )  # one drawing, two texts (blank, no-break blank): the first, as the renderer does
    first = uses[0].font
    descendant = first.DescendantFonts[0]
    try:
        program = unite(subsets)
    except AssemblyFault as fault:
        raise AssemblyFault(f"{first.BaseFont}: {fault}") from None
    descendant.FontDescriptor.FontFile2 = pdf.make_stream(program, Length1=len(program))
    descendant.FontDescriptor.FontBBox[2] = max(widths.values())
    descendant.W = _written_widths(widths)
    first.ToUnicode = pdf.make_stream(_written_texts(texts))
    for use in uses[1:]:
        use.fonts[use.name] = first


def united_program(subsets: Subsets) -> bytes:
    """A TrueType font that holds the given glyphs of each subset under their numbers.

    Raises AssemblyFault if the subsets are not of the same font.
    """
    glyphs: dict[int, bytes] = {}
    metrics: dict[int, tuple[int, int]] = {}
    opened = [(_opened(data), used | {0}) for data, used in subsets.items()]
    opened.sort(key=lambda pair: -max(pair[1]))
    for font, used in opened:
        if _identity(font) != _identity(opened[0][0]):
            raise AssemblyFault("two versions of this font are in use")
        names = font.getGlyphOrder()
        for number, drawing in _drawings(font["glyf"], names, used):
            if glyphs.setdefault(number, drawing).rstrip(_PADDING) != drawing.rstrip(_PADDING):
                raise AssemblyFault(f"glyph {number} is drawn in two ways")
            metrics[number] = font["hmtx"][names[number]]
    return _with_glyphs([font for font, _ in opened], glyphs, metrics)


def _opened(program: bytes) -> TTFont:
    return TTFont(io.BytesIO(program), recalcBBoxes=False, recalcTimestamp=False)


def _identity(font: TTFont) -> tuple[float, ...]:
    return font["head"].unitsPerEm, font["head"].fontRevision, font["hhea"].ascent, font["hhea"].descent


def _drawings(table: table__g_l_y_f, names: list[str], used: set[int]) -> Iterator[tuple[int, bytes]]:
    """The glyphs' own bytes. All are taken before one is drawn out, which unpacks its components."""
    raw = {number: getattr(table.glyphs[names[number]], "data", b"") for number in sorted(used)}
    for number, data in raw.items():
        is_composite = data[:1] >= b"\x80"  # fewer than no contours
        yield number, _drawn_out(table.glyphs[names[number]], table) if is_composite else data


def _drawn_out(composite: Glyph, table: table__g_l_y_f) -> bytes:
    """A composite glyph with the outlines of its components in place of their numbers."""
    simple = Glyph()
    composite.expand(table)
    simple.coordinates, simple.endPtsOfContours, simple.flags = composite.getCoordinates(table)
    simple.numberOfContours = len(simple.endPtsOfContours)
    simple.program = ttProgram.Program()
    simple.program.fromBytecode(b"")
    simple.recalcBounds(table)
    data: bytes = simple.compile(table)
    return data


def _with_glyphs(fonts: list[TTFont], glyphs: dict[int, bytes], metrics: dict[int, tuple[int, int]]) -> bytes:
    font, limits = fonts[0], fonts[0]["maxp"]
    names = font.getGlyphOrder()[: max(glyphs) + 1]
    font["hmtx"].metrics = {name: metrics.get(number, (0, 0)) for number, name in enumerate(names)}
    font["glyf"].glyphs = {name: Glyph(glyphs.get(number, b"")) for number, name in enumerate(names)}
    font["glyf"].glyphOrder = names
    font.setGlyphOrder(names)
    for table in _NEEDLESS_TABLES:
        if table in font:
            del font[table]
    for name in [name for name in vars(limits) if name.startswith("max")]:
        setattr(limits, name, max(getattr(other["maxp"], name) for other in fonts))
    # A composite that is drawn out has as many points and contours as its components together.
    limits.maxPoints = max(limits.maxPoints, limits.maxCompositePoints)
    limits.maxContours = max(limits.maxContours, limits.maxCompositeContours)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


# What a PDF says about a font's glyphs


def read_widths(font: Object) -> Iterator[tuple[int, float]]:
    """Width of each glyph in use, in thousandths of the font's size."""
    items = list(font.DescendantFonts[0].W)
    for first, run in zip(items[::2], items[1::2], strict=True):
        if not isinstance(run, Array):
            raise AssemblyFault("the widths are not written as the renderer writes them")
        for offset, width in enumerate(run):
            yield int(first) + offset, float(width)


def read_texts(font: Object) -> Iterator[tuple[int, str]]:
    """The text that each glyph in use stands for."""
    inside = False
    for line in font.ToUnicode.read_bytes().decode("ascii").splitlines():
        if line.endswith("beginbfchar"):
            inside = True
        elif line == "endbfchar":
            inside = False
        elif inside:
            glyph, text = line.replace("<", "").replace(">", "").split(" ", 1)
            yield int(glyph, 16), bytes.fromhex(text).decode("utf-16-be")


def _written_widths(widths: dict[int, float]) -> Array:
    written: list[int | list[float]] = []
    run: list[float] = []
    for number in sorted(widths):
        if number - 1 not in widths:
            run = []
            written += number, run
        run.append(round(widths[number], 4))
    return Array(written)


def _written_texts(texts: dict[int, str]) -> bytes:
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    pairs = sorted(texts.items())
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        lines.append(f"{len(block)} beginbfchar")
        lines += [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in block]
        lines.append("endbfchar")
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode()
