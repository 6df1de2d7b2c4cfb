"""Reads a workbook (.xlsx): the text of each cell as the file holds it, and what Excel does not show.

One pass over each part with a parser that keeps nothing, so memory is that of the cells alone (docs/adr/0009).
Source: ECMA-376 part 1, SpreadsheetML.
"""

from .reader import read_workbook as read_workbook
