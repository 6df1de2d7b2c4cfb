"""Directions as pages and other parts of the money read them."""

from .control import ControlTotal as ControlTotal
from .control import control_total as control_total
from .control import day_of_year as day_of_year
from .control import undirected_lines as undirected_lines
from .coverage import Coverage as Coverage
from .coverage import coverage_on as coverage_on
from .due import directions_due as directions_due
from .lines import LineToDirect as LineToDirect
from .lines import directed_lines as directed_lines
from .lines import lines_to_direct as lines_to_direct
from .lines import unconfirmed_in as unconfirmed_in
from .record import Answered as Answered
from .record import ChainLink as ChainLink
from .record import DirectionRecord as DirectionRecord
from .record import direction_record as direction_record
from .record import model_of_content as model_of_content
from .record import model_on as model_on
from .record import parts_of as parts_of
from .record import standing_directions as standing_directions
from .register import DirectionFilter as DirectionFilter
from .register import DirectionRow as DirectionRow
from .register import direction_rows as direction_rows
from .register import directions_shown as directions_shown
from .register import readable_directions as readable_directions
from .register import readable_keys as readable_keys
