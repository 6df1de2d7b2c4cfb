"""What the overview of a plan says: how far its text is, what it weighs, and what keeps it from being published."""

from __future__ import annotations

from dataclasses import dataclass

from ..models import Plan
from ..rules.publishing import Check
from ..rules.weight import Weight
from .checks import checks_of
from .draft_text import draft_text
from .weight import Weighed, weighed_in, weighed_of, weight_in
from .workspace import Workspace, leads_by_locality, workspace_in, workspace_of


@dataclass(frozen=True)
class Overview:
    """`checks` are those of a draft; nothing is checked of what is published."""

    workspace: Workspace
    priorities: tuple[Weighed, ...]
    checks: tuple[Check, ...] = ()

    @property
    def weight(self) -> Weight:
        return weight_in(self.priorities)


def overview_of(plan: Plan) -> Overview:
    """Everything that the overview says. Four queries; of a draft seven, and up to four for what stands in its text."""
    leads = leads_by_locality(plan)
    if not plan.is_draft:
        return Overview(workspace_of(plan).led_by(leads), tuple(weighed_of(plan)))
    text = draft_text(plan)
    return Overview(workspace_in(plan, text).led_by(leads), tuple(weighed_in(text)), checks_of(plan, text))
