"""Promises: what is due, what is done, and whether the people were told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation.sgds.forms import with_revision
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms import DoneForm, OfPromiseForm, PromiseFilterForm, PromiseForm, ReopenPromiseForm, TellBackForm
from ..models import Promise
from ..refusals import PromiseChangedMeanwhile
from ..rules import KEEP_PROMISES, LOG_ACTIVITY, VIEW_ENGAGEMENT, may_change, may_keep
from ..selectors import promise_counts, promises_for, promises_shown
from ..services import PromiseGiven
from .activities import activity_of
from .pages import crumbs, promise_rows

PROMISES_A_PAGE = 50


@require_GET
@within_partnership(VIEW_ENGAGEMENT)
def promise_list(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = PromiseFilterForm(request.GET, partnership=partnership)
    shown = promises_shown(partnership, **form.filters(request.standing.user))
    page = Paginator(shown, PROMISES_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "engagement/promises.html",
        {
            "form": form,
            "page": page,
            "rows": promise_rows(request.standing, page),
            "counts": promise_counts(partnership),
            "crumbs": crumbs(partnership, "Promises"),
        },
    )


@require_http_methods(["GET", "POST"])
@within_partnership(LOG_ACTIVITY)
def add_promise(request: PartnershipRequest, partnership: Partnership, pk: int) -> HttpResponse:
    activity = activity_of(partnership, pk)
    require(may_change(request.standing, activity))
    me = request.standing.user
    form = PromiseForm(request.POST or None, partnership=partnership, initial={"owner": me})
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        given = PromiseGiven(answers["text"], answers["due_on"], answers["owner"])
        try:
            services.add_promise(activity=activity, promise=given, by=me)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The promise is added.")
            return redirect(activity)
    return render(
        request,
        "engagement/promise_form.html",
        {"form": form, "activity": activity, "crumbs": crumbs(partnership, "Add a promise")},
    )


@require_http_methods(["GET", "POST"])
@within_partnership(KEEP_PROMISES)
def change_promise(request: PartnershipRequest, partnership: Partnership, pk: int) -> HttpResponse:
    promise = promise_of(partnership, pk)
    require(may_keep(request.standing, promise))
    form = PromiseForm(request.POST or None, partnership=partnership, promise=promise)
    theirs = None
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            services.change_promise(
                promise=promise,
                revision=answers["revision"] or 0,
                text=answers["text"],
                due_on=answers["due_on"],
                owner=answers["owner"],
                by=request.standing.user,
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        except PromiseChangedMeanwhile as meanwhile:
            theirs = meanwhile.current
            form = PromiseForm(
                with_revision(request.POST, theirs.revision), partnership=partnership, promise=promise
            )
        else:
            messages.success(request, "Saved.")
            return redirect(promise.activity)
    return render(
        request,
        "engagement/promise_form.html",
        {
            "form": form,
            "promise": promise,
            "activity": promise.activity,
            "theirs": theirs,
            "crumbs": crumbs(partnership, "Change the promise"),
        },
        status=409 if theirs else 200,
    )


@dataclass(frozen=True)
class Question:
    """One question about a promise, the service that takes the answer, and what the promise then is."""

    title: str
    form: type[OfPromiseForm]
    service: Callable[..., Promise]
    now: str


DONE = Question(
    "Mark as done", DoneForm, services.mark_promise_done, "done. It is kept once you tell the people"
)
TELL_BACK = Question("Tell back", TellBackForm, services.tell_back, "kept and told back")
REOPEN = Question("Open again", ReopenPromiseForm, services.reopen_promise, "open again")


@require_http_methods(["GET", "POST"])
@within_partnership(KEEP_PROMISES)
def promise_done(request: PartnershipRequest, partnership: Partnership, pk: int) -> HttpResponse:
    return ask(request, promise_of(partnership, pk), DONE)


@require_http_methods(["GET", "POST"])
@within_partnership(KEEP_PROMISES)
def promise_tell_back(request: PartnershipRequest, partnership: Partnership, pk: int) -> HttpResponse:
    return ask(request, promise_of(partnership, pk), TELL_BACK)


@require_http_methods(["GET", "POST"])
@within_partnership(KEEP_PROMISES)
def reopen_promise(request: PartnershipRequest, partnership: Partnership, pk: int) -> HttpResponse:
    return ask(request, promise_of(partnership, pk), REOPEN)


def ask(request: PartnershipRequest, promise: Promise, question: Question) -> HttpResponse:
    """The question's page, or what comes of the answer."""
    require(may_keep(request.standing, promise))
    form = question.form(request.POST or None, promise=promise)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            question.service(promise=promise, by=request.standing.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
        except PromiseChangedMeanwhile as meanwhile:
            promise, status = meanwhile.current, 409
            form = question.form(with_revision(request.POST, promise.revision), promise=promise)
            form.add_error(
                None,
                "Somebody changed this promise while the page was open. Look at it again below; "
                "what you typed is still in the form and not saved.",
            )
        else:
            messages.success(request, f"The promise is {question.now}.")
            return redirect(promise.activity)
    context: dict[str, Any] = {
        "form": form,
        "promise": promise,
        "row": promise_rows(request.standing, [promise])[0],
        "title": question.title,
        "crumbs": crumbs(request.partnership, question.title),
    }
    return render(request, "engagement/see_to.html", context, status=status)


def promise_of(partnership: Partnership, pk: int) -> Promise:
    """The partnership's promise, or 404."""
    found = promises_for(partnership).select_related("activity__partnership").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such promise.")
    return found
