"""What is done with a direction once it is written: prepared, issued, answered, ended, printed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from foundation.documents.tasks import enqueue
from foundation.sgds.forms import with_revision
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Body, Partnership

from ...enums import Progress
from ...forms.directions import (
    CompleteForm,
    IssueForm,
    ProgressForm,
    ReturnForm,
    RevisionOnlyForm,
)
from ...models import Direction
from ...refusals import MoneyRefused
from ...refusals.directions import DirectionChangedMeanwhile
from ...rules.directions import (
    ANSWER_DIRECTIONS,
    ISSUE_DIRECTIONS,
    MAKE_LETTER,
    PREPARE_DIRECTIONS,
    is_open_for_change,
    may_answer_direction,
    may_change_direction,
    may_issue_direction,
    still_stands,
)
from ...selectors.directions import direction_record
from ...services import directions as services
from ...services.letters import request_letter
from .frame import around_directions, bodies_in, direction_of

CHANGED = "Somebody changed this direction while the page was open. Read it again below before you go on."


@require_POST
@within_partnership(PREPARE_DIRECTIONS)
def prepare(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    require(may_change_direction(request.standing, found))
    form = RevisionOnlyForm(request.POST)
    try:
        services.prepare_direction(
            direction=found,
            revision=form.cleaned_data["revision"] if form.is_valid() else 0,
            by=request.standing.user,
        )
    except MoneyRefused as refusal:
        for words in refusal.messages:
            messages.error(request, words)
    except DirectionChangedMeanwhile:
        messages.error(request, CHANGED)
    else:
        messages.success(request, "Prepared. The chief officer can issue it now.")
    return redirect(found)


@require_http_methods(["GET", "POST"])
@within_partnership(ISSUE_DIRECTIONS)
def issue(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    require(may_issue_direction(request.standing, found))
    record = direction_record(found)
    asks = bool(record.unconfirmed)
    form = IssueForm(request.POST or None, asks_reason=asks, initial={"revision": found.revision})
    if request.method == "POST" and form.is_valid():
        try:
            issued = services.issue_direction(
                direction=found,
                revision=form.cleaned_data["revision"],
                unconfirmed_reason=form.cleaned_data.get("unconfirmed_reason", ""),
                by=request.standing.user,
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except DirectionChangedMeanwhile as meanwhile:
            record = direction_record(meanwhile.current)
            form = IssueForm(with_revision(request.POST, meanwhile.current.revision), asks_reason=asks)
            form.add_error(None, CHANGED)
        else:
            enqueue(request_letter(direction=issued, by=request.standing.user))
            messages.success(request, f"Issued as {issued.reference}. Its letter is being made.")
            return redirect(issued)
    context = around_directions(request, "Issue", found, form=form, record=record, content=record.content)
    return render(request, "budgets/directions/issue.html", context)


@require_http_methods(["GET", "POST"])
@within_partnership(ISSUE_DIRECTIONS)
def return_draft(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    require(is_open_for_change(found))
    form = ReturnForm(request.POST or None, initial={"revision": found.revision})
    if request.method == "POST" and form.is_valid():
        try:
            services.return_direction(direction=found, by=request.standing.user, **form.cleaned_data)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except DirectionChangedMeanwhile as meanwhile:
            form = ReturnForm(with_revision(request.POST, meanwhile.current.revision))
            form.add_error(None, CHANGED)
        else:
            messages.success(request, "Given back. It is a draft again.")
            return redirect(found)
    return form_page(
        request, found, form, "Give it back", "The people who prepare directions see your words."
    )


@require_http_methods(["GET", "POST"])
@within_partnership(PREPARE_DIRECTIONS)
def complete(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    require(still_stands(found))
    form = CompleteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.complete_direction(direction=found, by=request.standing.user, **form.cleaned_data)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Completed: {found.reference}.")
            return redirect(found)
    lead = "For a direction whose task is done. A function that goes on needs another direction in force."
    return form_page(request, found, form, "Record as completed", lead)


@require_POST
@within_partnership(ANSWER_DIRECTIONS)
def acknowledge(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    require(may_answer_direction(request.standing, found, bodies_in(found)))
    try:
        services.acknowledge_direction(
            direction=found, body=_own_body(request, found), by=request.standing.user
        )
    except MoneyRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"Acknowledged: {found.reference}.")
    return redirect(found)


@require_http_methods(["GET", "POST"])
@within_partnership(ANSWER_DIRECTIONS)
def report(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    require(may_answer_direction(request.standing, found, bodies_in(found)))
    form = ProgressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.report_progress(
                direction=found,
                body=_own_body(request, found),
                progress=Progress(form.cleaned_data["progress"]),
                words=form.cleaned_data["words"],
                on=form.cleaned_data["reported_on"],
                by=request.standing.user,
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Thank you. The report is sent.")
            return redirect(found)
    lead = f"You report for {_own_body(request, found)}. A report is never changed: send another when things move."
    return form_page(request, found, form, "Report on progress", lead)


@require_POST
@within_partnership(MAKE_LETTER)
def letter(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    document = request_letter(direction=direction_of(request, direction), by=request.standing.user)
    enqueue(document)
    return redirect(document)


def _own_body(request: PartnershipRequest, direction: Direction) -> Body:
    """The body for which this person answers; `may_answer_direction` has said that there is one."""
    target = direction.targets.select_related("body").filter(body__in=request.standing.body_ids).first()
    assert target  # noqa: S101 - asked before
    return target.body


def form_page(
    request: PartnershipRequest, direction: Direction, form: object, title: str, lead: str
) -> HttpResponse:
    context = around_directions(request, title, direction, form=form, title=title, lead=lead)
    return render(request, "budgets/directions/act.html", context)
