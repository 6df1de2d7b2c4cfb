from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership
from partnerships.permissions import VIEW_PARTNERSHIP

from . import national, search


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """Members go to their partnership; everybody else is told where to begin."""
    if not request.user.is_authenticated:
        return render(request, "portal/welcome.html", {"published": national.published_plans()})
    mine = list(Partnership.objects.visible_to(request.user))
    if len(mine) == 1:
        return redirect(mine[0])
    if not mine and national.may_view(request.user):
        return redirect("national")
    return render(request, "portal/choose.html", {"mine": mine})


@require_safe
@within_partnership(VIEW_PARTNERSHIP)
def search_page(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    # No text that PostgreSQL keeps holds a zero byte, so none can be found by one.
    words = request.GET.get("q", "").replace("\0", "").strip()[: search.LONGEST_QUERY]
    return render(
        request,
        "portal/search.html",
        {"words": words, "found": search.find(words, request.standing) if words else []},
    )


@require_safe
def national_view(request: HttpRequest) -> HttpResponse:
    """Every partnership in one table, from published facts alone."""
    require(national.may_view(request.user))
    rows = national.partnership_rows()
    if request.GET.get("format") == "csv":
        return national.csv_response(rows)
    return render(request, "portal/national.html", {"rows": rows})
