"""Which budget lines something is about."""

from __future__ import annotations

from django import forms

from foundation.sgds.forms import offer_in_groups

from ..models import Budget, BudgetLine


def offer_lines(form: forms.BaseForm, name: str, budget: Budget) -> None:
    """The field offers the year's lines under their headings, those without one under the body that delivers them."""
    lines = budget.lines.select_related("delivered_by")
    headed: dict[str, list[BudgetLine]] = {}
    for line in lines:
        headed.setdefault(line.group or line.delivered_by.name, []).append(line)
    offer_in_groups(form, name, lines, headed.items(), _with_code)


def _with_code(line: BudgetLine) -> str:
    return f"{line} ({line.code})" if line.code else str(line)
