from .actions import ActionFilterForm, ActionForm, AssignForm, UpdateForm
from .plans import NewPlanForm, OwnerForm, PlanDetailsForm
from .priorities import BaseFundingFormSet, PriorityForm, funding_formset
from .texts import ChoicesForm, CopyForm, RestoreForm, TextForm
from .thread import ThreadForm
from .versions import PublishForm

__all__ = [
    "ActionFilterForm",
    "ActionForm",
    "AssignForm",
    "BaseFundingFormSet",
    "ChoicesForm",
    "CopyForm",
    "NewPlanForm",
    "OwnerForm",
    "PlanDetailsForm",
    "PriorityForm",
    "PublishForm",
    "RestoreForm",
    "TextForm",
    "ThreadForm",
    "UpdateForm",
    "funding_formset",
]
