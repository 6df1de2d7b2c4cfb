from __future__ import annotations

from typing import Any

from django import forms

from foundation.sgds.forms import FilterForm, Form, offer
from foundation.sgds.widgets import CharacterCountTextarea
from partnerships.models import Partnership, User

from ..selectors.plans import colleagues


class CommentForm(Form):
    """Something about a paragraph, or about the whole text when `block` is empty.

    `shown` is the paragraph as the person saw it: words that were left so are no suggestion.
    """

    words = forms.CharField(
        label="What do you say about it?",
        max_length=2_000,
        widget=CharacterCountTextarea(attrs={"rows": 4}, threshold=80),
        error_messages={"required": "Write your comment"},
    )
    suggestion = forms.CharField(
        label="Other words for this paragraph",
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Change them to suggest others. Whoever writes the text takes yours with one press, or says why not.",
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    assigned_to = forms.ModelChoiceField(
        label="Who should see to it",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody in particular",
    )
    block = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=100_000)

    def __init__(self, *args: Any, partnership: Partnership, may_suggest: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "assigned_to", colleagues(partnership))
        if not may_suggest:
            del self.fields["suggestion"], self.fields["shown"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        shown = cleaned.pop("shown", "")
        if cleaned.get("suggestion", "").split() == shown.split():
            cleaned["suggestion"] = ""
        return cleaned


class AnswerForm(Form):
    words = forms.CharField(
        label="Answer",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write your answer"},
    )


class SettleForm(Form):
    """`reason` is asked for when a suggestion is not taken."""

    words = forms.CharField(label="Why", max_length=500, required=False)

    def __init__(self, *args: Any, needs_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].required = needs_reason
        self.fields["words"].error_messages["required"] = "Say why the suggestion is not taken"


class CommentFilterForm(FilterForm):
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[("", "Open"), ("mine", "Open, for me to see to"), ("all", "All")],
    )

    def shown(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("show") or "open"
