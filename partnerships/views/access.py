from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import selectors
from ..forms import AccessForm
from ..guards import PartnershipRequest, within_partnership
from ..models import Partnership
from ..permissions import VIEW_ACCESS
from .crumbs import crumbs


@require_safe
@within_partnership(VIEW_ACCESS)
def access(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    """Who may do what and why, today or on another day."""
    form = AccessForm(request.GET or None, people=selectors.people_ever(partnership))
    question = form.question
    context = {
        "form": form,
        "day": form.day,
        "answer": selectors.explain(question[0], partnership, question[1], form.day) if question else None,
        "matrix": selectors.matrix(),
        "columns": selectors.role_columns(),
        "holders": selectors.holders_by_role(partnership, form.day),
        "crumbs": crumbs(partnership, ("Who may do what", "")),
    }
    return render(request, "partnerships/access.html", context)
