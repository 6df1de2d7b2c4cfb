"""Which delegated function something is about."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet

from foundation.sgds.forms import offer_in_groups
from partnerships.models import DelegatedFunction
from partnerships.selectors import function_groups, name_in_its_group


def offer_functions(form: forms.BaseForm, name: str, functions: QuerySet[DelegatedFunction]) -> None:
    """The field offers exactly these functions, under the law that each comes from, as the scheme's page does."""
    rows = functions.order_by("pk")
    groups = [(group.heading, group.functions) for group in function_groups(rows)]
    offer_in_groups(form, name, rows, groups, _label)


def _label(function: DelegatedFunction) -> str:
    return name_in_its_group(function) + (" (large hospital)" if function.is_large_hospital else "")
