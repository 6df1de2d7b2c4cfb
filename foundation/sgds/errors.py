"""The error summary: every fault of a form or formset, each with a link to the control that cures it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@dataclass(frozen=True)
class Fault:
    """One line of the summary; `target` is the id of the control, empty where the fault belongs to none."""

    text: str
    target: str = ""


def error_target(field: BoundField) -> str:
    """The id of what can take the focus: the first choice of a group, the first box of several, else the control."""
    widget = field.field.widget
    if isinstance(widget, GROUPS):
        return field[0].id_for_label if len(field) else field.auto_id
    if isinstance(widget, forms.MultiWidget):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


def faults(subject: BaseForm | BaseFormSet) -> list[Fault]:
    """Every fault of a bound form or formset in the order of the page; nothing while it is not bound."""
    if not subject.is_bound:
        return []
    if isinstance(subject, BaseFormSet):
        return list(formset_faults(subject))
    return list(form_faults(subject))


def formset_faults(formset: BaseFormSet) -> Iterator[Fault]:
    for error in formset.non_form_errors():
        yield Fault(str(error))
    for row, form in enumerate(formset.forms, start=1):
        name = getattr(form, "row_label", "") or f"Row {row}"
        yield from form_faults(form, prefix=f"{name}: ")


def form_faults(form: BaseForm, prefix: str = "") -> Iterator[Fault]:
    for error in form.non_field_errors():
        yield Fault(f"{prefix}{error}")
    for field in form:
        for error in field.errors:
            text = f"{prefix}{with_label(field, str(error))}"
            yield Fault(text, "" if field.is_hidden else error_target(field))


def with_label(field: BoundField, error: str) -> str:
    """The error as it stands when it names its field, else with the label before it."""
    label = str(field.label)
    return error if label.lower() in error.lower() else f"{label}: {error}"


def has_faults(subject: BaseForm | BaseFormSet) -> bool:
    """Whether this form or formset was sent and did not pass."""
    if isinstance(subject, BaseFormSet):
        return subject.is_bound and not subject.is_valid()
    return subject.is_bound and bool(subject.errors)
