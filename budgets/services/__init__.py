"""The verbs of the money. Each is one transaction with one audit entry that holds what was and what is."""

from .allocation import LineChange as LineChange
from .allocation import allocate_lines as allocate_lines
from .budgets import agree_budget as agree_budget
from .budgets import open_budget as open_budget
from .budgets import reopen_budget as reopen_budget
from .care_groups import add_care_group as add_care_group
from .care_groups import change_care_group as change_care_group
from .care_groups import remove_care_group as remove_care_group
from .contributions import set_contribution as set_contribution
from .lines import add_line as add_line
from .lines import change_line as change_line
from .lines import remove_line as remove_line
from .localities import split_line_by_locality as split_line_by_locality
