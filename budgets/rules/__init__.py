"""Who may touch the money, and what the 2014 Act says about whose money may go where."""

from .figures import LARGEST_AMOUNT as LARGEST_AMOUNT
from .figures import can_be_changed as can_be_changed
from .figures import is_amount as is_amount
from .figures import parts_of as parts_of
from .formation import EDIT_CARE_GROUPS as EDIT_CARE_GROUPS
from .lawful import LAWFUL_CONTRIBUTIONS as LAWFUL_CONTRIBUTIONS
from .lawful import arm_of as arm_of
from .lawful import is_constituent_authority as is_constituent_authority
from .lawful import is_institutional as is_institutional
from .lawful import may_contribute as may_contribute
from .lawful import may_fund as may_fund
from .monitoring import BEGIN_PERIOD as BEGIN_PERIOD
from .monitoring import CLOSE_PERIOD as CLOSE_PERIOD
from .monitoring import ENTER_FIGURES as ENTER_FIGURES
from .monitoring import PLAN_RECOVERY as PLAN_RECOVERY
from .monitoring import SET_MONITORING_RULES as SET_MONITORING_RULES
from .monitoring import may_enter as may_enter
from .monitoring import needs_recovery as needs_recovery
from .monitoring import passes_threshold as passes_threshold
from .monitoring import rag_of as rag_of
from .permissions import AGREE_BUDGET as AGREE_BUDGET
from .permissions import ALLOCATE as ALLOCATE
from .permissions import OPEN_BUDGET as OPEN_BUDGET
from .permissions import SET_CONTRIBUTIONS as SET_CONTRIBUTIONS
from .permissions import VIEW_BUDGETS as VIEW_BUDGETS
