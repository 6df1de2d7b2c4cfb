"""The finance report of one close: tables F1 to F13, each with its sentence, from frozen figures alone.

Page, PDF and workbook print the same tables. Set-aside is always its own row or column, never added in silence.
"""

from .making import report_of as report_of
from .shape import Report as Report
from .shape import Row as Row
from .shape import Table as Table
