from .actions import ActionFilterForm, ActionForm, AssignForm, UpdateForm
from .blocks import OfferFilter, PlaceBlockForm
from .borrowing import BorrowForm, FindSectionForm
from .comments import AnswerForm, CommentFilterForm, CommentForm, SettleForm
from .corrections import CorrectionForm
from .imports import PlacementForm, WordFileForm
from .passages import SearchForm
from .pictures import PictureForm
from .plans import NewPlanForm, PlanDetailsForm
from .priorities import BaseFundingFormSet, PriorityForm, funding_formset
from .sections import SectionForm
from .texts import ChoicesForm, CopyForm, RestoreForm, TextForm
from .thread import ThreadForm
from .variants import PublishVariantForm, WrittenVariantForm
from .versions import PublishForm, SnapshotForm, VerifyForm

__all__ = [
    "ActionFilterForm",
    "ActionForm",
    "AnswerForm",
    "AssignForm",
    "BaseFundingFormSet",
    "BorrowForm",
    "ChoicesForm",
    "CommentFilterForm",
    "CommentForm",
    "CopyForm",
    "CorrectionForm",
    "FindSectionForm",
    "NewPlanForm",
    "OfferFilter",
    "PictureForm",
    "PlaceBlockForm",
    "PlacementForm",
    "PlanDetailsForm",
    "PriorityForm",
    "PublishForm",
    "PublishVariantForm",
    "RestoreForm",
    "SearchForm",
    "SectionForm",
    "SettleForm",
    "SnapshotForm",
    "TextForm",
    "ThreadForm",
    "UpdateForm",
    "VerifyForm",
    "WordFileForm",
    "WrittenVariantForm",
    "funding_formset",
]
