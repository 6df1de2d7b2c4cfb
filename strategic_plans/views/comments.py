"""What people say about the text of a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms import AnswerForm, CommentFilterForm, CommentForm, SettleForm
from ..models import Comment, LocalityArrangement
from ..rules import COMMENT, READ_PLAN, may_comment
from ..selectors.comments import commented_text, comments_of_plan
from ..selectors.plans import plan_named
from .frame import NOT_ACCEPTED, render_in_workspace
from .writing import Writing, arrangement_writing, section_writing

WRITE = ["GET", "HEAD", "POST"]


@require_safe
@within_partnership(READ_PLAN)
def comment_list(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_named(partnership, plan)
    form = CommentFilterForm(request.GET)
    comments = comments_of_plan(found, show=form.shown(), person=request.standing.user)
    for comment in comments:
        comment.text.plan = found
    rows = [
        (comment, f"{comment.text.get_absolute_url()}comments/#comment-{comment.pk}") for comment in comments
    ]
    return render_in_workspace(request, found, "comment_list", {"form": form, "rows": rows}, "Comments")


@require_http_methods(WRITE)
@within_partnership(READ_PLAN)
def section_comments(
    request: PartnershipRequest, partnership: Partnership, plan: str, key: str
) -> HttpResponse:
    return _comments(request, section_writing(request.standing, partnership, plan, key))


@require_http_methods(WRITE)
@within_partnership(READ_PLAN)
def arrangement_comments(
    request: PartnershipRequest, partnership: Partnership, plan: str, locality: str
) -> HttpResponse:
    return _comments(request, arrangement_writing(request.standing, partnership, plan, locality))


@require_POST
@within_partnership(COMMENT)
def answer(request: PartnershipRequest, partnership: Partnership, plan: str, pk: int) -> HttpResponse:
    writing, comment = _comment(request, partnership, plan, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, writing, acting={"answer": form, "on": comment.pk}, status=NOT_ACCEPTED)
    services.answer_comment(comment=comment, words=form.cleaned_data["words"], by=request.standing.user)
    messages.success(request, "Your answer stands under the comment.")
    return _back(writing, comment)


@require_POST
@within_partnership(COMMENT)
def settle(request: PartnershipRequest, partnership: Partnership, plan: str, pk: int) -> HttpResponse:
    """Settled by whoever writes the text or by its author; a suggestion is taken, or not with a reason."""
    writing, comment = _comment(request, partnership, plan, pk)
    by = request.standing.user
    if comment.written_by_id != by.pk:
        require(writing.may_edit)
    takes = "take" in request.POST and bool(comment.suggestion)
    form = SettleForm(request.POST, needs_reason=bool(comment.suggestion) and not takes)
    if not form.is_valid():
        return _page(request, writing, acting={"settle": form, "on": comment.pk}, status=NOT_ACCEPTED)
    try:
        if takes:
            require(writing.may_edit)
            services.take_suggestion(comment=comment, by=by)
            messages.success(request, "The suggested words stand in the text, as a new saved state.")
        else:
            services.settle_comment(comment=comment, by=by, words=form.cleaned_data["words"])
            messages.success(request, "The comment is settled.")
    except (services.CommentSettled, services.ParagraphChanged) as refusal:
        messages.error(request, str(refusal))
    return _back(writing, comment)


@require_POST
@within_partnership(COMMENT)
def reopen(request: PartnershipRequest, partnership: Partnership, plan: str, pk: int) -> HttpResponse:
    writing, comment = _comment(request, partnership, plan, pk)
    services.reopen_comment(comment=comment, by=request.standing.user)
    messages.success(request, "The comment is open again.")
    return _back(writing, comment)


def _comment(
    request: PartnershipRequest, partnership: Partnership, plan: str, pk: int
) -> tuple[Writing, Comment]:
    found = plan_named(partnership, plan)
    require(may_comment(request.standing, found))
    comments = Comment.objects.of_plan(found).filter(parent=None)
    comment: Comment = get_object_or_404(
        comments.select_related("section", "arrangement__locality", "written_by"), pk=pk
    )
    text = comment.text
    text.plan = found
    if isinstance(text, LocalityArrangement):
        return arrangement_writing(request.standing, partnership, plan, text.locality.slug), comment
    return section_writing(request.standing, partnership, plan, text.key), comment


def _comments(request: PartnershipRequest, writing: Writing) -> HttpResponse:
    """The text with what was said about it; a POST adds a comment."""
    if request.method != "POST":
        return _page(request, writing)
    require(may_comment(request.standing, writing.plan))
    form = CommentForm(request.POST, partnership=writing.plan.partnership)
    if not form.is_valid():
        return _page(request, writing, writes=form, status=NOT_ACCEPTED)
    answers = form.cleaned_data
    try:
        comment = services.add_comment(text=writing.text, by=request.standing.user, **answers)
    except services.ParagraphChanged as refusal:
        form.add_error(None, str(refusal))
        return _page(request, writing, writes=form, status=NOT_ACCEPTED)
    messages.success(request, "Your comment stands beside the text.")
    return _back(writing, comment)


def _back(writing: Writing, comment: Comment) -> HttpResponse:
    return redirect(f"{writing.comments_url}#comment-{comment.pk}")


def _page(
    request: PartnershipRequest,
    writing: Writing,
    *,
    writes: CommentForm | None = None,
    acting: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    may = may_comment(request.standing, writing.plan)
    commented = commented_text(writing.text)
    on = _number(writes.data.get("block", "") if writes else request.GET.get("on", ""))
    whole = "whole" in request.GET or (writes is not None and on is None)
    block = commented.blocks[on] if on is not None and on < len(commented.blocks) else None
    words = block.words if block and block.takes_suggestions else ""
    if may and writes is None and (whole or on is not None):
        writes = CommentForm(
            initial={"block": on, "suggestion": words, "shown": words},
            partnership=writing.plan.partnership,
            may_suggest=bool(words),
        )
    context = {
        "writing": writing,
        "commented": commented,
        "may_comment": may,
        "writes": writes if may else None,
        "on": on,
        "whole": whole,
        "acting": acting or {},
        "answer_form": AnswerForm(auto_id=False),
        "me": request.standing.user.pk,
    }
    labels = ((writing.title, writing.url), "Comments")
    return render_in_workspace(request, writing.plan, "comments", context, *labels, status=status)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) < 6 else None
