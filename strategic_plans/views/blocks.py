"""What can be placed in a plan's text: as a list for the editor, and as a page for those who write without it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms import OfferFilter, PlaceBlockForm
from ..rules import READ_PLAN
from ..selectors.offers import offers, offers_like
from ..selectors.plans import plan_named
from ..tasks import render_ahead_soon
from .frame import CONFLICT, NOT_ACCEPTED, render_in_workspace
from .writing import Writing, arrangement_writing, section_writing

WRITE = ["GET", "HEAD", "POST"]


@require_safe
@within_partnership(READ_PLAN)
def offered(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    groups = offers(plan_named(partnership, plan))
    return JsonResponse({"groups": [group.as_json() for group in groups]})


@require_http_methods(WRITE)
@within_partnership(READ_PLAN)
def section_figures(
    request: PartnershipRequest, partnership: Partnership, plan: str, key: str
) -> HttpResponse:
    return _place(request, section_writing(request.standing, partnership, plan, key))


@require_http_methods(WRITE)
@within_partnership(READ_PLAN)
def arrangement_figures(
    request: PartnershipRequest, partnership: Partnership, plan: str, locality: str
) -> HttpResponse:
    return _place(request, arrangement_writing(request.standing, partnership, plan, locality))


def _place(request: PartnershipRequest, writing: Writing) -> HttpResponse:
    """The list to choose from; what is chosen stands at the end of the text."""
    require(writing.may_edit)
    if request.method != "POST":
        return _page(request, writing)
    form = PlaceBlockForm(request.POST)
    if not form.is_valid():
        return _page(request, writing, form, status=NOT_ACCEPTED)
    try:
        services.place_block(
            text=writing.text, reference=form.cleaned_data["reference"], by=request.standing.user
        )
    except services.TextUnsaved as refusal:
        form.add_error(None, str(refusal))
        return _page(request, writing, form, status=CONFLICT)
    messages.success(request, "The figures stand at the end of the text.")
    render_ahead_soon(writing.plan)
    return redirect(writing.url)


def _page(
    request: PartnershipRequest, writing: Writing, form: PlaceBlockForm | None = None, status: int = 200
) -> HttpResponse:
    search = _search(request)
    context = {
        "writing": writing,
        "search": search,
        "groups": offers_like(offers(writing.plan), search.cleaned_data["q"] if search.is_valid() else ""),
        "form": form or PlaceBlockForm(),
    }
    labels = ((writing.title, writing.url), "Add live figures")
    return render_in_workspace(request, writing.plan, "figures", context, *labels, status=status)


def _search(request: HttpRequest) -> OfferFilter:
    return OfferFilter(request.GET)
