"""The read model of engagement, for the pages here and for the plan, its statement and the annual report."""

from .activities import WHOLE_AREA as WHOLE_AREA
from .activities import ActivityFilter as ActivityFilter
from .activities import SaidAndPromised as SaidAndPromised
from .activities import activities_for as activities_for
from .activities import activities_in_full as activities_in_full
from .activities import activities_shown as activities_shown
from .activities import activity_rows as activity_rows
from .activities import said_and_promised as said_and_promised
from .coverage import Coverage as Coverage
from .coverage import LastContact as LastContact
from .coverage import coverage_of as coverage_of
from .promises import PromiseCounts as PromiseCounts
from .promises import possible_owners as possible_owners
from .promises import promise_counts as promise_counts
from .promises import promises_for as promises_for
from .promises import promises_shown as promises_shown
