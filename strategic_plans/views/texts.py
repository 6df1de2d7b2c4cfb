from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..comparison import compare
from ..forms import RestoreForm, TextForm
from ..rules import READ_PLAN
from ..selectors.plans import plan_named
from ..selectors.texts import compared_revisions, revisions_of
from ..services.texts import NoSuchRevision
from .frame import CONFLICT, NOT_ACCEPTED, render_in_workspace, with_leads
from .writing import Writing, arrangement_writing, section_writing

WRITE = ["GET", "HEAD", "POST"]


@require_http_methods(WRITE)
@within_partnership(READ_PLAN)
def section(request: PartnershipRequest, partnership: Partnership, plan: str, key: str) -> HttpResponse:
    return _write(request, section_writing(request.standing, partnership, plan, key))


@require_http_methods(WRITE)
@within_partnership(READ_PLAN)
def arrangement(
    request: PartnershipRequest, partnership: Partnership, plan: str, locality: str
) -> HttpResponse:
    return _write(request, arrangement_writing(request.standing, partnership, plan, locality))


@require_safe
@within_partnership(READ_PLAN)
def section_history(
    request: PartnershipRequest, partnership: Partnership, plan: str, key: str
) -> HttpResponse:
    return _history(request, section_writing(request.standing, partnership, plan, key))


@require_safe
@within_partnership(READ_PLAN)
def arrangement_history(
    request: PartnershipRequest, partnership: Partnership, plan: str, locality: str
) -> HttpResponse:
    return _history(request, arrangement_writing(request.standing, partnership, plan, locality))


@require_http_methods(WRITE)
@within_partnership(READ_PLAN)
def section_revision(
    request: PartnershipRequest, partnership: Partnership, plan: str, key: str, number: int
) -> HttpResponse:
    return _revision(request, section_writing(request.standing, partnership, plan, key), number)


@require_http_methods(WRITE)
@within_partnership(READ_PLAN)
def arrangement_revision(
    request: PartnershipRequest, partnership: Partnership, plan: str, locality: str, number: int
) -> HttpResponse:
    return _revision(request, arrangement_writing(request.standing, partnership, plan, locality), number)


@require_safe
@within_partnership(READ_PLAN)
def arrangements(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_named(partnership, plan)
    return render_in_workspace(request, found, "arrangements", {}, "Localities", workspace=with_leads(found))


def _write(request: PartnershipRequest, writing: Writing) -> HttpResponse:
    """The text to read, or to write for those who may; what is sent is saved or set beside what was saved before."""
    text = writing.text
    if request.method != "POST":
        initial = {"body": text.body, "revision": text.revision}
        return _write_page(request, writing, TextForm(initial=initial, label=writing.title))
    require(writing.may_edit)
    form = TextForm(request.POST, label=writing.title)
    if not form.is_valid():
        return _write_page(request, writing, form, status=NOT_ACCEPTED)
    body, revision = form.cleaned_data["body"], form.cleaned_data["revision"]
    try:
        if "set-aside" in request.POST:
            writing.set_aside(body=body, expected_revision=revision, by=request.standing.user)
            messages.success(request, "The saved text stands. Yours is kept in the history, one step back.")
        else:
            saved = writing.save(
                body=body,
                expected_revision=revision,
                reason=form.cleaned_data["reason"],
                by=request.standing.user,
            )
            same = saved.revision == text.revision
            messages.success(
                request, "Nothing had changed." if same else f"Saved {timezone.localtime():%H:%M}."
            )
    except services.TextChanged as conflict:
        return _conflict_page(request, writing, conflict, form.cleaned_data["reason"])
    return redirect(writing.url)


def _write_page(
    request: PartnershipRequest, writing: Writing, form: TextForm, status: int = 200
) -> HttpResponse:
    context = {"writing": writing, "text": writing.text, "form": form if writing.may_edit else None}
    return render_in_workspace(request, writing.plan, "text", context, writing.title, status=status)


def _conflict_page(
    request: PartnershipRequest, writing: Writing, conflict: services.TextChanged, reason: str
) -> HttpResponse:
    """Both texts, what differs in words, and a box in which to bring them together. Nothing is saved yet."""
    form = TextForm(
        initial={"body": conflict.mine, "revision": conflict.revision, "reason": reason},
        label="The text that will stand",
    )
    context = {
        "writing": writing,
        "conflict": conflict,
        "comparison": compare(conflict.theirs, conflict.mine),
        "form": form,
    }
    labels = ((writing.title, writing.url), "Two texts")
    return render_in_workspace(request, writing.plan, "conflict", context, *labels, status=CONFLICT)


def _history(request: PartnershipRequest, writing: Writing) -> HttpResponse:
    context = {"writing": writing, "revisions": revisions_of(writing.text)}
    return render_in_workspace(
        request, writing.plan, "history", context, (writing.title, writing.url), "History"
    )


def _revision(request: PartnershipRequest, writing: Writing, number: int) -> HttpResponse:
    """One saved state beside another; a POST makes it the text again, as a new state."""
    pair = compared_revisions(writing.text, number, request.GET.get("with", ""))
    if pair is None:
        raise Http404("The text has no such saved state.")
    if request.method == "POST":
        require(writing.may_edit)
        form = RestoreForm(request.POST)
        if form.is_valid():
            return _restore(request, writing, number, form.cleaned_data["revision"])
    context = {
        "writing": writing,
        "pair": pair,
        "comparison": compare(pair.before.body if pair.before else "", pair.shown.body),
        "form": RestoreForm(initial={"revision": writing.text.revision}),
    }
    labels = (
        (writing.title, writing.url),
        ("History", writing.history_url),
        f"Revision {number}",
    )
    status = NOT_ACCEPTED if request.method == "POST" else 200
    return render_in_workspace(request, writing.plan, "revision", context, *labels, status=status)


def _restore(
    request: PartnershipRequest, writing: Writing, number: int, expected_revision: int
) -> HttpResponse:
    try:
        writing.restore(number=number, expected_revision=expected_revision, by=request.standing.user)
    except services.TextChanged as conflict:
        return _conflict_page(request, writing, conflict, f"Restored from revision {number}")
    except NoSuchRevision:
        raise Http404("The text has no such saved state.") from None
    messages.success(request, f"Revision {number} stands again, as a new revision.")
    return redirect(writing.url)
