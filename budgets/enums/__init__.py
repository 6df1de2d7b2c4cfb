from .lines import INSTITUTIONAL_CATEGORIES as INSTITUTIONAL_CATEGORIES
from .lines import INSTITUTIONAL_SETTINGS as INSTITUTIONAL_SETTINGS
from .lines import Arm as Arm
from .lines import BudgetState as BudgetState
from .lines import Dimension as Dimension
from .lines import FundKind as FundKind
from .lines import Setting as Setting
from .lines import SpendCategory as SpendCategory
