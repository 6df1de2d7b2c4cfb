from .actions import Action, ActionUpdate
from .comments import Comment
from .copies import WorkingCopy
from .imports import ImportedPicture, WordImport
from .passages import Borrowing, Passage
from .pictures import Picture
from .plans import Plan
from .priorities import Priority, PriorityFunding, PriorityOutcome
from .snapshots import NamedSnapshot
from .statements import FinancialStatement, StatementPublication
from .texts import ArrangementRevision, LocalityArrangement, Section, SectionRevision
from .variants import WrittenVariant
from .versions import PlanVersion, Snapshot

__all__ = [
    "Action",
    "ActionUpdate",
    "ArrangementRevision",
    "Borrowing",
    "Comment",
    "FinancialStatement",
    "ImportedPicture",
    "LocalityArrangement",
    "NamedSnapshot",
    "Passage",
    "Picture",
    "Plan",
    "PlanVersion",
    "Priority",
    "PriorityFunding",
    "PriorityOutcome",
    "Section",
    "SectionRevision",
    "Snapshot",
    "StatementPublication",
    "WordImport",
    "WorkingCopy",
    "WrittenVariant",
]
