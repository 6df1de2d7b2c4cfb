"""One font program for each face of the whole file, where each part brought a subset of its own.

The renderer keeps glyph numbers when it makes a subset, so subsets of one font can be united without a look at any
page. Only the glyphs in use are sure to keep them: what composite glyphs are made of may not, hence they are drawn out.
"""

import io
import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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
class Face:
    """A font as one part uses it: what version of it, and of each glyph in use the width and the text.

    A glyph's width is in thousandths of the font's size.
    """

    version: tuple[int, ...]
    widths: dict[int, float]
    texts: dict[int, str]

    @classmethod
    def read(cls, font: Object) -> "Face":
        return cls(version_of(program_of(font)), dict(read_widths(font)), dict(read_texts(font)))

    def written(self) -> list[Any]:
        """As plain values, for `from_written`."""
        return [self.version, *_columns(self.widths), *_columns(self.texts)]

    @classmethod
    def from_written(cls, plain: list[Any]) -> "Face":
        version, measured, widths, told, texts = plain
        return cls(
            tuple(version), dict(zip(measured, widths, strict=True)), dict(zip(told, texts, strict=True))
        )


def _columns(pairs: Mapping[int, Any]) -> tuple[list[int], list[Any]]:
    return list(pairs), list(pairs.values())


@dataclass(frozen=True)
class _Use:
    """One part's font: the dictionary of fonts that holds it, under which name, and what is known of it."""

    fonts: Object
    name: str
    font: Object
    face: Face


# Makes the font that has these glyphs of a face, or finds it: `(face's name, version, glyphs, make)`.
Unite = Callable[[str, tuple[int, ...], set[int], Callable[[], bytes]], bytes]


def unite_fonts(
    pdf: pikepdf.Pdf, resources: Iterable[tuple[Object, Mapping[str, Face]]], unite: Unite
) -> None:
    """Each face is in the file once. `resources` are those of all parts, with what is known of their fonts by name.

    Raises AssemblyFault.
    """
    faces: dict[str, list[_Use]] = defaultdict(list)
    read: dict[tuple[int, int], Face] = {}
    for holder, known in resources:
        fonts = holder.get("/Font", Dictionary())
        for name, font in fonts.items():
            if name in known or can_be_united(font):
                face = (
                    known.get(name) or read.get(font.objgen) or read.setdefault(font.objgen, Face.read(font))
                )
                faces[str(font.BaseFont)].append(_Use(fonts, name, font, face))
    for name, uses in faces.items():
        if len(uses) > 1:
            _unite(pdf, name, uses, unite)


def can_be_united(font: Object) -> bool:
    """TrueType outlines addressed by glyph number. Bitmap and PostScript fonts stay as each part brought them."""
    return (
        font.get("/Subtype") == Name.Type0
        and font.get("/Encoding") == Name("/Identity-H")
        and "/FontFile2" in font.DescendantFonts[0].FontDescriptor
    )


def _unite(pdf: pikepdf.Pdf, name: str, uses: list[_Use], unite: Unite) -> None:
    version = uses[0].face.version
    if any(use.face.version != version for use in uses):
        raise AssemblyFault(f"{name}: two versions of this font are in use")
    widths: dict[int, float] = {}
    texts: dict[int, str] = {}
    for use in uses:
        widths |= use.face.widths
        for glyph, text in use.face.texts.items():
            # one drawing, two texts (blank, no-break blank): the first, as the renderer does
            texts.setdefault(glyph, text)

    def made() -> bytes:
        # Most parts have no letter that a longer one has not: their fonts need not be opened.
        subsets: Subsets = defaultdict(set)
        found: set[int] = set()
        for use in sorted(uses, key=lambda use: -len(use.face.widths)):
            if not found >= use.face.widths.keys():
                found |= use.face.widths.keys()
                subsets[program_of(use.font)] |= use.face.widths.keys()
        try:
            return united_program(subsets)
        except AssemblyFault as fault:
            raise AssemblyFault(f"{name}: {fault}") from None

    program = unite(name, version, set(widths), made)
    first = uses[0].font
    descendant = first.DescendantFonts[0]
    descendant.FontDescriptor.FontFile2 = pdf.make_stream(program, Length1=len(program))
    descendant.FontDescriptor.FontBBox[2] = max(widths.values())
    descendant.W = _written_widths(widths)
    first.ToUnicode = pdf.make_stream(_written_texts(texts))
    for use in uses[1:]:
        use.fonts[use.name] = first


def program_of(font: Object) -> bytes:
    data: bytes = font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
    return data


def united_program(subsets: Subsets) -> bytes:
    """A TrueType font that holds the given glyphs of each subset under their numbers.

    Raises AssemblyFault if the subsets are not of the same font.
    """
    glyphs: dict[int, bytes] = {}
    metrics: dict[int, tuple[int, int]] = {}
    if len({version_of(data) for data in subsets}) > 1:
        raise AssemblyFault("two versions of this font are in use")
    opened = [(_opened(data), used | {0}) for data, used in subsets.items()]
    opened.sort(key=lambda pair: -max(pair[1]))
    for font, used in opened:
        names = font.getGlyphOrder()
        for number, drawing in _drawings(font["glyf"], names, used):
            if glyphs.setdefault(number, drawing).rstrip(_PADDING) != drawing.rstrip(_PADDING):
                raise AssemblyFault(f"glyph {number} is drawn in two ways")
            metrics[number] = font["hmtx"][names[number]]
    return _with_glyphs([font for font, _ in opened], glyphs, metrics)


def _opened(program: bytes) -> TTFont:
    return TTFont(io.BytesIO(program), recalcBBoxes=False, recalcTimestamp=False)


def version_of(program: bytes) -> tuple[int, ...]:
    """What tells one issue of a TrueType font from another, and stays the same in each subset of it.

    That is its revision, units, dates of making and changing (table head), ascent and descent (hhea).
    """
    (count,) = struct.unpack_from(">H", program, 4)
    entries = (struct.unpack_from(">4s4xI4x", program, 12 + 16 * number) for number in range(count))
    starts = dict(entries)
    return (
        *struct.unpack_from(">4xi10xHQQ", program, starts[b"head"]),
        *struct.unpack_from(">4xhh", program, starts[b"hhea"]),
    )


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
