"""The verbs of directions. Each is one transaction with one audit entry."""

from .drafting import DirectionFields as DirectionFields
from .drafting import change_direction as change_direction
from .drafting import follow_direction as follow_direction
from .drafting import remove_direction as remove_direction
from .drafting import set_direction_money as set_direction_money
from .drafting import start_direction as start_direction
from .duties import exempt_function as exempt_function
from .duties import keep_own_cost as keep_own_cost
from .ending import complete_direction as complete_direction
from .ending import prepare_revocation as prepare_revocation
from .ending import return_revocation as return_revocation
from .ending import revoke_direction as revoke_direction
from .flags import flag_for_revision as flag_for_revision
from .following import acknowledge_direction as acknowledge_direction
from .following import report_progress as report_progress
from .issuing import issue_direction as issue_direction
from .issuing import prepare_direction as prepare_direction
from .issuing import return_direction as return_direction
