"""Who may touch the money, and what the 2014 Act says about whose money may go where."""

from .figures import LARGEST_AMOUNT as LARGEST_AMOUNT
from .figures import can_be_changed as can_be_changed
from .figures import is_amount as is_amount
from .lawful import LAWFUL_CONTRIBUTIONS as LAWFUL_CONTRIBUTIONS
from .lawful import arm_of as arm_of
from .lawful import is_constituent_authority as is_constituent_authority
from .lawful import is_institutional as is_institutional
from .lawful import may_contribute as may_contribute
from .lawful import may_fund as may_fund
from .permissions import AGREE_BUDGET as AGREE_BUDGET
from .permissions import ALLOCATE as ALLOCATE
from .permissions import OPEN_BUDGET as OPEN_BUDGET
from .permissions import SET_CONTRIBUTIONS as SET_CONTRIBUTIONS
from .permissions import VIEW_BUDGETS as VIEW_BUDGETS
