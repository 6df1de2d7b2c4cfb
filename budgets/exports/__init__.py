"""Rows of the money as files for a spreadsheet."""

from .lines import COLUMNS as COLUMNS
from .lines import lines_csv as lines_csv
