"""Rows of the money as files for a spreadsheet."""

from .closes import MOVED_COLUMNS as MOVED_COLUMNS
from .closes import moved_csv as moved_csv
from .lines import columns_of as columns_of
from .lines import faults_csv as faults_csv
from .lines import lines_csv as lines_csv
from .lines import lines_xlsx as lines_xlsx
