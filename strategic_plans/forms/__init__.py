from .actions import ActionFilterForm, ActionForm, AssignForm, UpdateForm
from .plans import NewPlanForm, PlanDetailsForm
from .priorities import BaseFundingFormSet, PriorityForm, funding_formset
from .sections import SectionForm
from .texts import ChoicesForm, CopyForm, RestoreForm, TextForm
from .thread import ThreadForm
from .versions import PublishForm, VerifyForm

__all__ = [
    "ActionFilterForm",
    "ActionForm",
    "AssignForm",
    "BaseFundingFormSet",
    "ChoicesForm",
    "CopyForm",
    "NewPlanForm",
    "PlanDetailsForm",
    "PriorityForm",
    "PublishForm",
    "RestoreForm",
    "SectionForm",
    "TextForm",
    "ThreadForm",
    "UpdateForm",
    "VerifyForm",
    "funding_formset",
]
