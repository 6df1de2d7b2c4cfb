"""What everybody may read about the money."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from foundation.documents.attachments import XLSX, attachment
from partnerships.models import Partnership

from ..charts import public_chart
from ..documents.public_money import told_file, told_xlsx
from ..selectors.public_money import public_money as money_of


@require_safe
@login_not_required
def public_money(request: HttpRequest, partnership: str) -> HttpResponse:
    area = get_object_or_404(Partnership, slug=partnership)
    told = money_of(area)
    file = told_file(told) if told else None
    context = {
        "area": area,
        "told": told,
        "chart": public_chart(told) if told else None,
        "file": file if file and file.is_ready else None,
    }
    return render(request, "budgets/public_money.html", context)


@require_safe
@login_not_required
def public_money_xlsx(request: HttpRequest, partnership: str) -> HttpResponse:
    told = money_of(get_object_or_404(Partnership, slug=partnership))
    if told is None:
        raise Http404("No budget is published here yet.")
    return attachment(told_xlsx(told), f"where-the-money-goes-{told.slug}-{told.year}.xlsx", XLSX)
