from .plans import NewPlanForm, OwnerForm, PlanDetailsForm
from .priorities import BaseFundingFormSet, PriorityForm, funding_formset
from .texts import ChoicesForm, CopyForm, RestoreForm, TextForm
from .versions import PublishForm

__all__ = [
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
    "funding_formset",
]
