"""Taking a section from another partnership's published plan, and seeing what others took."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms import BorrowForm, FindSectionForm
from ..rules import EDIT_PLAN, READ_PLAN
from ..selectors.passages import (
    Question,
    borrowings_of,
    lendings_of,
    published_section,
    sections_to_borrow,
)
from .frame import NOT_ACCEPTED, crumbs, plan_to_edit, render_in_workspace


@require_safe
@within_partnership(EDIT_PLAN)
def find(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    """Sections of other partnerships' plans by their words."""
    found = plan_to_edit(request, partnership, plan)
    form = FindSectionForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    sections = sections_to_borrow(Question(words=words), borrower=partnership) if words else []
    context = {"form": form, "words": words, "sections": sections}
    return render_in_workspace(request, found, "borrow", context, "Borrow a section")


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(EDIT_PLAN)
def take(
    request: PartnershipRequest, partnership: Partnership, plan: str, version: int, chapter: str
) -> HttpResponse:
    """The section is read, and copied into the draft."""
    found = plan_to_edit(request, partnership, plan)
    lender, source = published_section(version, chapter, borrower=partnership)
    form = BorrowForm(request.POST or None, plan=found, source=source)
    if request.method == "POST" and form.is_valid():
        section = services.borrow_section(
            plan=found, version=lender, chapter=chapter, by=request.standing.user, **form.cleaned_data
        )
        messages.success(
            request,
            f"The text is in “{section}” now, with a paragraph that says where it comes from. Make it fit your area.",
        )
        return redirect(section)
    context = {"form": form, "lender": lender, "source": source}
    above = ("Borrow a section", reverse("strategic_plans:borrow", args=[partnership.slug, found.slug]))
    status = NOT_ACCEPTED if form.errors else 200
    return render_in_workspace(request, found, "borrow_section", context, above, source.title, status=status)


@require_safe
@within_partnership(READ_PLAN)
def lent(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    context = {
        "lent": lendings_of(partnership),
        "borrowed": borrowings_of(partnership),
        "crumbs": crumbs(partnership, None, "Borrowed and lent"),
    }
    return render(request, "strategic_plans/lent.html", context)
