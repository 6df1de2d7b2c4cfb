"""Forms that speak the portal's way: `Enter the action title`, not `This field is required.`"""

from collections.abc import Callable, Iterable
from typing import Any

from crispy_forms.helper import FormHelper as CrispyFormHelper
from crispy_forms.layout import BaseInput
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Field
from django.http import QueryDict

DJANGO_REQUIRED = Field.default_error_messages["required"]
CHOSEN = (forms.ChoiceField, forms.ModelChoiceField, forms.TypedChoiceField)
QUESTION_WORDS = ("how", "what", "when", "where", "which", "who", "why")
# Labels that end so are no names: `Received on`, `By when`.
OPEN_ENDS = ("by", "for", "from", "of", "on", "since", "to", "until", "when")
# Labels that begin so are a sentence or a part of one: `In your own words`, `Watch a line from ...`.
SENTENCE_STARTS = ("a", "by", "call", "for", "in", "it", "kept", "not", "paid", "until", "watch")
CHOSEN_MANY = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)


class Submit(BaseInput):
    """A button that sends the form, for layouts: `Submit("Save the draft", name="draft", secondary=True)`."""

    input_type = "submit"

    def __init__(self, words: str, *, name: str = "", secondary: bool = False) -> None:
        super().__init__(name, words, css_id=f"send-{name}" if name else "send")
        self.field_classes = "ds_button--secondary" if secondary else ""


class FormHelper(CrispyFormHelper):
    """A crispy helper for a posted form whose messages come from the server, one button at its end.

    `FormHelper(submit="Save the priority")` adds the button; leave it out to lay the buttons out yourself.
    """

    def __init__(self, form: Any = None, *, submit: str = "") -> None:
        super().__init__(form)
        self.form_method = "post"
        self.attrs: dict[str, Any] = {"novalidate": True}
        self.error_text_inline = True
        if submit:
            self.add_input(Submit(submit))


class WordedErrors:
    """Mixin: a missing answer is named by its label, and browsers leave the checking to the server."""

    use_required_attribute = False
    fields: dict[str, Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.error_messages.get("required") == DJANGO_REQUIRED:
                field.error_messages["required"] = words_for_missing(name, field)


class Form(WordedErrors, forms.Form):
    """A form whose errors are written for people, a service's refusal included."""

    # For a page that says once, and in its own words, what may stay empty.
    hides_optional = False

    # Names that a service uses for what this form asks under another name.
    refused_as: dict[str, str] = {}

    def refuse(self, refusal: ValidationError) -> None:
        """The refusal's texts stand beside the boxes that they are about; what is about none stands above the form."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for named, texts in refusal.message_dict.items():
            field = self.refused_as.get(named, named)
            for text in texts:
                self.add_error(field if field in self.fields else None, text)


class FilterForm(Form):
    """The filters of a list as they stand in the address; `{% filter_form form %}` shows them."""


class ModelForm(WordedErrors, forms.ModelForm):
    """A model form whose errors are written for people."""


def offer(form: forms.BaseForm, name: str, rows: QuerySet[Any], label: Callable[[Any], str] = str) -> None:
    """The field offers exactly these rows, so that nobody can choose what is not theirs to choose."""
    field: Any = form.fields[name]
    field.queryset = rows
    field.label_from_instance = label


def offer_in_groups(
    form: forms.BaseForm,
    name: str,
    rows: QuerySet[Any],
    groups: Iterable[tuple[str, Iterable[Any]]],
    label: Callable[[Any], str] = str,
) -> None:
    """The field offers exactly these rows, under the headings of `groups`, which name each of them once."""
    offer(form, name, rows, label)
    field: Any = form.fields[name]
    headed = [(heading, [(row.pk, label(row)) for row in members]) for heading, members in groups]
    first = getattr(field, "empty_label", None)
    field.choices = [("", first), *headed] if first else headed


def with_revision(posted: QueryDict, revision: int) -> QueryDict:
    """What was typed, with the revision that the person has now seen: sent again, it replaces that one knowingly."""
    again = posted.copy()
    again["revision"] = str(revision)
    return again


def words_for_missing(name: str, field: Field) -> str:
    """`Enter the action title`, `Choose the lead`, `Choose at least one outcome ...`, by kind of field."""
    label = str(field.label) if field.label else name.replace("_", " ")
    words = label.lower().split(" ")
    if label.endswith("?") or words[0] in (*QUESTION_WORDS, *SENTENCE_STARTS) or words[-1] in OPEN_ENDS:
        return f"Answer “{label}”"
    if isinstance(field, forms.BooleanField):
        return f"Tick the box “{label}” to go on"
    label = lowered(label).removeprefix("the ")
    if isinstance(field, CHOSEN_MANY):
        return f"Choose at least one of the {label}"
    if isinstance(field, CHOSEN):
        return f"Choose the {label}"
    if isinstance(field, forms.FileField):
        return f"Choose the file for the {label}"
    return f"Enter the {label}"


def lowered(label: str) -> str:
    """The label as it reads inside a sentence: `NHS board` keeps its capitals, `Action title` does not."""
    first = label.split(" ", 1)[0]
    if sum(letter.isupper() for letter in first) > 1:
        return label
    return label[:1].lower() + label[1:]
