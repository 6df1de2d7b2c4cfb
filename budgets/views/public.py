"""What everybody may read about the money."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partnerships.models import Partnership

from ..charts import public_chart
from ..selectors.public_money import public_money as money_of


@require_safe
@login_not_required
def public_money(request: HttpRequest, partnership: str) -> HttpResponse:
    area = get_object_or_404(Partnership, slug=partnership)
    told = money_of(area)
    return render(
        request,
        "budgets/public_money.html",
        {"area": area, "told": told, "chart": public_chart(told) if told else None},
    )
