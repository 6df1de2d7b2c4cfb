"""Compares a file of lines with a budget. Changes nothing."""

from .comparer import compare as compare
from .comparison import Change as Change
from .comparison import Comparison as Comparison
from .comparison import Fault as Fault
from .comparison import Proposal as Proposal
from .units import unit_doubt as unit_doubt
