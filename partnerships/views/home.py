from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import selectors
from ..guards import PartnershipRequest, within_partnership
from ..models import Partnership
from ..permissions import VIEW_PARTNERSHIP
from .crumbs import crumbs

DOCUMENTS_A_PAGE = 25


@require_safe
@within_partnership(VIEW_PARTNERSHIP)
def home(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    context = {"page": selectors.home_page(request.standing)}
    return render(request, "partnerships/home.html", context)


@require_safe
@within_partnership(VIEW_PARTNERSHIP)
def documents(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    """The files made in this partnership that this person may have."""
    found = selectors.documents_for(request.standing)
    page = Paginator(found, DOCUMENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "count": len(found), "crumbs": crumbs(partnership, ("Documents", ""))}
    return render(request, "partnerships/documents.html", context)
