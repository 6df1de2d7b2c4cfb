from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership
from partnerships.permissions import ADMINISTER, VIEW_PARTNERSHIP

from . import selectors, services
from .forms import AppointLeadForm, EndLeadForm, ProfileForm
from .maps import locality_map, partnership_map
from .models import Locality
from .parts import parts_for
from .rules import APPOINT_LEAD, EDIT_LOCALITY, can_change_profile


@require_safe
@within_partnership(VIEW_PARTNERSHIP)
def locality_list(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    rows = selectors.locality_rows(partnership)
    context = {
        "rows": rows,
        "map": partnership_map(partnership, [row.locality for row in rows]),
        "may_appoint": request.standing.may(APPOINT_LEAD),
        "crumbs": crumbs(partnership),
    }
    return render(request, "localities/list.html", context)


@require_safe
@within_partnership(VIEW_PARTNERSHIP)
def detail(request: PartnershipRequest, partnership: Partnership, locality: str) -> HttpResponse:
    found = locality_of(partnership, locality)
    context = {
        "locality": found,
        "map": locality_map(found, list(selectors.localities_on(partnership))),
        "population": selectors.population_sentence(found),
        "leads": selectors.lead_history(found),
        "may_change": can_change_profile(request.standing, found),
        "may_appoint": request.standing.may(APPOINT_LEAD),
        "parts": parts_for(request.standing, found),
        "crumbs": crumbs(partnership, found.name),
    }
    return render(request, "localities/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(EDIT_LOCALITY)
def change(request: PartnershipRequest, partnership: Partnership, locality: str) -> HttpResponse:
    found = locality_of(partnership, locality)
    require(can_change_profile(request.standing, found))
    theirs, status = None, 200
    if request.method == "POST":
        form = ProfileForm(request.POST)
        if form.is_valid():
            try:
                services.change_profile(locality=found, by=request.standing.user, **form.cleaned_data)
            except services.LocalityChangedMeanwhile as conflict:
                theirs, status = conflict.current, 409
                form = form.opened_again_at(conflict.current.revision)
            else:
                messages.success(request, f"The profile of {found} is saved.")
                return redirect(found)
        else:
            status = 422
    else:
        form = ProfileForm(initial=ProfileForm.initial_of(found))
    context = {
        "form": form,
        "locality": found,
        "theirs": theirs,
        "crumbs": crumbs(partnership, found.name, "Change the profile", url=found.get_absolute_url()),
    }
    return render(request, "localities/change.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(APPOINT_LEAD)
def leads(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = AppointLeadForm(request.POST or None, partnership=partnership)
    if request.method == "POST" and form.is_valid():
        try:
            lead = services.appoint_lead(by=request.standing.user, **form.cleaned_data)
        except services.AppointmentRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{lead}.")
            return redirect("localities:leads", partnership.slug)
    context = {
        "form": form,
        "appointments": selectors.appointments(partnership),
        "possible": selectors.possible_leads(partnership),
        "may_invite": request.standing.may(ADMINISTER),
        "crumbs": crumbs(partnership, "Locality leads"),
    }
    return render(request, "localities/leads.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(APPOINT_LEAD)
def end_lead(request: PartnershipRequest, partnership: Partnership, lead: int) -> HttpResponse:
    found = get_object_or_404(selectors.appointments(partnership), pk=lead)
    form = EndLeadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_lead(lead=found, by=request.standing.user, **form.cleaned_data)
        except services.AppointmentRefused as refusal:
            form.add_error("ends_on", str(refusal))
        else:
            messages.success(
                request, f"The appointment of {found.membership.user} in {found.locality} has an end."
            )
            return redirect("localities:leads", partnership.slug)
    url = reverse("localities:leads", args=[partnership.slug])
    context = {
        "form": form,
        "lead": found,
        "crumbs": crumbs(partnership, "Locality leads", "End the appointment", url=url),
    }
    return render(request, "localities/end_lead.html", context, status=422 if form.errors else 200)


def locality_of(partnership: Partnership, slug: str) -> Locality:
    """The partnership's locality of that name in addresses; 404 for those of others."""
    localities = Locality.objects.for_partnership(partnership).select_related("partnership", "changed_by")
    return get_object_or_404(localities, slug=slug)


def crumbs(partnership: Partnership, *labels: str, url: str = "") -> list[dict[str, str]]:
    """The way to the page: the last label is the page itself, `url` is the address of the one before it."""
    home = {"label": "Home", "url": reverse("partnerships:home", args=[partnership.slug])}
    top = {
        "label": "Localities",
        "url": reverse("localities:list", args=[partnership.slug]) if labels else "",
    }
    addresses = [url] * (len(labels) - 1) + [""]
    return [home, top, *({"label": label, "url": at} for label, at in zip(labels, addresses, strict=False))]
