"""Colours and fillings. All have at least 3:1 contrast against white; neighbours also differ in their filling."""

from typing import Literal

INK = "#1a1a1a"
SOFT = "#5e5e5e"
GRID = "#d9d9d9"
OURS = "#0065bd"
COMPARATOR = "#6b6b6b"
SERIES = ("#0065bd", "#cb4e0b", "#1c5d5d", "#741e6d", "#592c20", "#002d54")

# Strokes of an 8 by 8 tile, drawn white over the colour; the first filling is plain.
FILLINGS = (
    "",
    "M-2 2 2-2M0 8 8 0M6 10 10 6",
    "M0 2H8M0 6H8",
    "M2 0V8M6 0V8",
    "M-2 6 2 10M0 0 8 8M6-2 10 2",
    "M0 4H8M4 0V8",
)
SHAPES: tuple[Literal["dot", "square", "triangle", "diamond"], ...] = ("dot", "square", "triangle", "diamond")
