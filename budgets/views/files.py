"""Files that leave with budget lines in them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse

from foundation.documents.attachments import CSV, XLSX, attachment

from ..exports import lines_csv, lines_xlsx
from ..models import Budget, BudgetLine
from ..selectors.line_words import line_words, values_of, with_scope


def file_of_lines(budget: Budget, shown: QuerySet[BudgetLine], ending: str) -> HttpResponse:
    """The lines in the shape in which they can be brought back."""
    lines = list(with_scope(shown))
    words, values = line_words(budget, of_lines=lines), list(values_of(lines))
    data = lines_xlsx(words, values) if ending == "xlsx" else lines_csv(words, values)
    name = f"{budget.partnership.slug}-budget-lines-{budget.year_label.replace('/', '-')}.{ending}"
    return attachment(data, name, XLSX if ending == "xlsx" else CSV)


def template_of_lines(budget: Budget) -> HttpResponse:
    """An empty workbook to fill in, with lists to choose from and help."""
    name = f"{budget.partnership.slug}-budget-template-{budget.year_label.replace('/', '-')}.xlsx"
    return attachment(lines_xlsx(line_words(budget), []), name, XLSX)
