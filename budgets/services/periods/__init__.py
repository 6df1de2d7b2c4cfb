"""The month: begun, filled in, prepared by one person, closed by another, unlocked for a reason."""

from .access import Enterer as Enterer
from .beginning import begin_period as begin_period
from .closing import close_period as close_period
from .closing import prepare_close as prepare_close
from .entering import FigureChange as FigureChange
from .entering import enter_figures as enter_figures
from .reasons import write_reason as write_reason
from .unlocking import unlock_period as unlock_period
