"""The square (QR code) beside the code on a cover: the same address for a telephone's camera."""

import io
from dataclasses import dataclass
from itertools import groupby

import segno

# Free modules around a square, which the standard asks for.
_QUIET = 4
# A quarter of the square may be dirty or torn.
_CORRECTION = "q"
_PRINTED_DPI = 300


@dataclass(frozen=True)
class Square:
    """`path` draws the dark modules in a box of `side` by `side`, a unit for each module."""

    address: str
    side: int
    path: str


def square_of(address: str) -> Square:
    rows = [bytes(row) for row in _code(address).matrix_iter(border=_QUIET)]
    return Square(address, len(rows), "".join(_drawn(row, y) for y, row in enumerate(rows)))


def square_picture(address: str) -> bytes:
    """The same as a PNG, for files that hold no drawings; about 27 mm wide in print."""
    kept = io.BytesIO()
    _code(address).save(kept, kind="png", scale=8, border=_QUIET, dpi=_PRINTED_DPI)
    return kept.getvalue()


def _code(address: str) -> segno.QRCode:
    return segno.make_qr(address, error=_CORRECTION, boost_error=False)


def _drawn(row: bytes, y: int) -> str:
    """The dark modules of a row, those that stand together as one bar."""
    bars = []
    x = 0
    for is_dark, run in groupby(row):
        length = len(list(run))
        if is_dark:
            bars.append(f"M{x} {y}h{length}v1h-{length}z")
        x += length
    return "".join(bars)
