"""Charts that Word draws itself: their figures stand in the file, in the drawing and in a workbook behind it.

A chart is an HTML figure with `data-figures` (see figures.read). Who opens the file sees a real chart, can change its
look and, with "Edit data", its figures; who cannot see it hears its sentence, and the table stays beside it.
"""

from .adding import Charts
from .figures import ATTRIBUTE, Figures, Row, read

__all__ = ["ATTRIBUTE", "Charts", "Figures", "Row", "read"]
