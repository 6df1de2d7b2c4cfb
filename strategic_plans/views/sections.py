"""Which sections the plan has and in which order; who looks after each."""

from __future__ import annotations

from typing import Literal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.sgds.forms import with_revision
from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms import SectionForm
from ..models import Plan, Section
from ..rules import EDIT_PLAN
from ..services.sections import why_it_stays
from .frame import CONFLICT, NOT_ACCEPTED, plan_to_edit, render_in_workspace, sections_url

WRITE = ["GET", "HEAD", "POST"]


@require_safe
@within_partnership(EDIT_PLAN)
def arrange(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    context = {"sections": found.sections.defer("body").select_related("owner")}
    return render_in_workspace(request, found, "sections", context, "Arrange the sections")


@require_http_methods(WRITE)
@within_partnership(EDIT_PLAN)
def new(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    form = SectionForm(request.POST or None, plan=found)
    if request.method == "POST" and form.is_valid():
        section = services.add_section(
            plan=found, details=form.details(), after=form.cleaned_data["after"], by=request.standing.user
        )
        messages.success(request, f"“{section}” is a section of the plan. Write it here.")
        return redirect(section)
    return _page(request, found, form, "Add a section")


@require_http_methods(WRITE)
@within_partnership(EDIT_PLAN)
def change(request: PartnershipRequest, partnership: Partnership, plan: str, key: str) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    section = _section(found, key)
    form = SectionForm(request.POST or None, plan=found, section=section)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            services.change_section(
                section=section,
                details=form.details(),
                after=form.cleaned_data["after"],
                expected_revision=form.cleaned_data["revision"] or 0,
                by=request.standing.user,
            )
        except services.SectionChanged as conflict:
            theirs = conflict.section
            form = SectionForm(
                with_revision(request.POST, theirs.details_revision), plan=found, section=section
            )
        else:
            messages.success(request, f"What is said about “{form.cleaned_data['title']}” is saved.")
            return redirect(section)
    return _page(request, found, form, "About this section", section=section, theirs=theirs)


@require_POST
@within_partnership(EDIT_PLAN)
def move(request: PartnershipRequest, partnership: Partnership, plan: str, key: str) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    section = _section(found, key)
    direction: Literal["up", "down"] = "up" if "up" in request.POST else "down"
    services.move_section(section=section, direction=direction, by=request.standing.user)
    messages.success(request, f"“{section}” has moved {direction}.")
    return redirect(f"{sections_url(found)}#{section.key}")


@require_http_methods(WRITE)
@within_partnership(EDIT_PLAN)
def remove(request: PartnershipRequest, partnership: Partnership, plan: str, key: str) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    section = _section(found, key)
    if request.method == "POST":
        try:
            services.remove_section(section=section, by=request.standing.user)
        except services.SectionNeeded:
            pass  # the page says why
        else:
            messages.success(request, f"“{section}” is removed from the plan.")
            return redirect(sections_url(found))
    context = {"section": section, "stays": why_it_stays(section)}
    labels = (("Arrange the sections", sections_url(found)), f"Remove “{section}”")
    status = NOT_ACCEPTED if request.method == "POST" else 200
    return render_in_workspace(request, found, "section_remove", context, *labels, status=status)


def _section(plan: Plan, key: str) -> Section:
    section: Section = get_object_or_404(plan.sections.select_related("owner"), key=key)
    section.plan = plan
    return section


def _page(
    request: PartnershipRequest,
    plan: Plan,
    form: SectionForm,
    title: str,
    *,
    section: Section | None = None,
    theirs: Section | None = None,
) -> HttpResponse:
    status = CONFLICT if theirs else NOT_ACCEPTED if form.errors else 200
    above = (
        (section.title, section.get_absolute_url())
        if section
        else ("Arrange the sections", sections_url(plan))
    )
    context = {"form": form, "section": section, "theirs": theirs, "title": title}
    return render_in_workspace(request, plan, "section_form", context, above, title, status=status)
