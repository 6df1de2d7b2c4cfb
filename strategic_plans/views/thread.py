from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from ..forms import ThreadForm
from ..rules import READ_PLAN
from ..selectors.plans import plan_named
from ..selectors.thread import cuts_in_words, thread_of
from ..selectors.weight import weight_of
from .frame import render_in_workspace


@require_safe
@within_partnership(READ_PLAN)
def thread(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_named(partnership, plan)
    whole = thread_of(found)
    form = ThreadForm(request.GET, thread=whole)
    knot = whole.by_address.get(request.GET.get("at", ""))
    context = {
        "form": form,
        "thread": whole,
        "sentence": cuts_in_words(whole),
        "knot": knot,
        "is_gone": bool(request.GET.get("at")) and knot is None,
        "weight": weight_of(found),
    }
    if knot:
        context |= {"why": whole.why(knot), "how": whole.how(knot), "cuts": whole.cuts_at(knot)}
    else:
        context["tops"] = [
            (priority, whole.why(priority), whole.how(priority)) for priority in whole.priorities
        ]
    return render_in_workspace(request, found, "thread", context, "Golden thread")
