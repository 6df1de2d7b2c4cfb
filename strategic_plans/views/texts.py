from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..comparison import compare
from ..forms import ChoicesForm, CopyForm, RestoreForm, TextForm
from ..rules import READ_PLAN
from ..selectors.copies import desk_of
from ..selectors.plans import plan_named
from ..selectors.texts import compared_revisions, revisions_of
from ..services.texts import NoSuchRevision
from ..tasks import render_ahead_soon
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


@require_POST
@within_partnership(READ_PLAN)
def section_copy(request: PartnershipRequest, partnership: Partnership, plan: str, key: str) -> HttpResponse:
    return _keep(request, section_writing(request.standing, partnership, plan, key))


@require_POST
@within_partnership(READ_PLAN)
def arrangement_copy(
    request: PartnershipRequest, partnership: Partnership, plan: str, locality: str
) -> HttpResponse:
    return _keep(request, arrangement_writing(request.standing, partnership, plan, locality))


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
    """The text to read, or to write for those who may; what is sent is saved, or set beside what was saved before."""
    if request.method != "POST":
        return _write_page(request, writing)
    require(writing.may_edit)
    if "choices" in request.POST:
        return _choose(request, writing)
    form = TextForm(request.POST, **_labels(writing))
    if not form.is_valid():
        return _write_page(request, writing, form, status=NOT_ACCEPTED)
    answers = form.cleaned_data
    if "set-aside" in request.POST:
        try:
            writing.set_aside(
                body=answers["body"], expected_revision=answers["revision"], by=request.standing.user
            )
        except services.TextChanged as conflict:
            return _conflict_page(request, writing, conflict, answers["reason"], answers["page"])
        messages.success(request, "The saved text stands. Yours is kept in the history, one step back.")
        return redirect(_after(writing, answers["page"]))
    return _save(request, writing, answers["body"], answers)


def _save(request: PartnershipRequest, writing: Writing, body: str, answers: dict[str, Any]) -> HttpResponse:
    """The text is saved, alone or brought together with what somebody else saved; where that cannot be, one chooses."""
    before, revision, reason = writing.text.revision, answers["revision"], answers["reason"]
    try:
        saved = writing.save(body=body, expected_revision=revision, reason=reason, by=request.standing.user)
    except services.TextChanged as conflict:
        services.keep_copy(
            text=writing.text, by=request.standing.user, body=conflict.mine, base_revision=conflict.base
        )
        return _conflict_page(request, writing, conflict, reason, answers["page"])
    if saved.revision == before:
        messages.success(request, "Nothing had changed.")
    elif before != revision:
        messages.success(
            request,
            f"Saved {timezone.localtime():%H:%M}, and brought together with what was saved while you were writing. "
            "The history shows both texts.",
        )
    else:
        messages.success(request, f"Saved {timezone.localtime():%H:%M}.")
    render_ahead_soon(writing.plan)
    return redirect(_after(writing, answers["page"]))


def _after(writing: Writing, page: UUID | None) -> str:
    """Where one goes after saving; the address tells the browser which page's text it need not keep any longer."""
    return f"{writing.url}?saved={page}" if page else writing.url


def _choose(request: PartnershipRequest, writing: Writing) -> HttpResponse:
    """The text of both with the choices made is saved; if somebody saved again meanwhile, it is compared with that."""
    form = ChoicesForm(request.POST)
    if not form.is_valid():
        messages.error(request, "What you sent could not be read. Nothing was saved; your text is below.")
        return _write_page(request, writing, status=NOT_ACCEPTED)
    answers = form.cleaned_data
    body = services.bring_together(
        text=writing.text, mine=answers["mine"], base=answers["base"], choices=form.choices()
    )
    return _save(request, writing, body, answers)


def _write_page(
    request: PartnershipRequest, writing: Writing, form: TextForm | None = None, status: int = 200
) -> HttpResponse:
    """The text; for those who write it with what they left unsaved, which goes before what is saved."""
    text = writing.text
    desk = desk_of(text, request.standing.user)
    copy = desk.copy if form is None else None  # what was just sent goes before what was kept earlier
    if form is None:
        body, revision = (copy.body, copy.base_revision) if copy else (text.body, text.revision)
        form = TextForm(initial={"body": body, "revision": revision}, **_labels(writing))
    context = {
        "writing": writing,
        "text": text,
        "form": form if writing.may_edit else None,
        "copy": copy,
        "desk": desk,
    }
    return render_in_workspace(request, writing.plan, "text", context, writing.title, status=status)


def _labels(writing: Writing) -> dict[str, str]:
    """What the text box is called, and where its editor reads and puts what is not words."""
    return {"label": writing.title, "pictures": writing.pictures_url, "offers": writing.offers_url}


def _keep(request: PartnershipRequest, writing: Writing) -> HttpResponse:
    """What is typed is kept for its writer, and who else is there is told; or it is thrown away."""
    require(writing.may_edit)
    user = request.standing.user
    if "throw-away" in request.POST:
        services.throw_away(text=writing.text, by=user)
        messages.success(request, "Your unsaved text is thrown away. This is what is saved.")
        return redirect(writing.url)
    form = CopyForm(request.POST)
    if not form.is_valid():
        faults = " ".join(text for texts in form.errors.values() for text in map(str, texts))
        return JsonResponse({"fault": faults}, status=NOT_ACCEPTED)
    answers = form.cleaned_data
    try:
        if answers["typed"]:
            services.keep_copy(
                text=writing.text, by=user, body=answers["body"], base_revision=answers["revision"]
            )
        else:
            services.look_in(text=writing.text, by=user)
    except services.PlanFrozen as refusal:
        return JsonResponse({"fault": str(refusal)}, status=CONFLICT)
    text = writing.text
    return JsonResponse(
        {
            "kept": f"{timezone.localtime():%H:%M:%S}" if answers["typed"] else "",
            "others": desk_of(text, user).others_in_words,
            "revision": text.revision,
            "saved": f"{text.changed_by} saved this text at {timezone.localtime(text.changed_at):%H:%M}."
            if text.changed_at and text.revision != answers["revision"]
            else "",
        }
    )


def _conflict_page(
    request: PartnershipRequest,
    writing: Writing,
    conflict: services.TextChanged,
    reason: str,
    page: UUID | None = None,
) -> HttpResponse:
    """The places that both changed, to choose from, and both texts whole. Nothing is saved yet."""
    seen = {"revision": conflict.revision, "reason": reason, "page": page}
    clashes = conflict.merged.clashes
    choices = ChoicesForm(
        initial={**seen, "mine": conflict.mine, "base": conflict.base},
        clashes=clashes,
        theirs=conflict.changed_by.name if conflict.changed_by else "somebody else",
        auto_id="choose-%s",
    )
    context = {
        "writing": writing,
        "conflict": conflict,
        "clashes": [
            (clash, compare(clash.theirs, clash.mine), choices[f"choice-{clash.number}"]) for clash in clashes
        ],
        "choices": choices,
        "comparison": compare(conflict.theirs, conflict.mine),
        "form": TextForm(
            initial={**seen, "body": conflict.merged.body()},
            label="The text that will stand",
            pictures=writing.pictures_url,
        ),
        "aside": TextForm(initial={**seen, "body": conflict.mine}, auto_id="aside-%s"),
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
