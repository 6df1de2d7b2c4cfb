"""Logging, reading, finding and changing activities."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from foundation.documents.attachments import attachment
from foundation.sgds.forms import with_revision
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..exports import COLUMNS, activities_csv
from ..forms import ActivityFilterForm, ChangeActivityForm, LogForm
from ..models import Activity
from ..refusals import ActivityChangedMeanwhile
from ..rules import LOG_ACTIVITY, VIEW_ENGAGEMENT, may_change, may_log_for, reach_of
from ..selectors import (
    activities_for,
    activities_in_full,
    activities_shown,
    activity_rows,
    coverage_of,
)
from .pages import crumbs, promise_rows

ACTIVITIES_A_PAGE = 50


@require_GET
@within_partnership(VIEW_ENGAGEMENT)
def activity_list(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = ActivityFilterForm(request.GET, partnership=partnership)
    found = activities_shown(partnership, form.filters())
    page = Paginator(found, ACTIVITIES_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "engagement/list.html",
        {
            "form": form,
            "page": page,
            "rows": activity_rows(cast("QuerySet[Activity]", page.object_list), timezone.localdate()),
            "may_log": bool(request.standing.may(LOG_ACTIVITY)),
            "columns": COLUMNS,
            "csv_url": f"{reverse('engagement:csv', args=[partnership.slug])}?{request.GET.urlencode()}",
            "crumbs": crumbs(partnership),
        },
    )


@require_GET
@within_partnership(VIEW_ENGAGEMENT)
def activities_file(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    chosen = ActivityFilterForm(request.GET, partnership=partnership).filters()
    shown = activities_in_full(activities_shown(partnership, chosen))
    return attachment(activities_csv(shown), f"{partnership.slug}-engagement.csv")


@require_GET
@within_partnership(VIEW_ENGAGEMENT)
def detail(request: PartnershipRequest, partnership: Partnership, pk: int) -> HttpResponse:
    activity = activity_of(partnership, pk)
    return render(
        request,
        "engagement/detail.html",
        {
            "activity": activity,
            "promises": promise_rows(request.standing, activity.promises.all()),
            "may_change": bool(may_change(request.standing, activity)),
            "crumbs": crumbs(partnership, str(activity)),
        },
    )


@require_http_methods(["GET", "POST"])
@within_partnership(LOG_ACTIVITY)
def log(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = LogForm(request.POST or None, partnership=partnership, reach=reach_of(request.standing))
    if request.method == "POST" and form.is_valid():
        answers = form.activity_fields()
        require(may_log_for(request.standing, answers["locality"]))
        try:
            activity = services.log_activity(
                partnership=partnership,
                by=request.standing.user,
                submission=form.cleaned_data["submission"],
                promise=form.promise(),
                **answers,
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Logged. Thank you.")
            return redirect(activity)
    return render(
        request, "engagement/log.html", {"form": form, "crumbs": crumbs(partnership, "Log an activity")}
    )


@require_http_methods(["GET", "POST"])
@within_partnership(LOG_ACTIVITY)
def change(request: PartnershipRequest, partnership: Partnership, pk: int) -> HttpResponse:
    activity = activity_of(partnership, pk)
    require(may_change(request.standing, activity))
    scope: dict[str, Any] = {
        "partnership": partnership,
        "reach": reach_of(request.standing),
        "activity": activity,
    }
    form = ChangeActivityForm(request.POST or None, **scope)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            services.change_activity(
                activity=activity,
                revision=form.cleaned_data["revision"],
                by=request.standing.user,
                **form.activity_fields(),
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        except ActivityChangedMeanwhile as meanwhile:
            theirs = meanwhile.current
            form = ChangeActivityForm(with_revision(request.POST, theirs.revision), **scope)
        else:
            messages.success(request, "Saved.")
            return redirect(activity)
    return render(
        request,
        "engagement/change.html",
        {
            "form": form,
            "activity": activity,
            "theirs": theirs,
            "crumbs": crumbs(partnership, "Change the record"),
        },
        status=409 if theirs else 200,
    )


@require_GET
@within_partnership(VIEW_ENGAGEMENT)
def coverage(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    return render(
        request,
        "engagement/coverage.html",
        {
            "coverage": coverage_of(partnership),
            "may_log": bool(request.standing.may(LOG_ACTIVITY)),
            "crumbs": crumbs(partnership, "Who we have not heard from"),
        },
    )


def activity_of(partnership: Partnership, pk: int) -> Activity:
    """The partnership's activity, or 404."""
    found = activities_for(partnership).select_related("changed_by").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such activity.")
    found.partnership = partnership
    return found
