"""Charts as SVG that says the same in a page and in a PDF.

Every builder returns a `Chart`: a title, one sentence, drawn marks with all their coordinates, and the table of the
same figures. The template only writes the marks down, as presentation attributes, so that the content security
policy and the PDF renderer both accept them. Odd data never fails: what is missing is drawn as a gap and said.
"""

from .bars import bar_chart, grouped_bar_chart, stacked_bar_chart
from .lines import CARD, PAGE, Sheet, line_chart
from .marks import Chart
from .runs import run_chart
from .series import Reference, Role, Series, SeriesBreak
from .sparks import sparkline
from .units import NUMBER, PERCENT, POUNDS, Unit, rate

__all__ = [
    "CARD",
    "NUMBER",
    "PAGE",
    "PERCENT",
    "POUNDS",
    "Chart",
    "Reference",
    "Role",
    "Series",
    "SeriesBreak",
    "Sheet",
    "Unit",
    "bar_chart",
    "grouped_bar_chart",
    "line_chart",
    "rate",
    "run_chart",
    "sparkline",
    "stacked_bar_chart",
]
