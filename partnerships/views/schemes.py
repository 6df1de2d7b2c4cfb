from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import selectors, services
from ..forms import (
    EndFunctionForm,
    FunctionForm,
    LargeHospitalForm,
    ModelForm,
    PostHolderForm,
    SchemeForm,
    StartDayForm,
)
from ..guards import PartnershipRequest, within_partnership
from ..models import DelegatedFunction, IntegrationScheme, Partnership, PostHolder
from ..permissions import EDIT_SCHEME, VIEW_PARTNERSHIP
from .crumbs import crumbs
from .posted import posted

SCHEME = ("Integration scheme", "scheme")


@require_safe
@within_partnership(VIEW_PARTNERSHIP)
def scheme(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    context = {
        "page": selectors.scheme_page(partnership),
        "may_edit": request.standing.may(EDIT_SCHEME),
        "crumbs": crumbs(partnership, ("Integration scheme", "")),
    }
    return render(request, "partnerships/scheme.html", context)


def _edit(
    request: PartnershipRequest,
    partnership: Partnership,
    title: str,
    form: Any,
    *,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    """The page of one form about the scheme."""
    if status is None:
        status = 422 if form.is_bound and not form.is_valid() else 200
    context = {"title": title, "form": form, "crumbs": crumbs(partnership, SCHEME, (title, "")), **more}
    return render(request, "partnerships/scheme_edit.html", context, status=status)


def _done(request: PartnershipRequest, partnership: Partnership, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("partnerships:scheme", partnership.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(EDIT_SCHEME)
def scheme_change(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    found = get_object_or_404(IntegrationScheme.objects.for_partnership(partnership)[:1])
    form = SchemeForm(posted(request), initial=SchemeForm.initial_of(found))
    theirs, status = None, None
    if request.method == "POST" and form.is_valid():
        changes = dict(form.cleaned_data)
        revision = changes.pop("revision")
        try:
            services.update_scheme(scheme=found, changes=changes, revision=revision, by=request.standing.user)
        except services.EditedMeanwhile as conflict:
            theirs, status = selectors.saved_facts(conflict.current, form), 409
            form = form.opened_again_at(conflict.current.revision)
        else:
            return _done(request, partnership, "The scheme record is saved.")
    title = f"Change the scheme record, version {found.version}"
    return _edit(request, partnership, title, form, status=status, theirs=theirs, button="Save the record")


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(EDIT_SCHEME)
def start_day(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = StartDayForm(posted(request), initial=StartDayForm.initial_of(partnership))
    if request.method == "POST" and form.is_valid():
        try:
            services.record_start_day(partnership=partnership, by=request.standing.user, **form.cleaned_data)
        except services.NotPossible as refusal:
            form.add_error("day", str(refusal))
        else:
            return _done(request, partnership, "The day of integration is saved.")
    return _edit(request, partnership, "Change the day of integration", form)


@require_POST
@within_partnership(EDIT_SCHEME)
def new_version(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    begun = services.begin_scheme_version(partnership=partnership, by=request.standing.user)
    messages.success(request, f"Version {begun.version} is begun. Record its dates.")
    return redirect("partnerships:scheme_change", partnership.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(EDIT_SCHEME)
def model(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    page = selectors.scheme_page(partnership)
    form = ModelForm(posted(request), current=page.model)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_model(partnership=partnership, by=request.standing.user, **form.cleaned_data)
        except services.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, partnership, "The change of model is recorded.")
    return _edit(request, partnership, "Record a change of model", form, law="model")


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(EDIT_SCHEME)
def add_function(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = FunctionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_function(
                partnership=partnership, by=request.standing.user, **form.cleaned_data
            )
        except services.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, partnership, f"“{added.title}” is among the delegated functions.")
    return _edit(request, partnership, "Add a local function", form)


def _function(partnership: Partnership, code: str) -> DelegatedFunction:
    found: DelegatedFunction = get_object_or_404(
        DelegatedFunction.objects.for_partnership(partnership), code=code
    )
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(EDIT_SCHEME)
def end_function(request: PartnershipRequest, partnership: Partnership, code: str) -> HttpResponse:
    function = _function(partnership, code)
    form = EndFunctionForm(posted(request), function=function)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_function(function=function, by=request.standing.user, **form.cleaned_data)
        except services.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, partnership, f"The delegation of “{function.title}” has its last day.")
    return _edit(request, partnership, "End a local delegation", form, about=function.title)


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(EDIT_SCHEME)
def large_hospital(request: PartnershipRequest, partnership: Partnership, code: str) -> HttpResponse:
    function = _function(partnership, code)
    initial = {"is_large_hospital": "yes" if function.is_large_hospital else "no"}
    form = LargeHospitalForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.mark_large_hospital(function=function, by=request.standing.user, **form.cleaned_data)
        except services.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, partnership, f"The answer for “{function.title}” is saved.")
    return _edit(request, partnership, "Set aside or paid", form, about=function.title, law="large_hospital")


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(EDIT_SCHEME)
def add_holder(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = PostHolderForm(posted(request), initial=PostHolderForm.initial_of(None))
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        del values["revision"]
        added = services.add_post_holder(partnership=partnership, by=request.standing.user, **values)
        return _done(request, partnership, f"{added} is recorded.")
    return _edit(request, partnership, "Add a post holder", form, button="Add the post holder")


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(EDIT_SCHEME)
def change_holder(request: PartnershipRequest, partnership: Partnership, pk: int) -> HttpResponse:
    found: PostHolder = get_object_or_404(PostHolder.objects.for_partnership(partnership), pk=pk)
    form = PostHolderForm(posted(request), initial=PostHolderForm.initial_of(found))
    theirs, status = None, None
    if request.method == "POST" and form.is_valid():
        changes = dict(form.cleaned_data)
        revision = changes.pop("revision")
        try:
            services.change_post_holder(
                holder=found, changes=changes, revision=revision, by=request.standing.user
            )
        except services.EditedMeanwhile as conflict:
            theirs, status = selectors.saved_facts(conflict.current, form), 409
            form = form.opened_again_at(conflict.current.revision)
        else:
            return _done(request, partnership, f"The record of {found.name} is saved.")
    return _edit(
        request,
        partnership,
        "Change a post holder",
        form,
        status=status,
        theirs=theirs,
        button="Save the record",
    )
