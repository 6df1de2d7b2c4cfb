from .actions import Action, ActionUpdate
from .comments import Comment
from .copies import WorkingCopy
from .pictures import Picture
from .plans import Plan
from .priorities import Priority, PriorityFunding, PriorityOutcome
from .texts import ArrangementRevision, LocalityArrangement, Section, SectionRevision
from .versions import PlanVersion, Snapshot

__all__ = [
    "Action",
    "ActionUpdate",
    "ArrangementRevision",
    "Comment",
    "LocalityArrangement",
    "Picture",
    "Plan",
    "PlanVersion",
    "Priority",
    "PriorityFunding",
    "PriorityOutcome",
    "Section",
    "SectionRevision",
    "Snapshot",
    "WorkingCopy",
]
