"""Files of others, read into checked rows."""

from .published import edinburgh_2020_21 as edinburgh_2020_21
from .published import load_edinburgh_2020_21 as load_edinburgh_2020_21
from .published import rounding_gaps as rounding_gaps
