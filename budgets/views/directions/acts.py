"""What is done with a direction once it is written: prepared, issued, answered, ended, printed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from foundation.documents.tasks import enqueue
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
from ...refusals import ChangedMeanwhile, MoneyRefused
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
from ..revisions import sent_once_read
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
    except ChangedMeanwhile:
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
    issuing = sent_once_read(
        request,
        lambda typed: IssueForm(
            typed, asks_reason=bool(record.unconfirmed), initial={"revision": found.revision}
        ),
        lambda form: services.issue_direction(
            direction=found,
            revision=form.cleaned_data["revision"],
            unconfirmed_reason=form.cleaned_data.get("unconfirmed_reason", ""),
            by=request.standing.user,
        ),
        name="direction",
    )
    if issuing.is_saved:
        issued = direction_of(request, direction)
        enqueue(request_letter(direction=issued, by=request.standing.user))
        messages.success(request, f"Issued as {issued.reference}. Its letter is being made.")
        return redirect(issued)
    context = around_directions(
        request, "Issue", found, form=issuing.form, record=record, content=record.content
    )
    return render(request, "budgets/directions/issue.html", context, status=issuing.status)


@require_http_methods(["GET", "POST"])
@within_partnership(ISSUE_DIRECTIONS)
def return_draft(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    require(is_open_for_change(found))
    giving_back = sent_once_read(
        request,
        lambda typed: ReturnForm(typed, initial={"revision": found.revision}),
        lambda form: services.return_direction(
            direction=found, by=request.standing.user, **form.cleaned_data
        ),
        name="direction",
    )
    if giving_back.is_saved:
        messages.success(request, "Given back. It is a draft again.")
        return redirect(found)
    context = around_directions(
        request, "Give it back", found, form=giving_back.form, content=direction_record(found).content
    )
    return render(request, "budgets/directions/return.html", context, status=giving_back.status)


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
