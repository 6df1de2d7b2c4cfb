from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import selectors, services, tasks
from ..enums import Role
from ..forms import EndRoleForm, InviteForm, PeopleFilterForm, RoleForm, SupportForm
from ..guards import PartnershipRequest, within_partnership
from ..models import Invitation, Membership, Partnership, SupportGrant
from ..permissions import ADMINISTER
from ..rules import words_of
from .crumbs import crumbs
from .posted import posted

ROLES_A_PAGE = 50


@dataclass(frozen=True)
class Part:
    label: str
    url: str
    current: bool


def _parts(partnership: Partnership, current: str) -> list[Part]:
    """The side navigation of Administer."""
    names = [
        ("People and roles", "people"),
        ("Invitations", "invitations"),
        ("Support access", "support"),
        ("Who may do what", "access"),
        ("Integration scheme", "scheme"),
    ]
    return [
        Part(label, reverse(f"partnerships:{name}", args=[partnership.slug]), name == current)
        for label, name in names
    ]


@require_safe
@within_partnership(ADMINISTER)
def people(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = PeopleFilterForm(request.GET or {"state": "now"})
    rows = selectors.role_rows(partnership, **form.chosen)
    page = Paginator(rows, ROLES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "parts": _parts(partnership, "people"),
        "crumbs": crumbs(partnership, ("Administer", "")),
    }
    return render(request, "partnerships/people.html", context)


def _person(partnership: Partnership, pk: int) -> selectors.PersonPage:
    found = selectors.person_page(partnership, pk)
    if found is None:
        raise Http404("Nobody of that number has held a role here.")
    return found


@require_safe
@within_partnership(ADMINISTER)
def person(request: PartnershipRequest, partnership: Partnership, pk: int) -> HttpResponse:
    found = _person(partnership, pk)
    context = {
        "found": found,
        "leads_a_locality": any(role.role == Role.LOCALITY_LEAD and not role.is_over for role in found.roles),
        "parts": _parts(partnership, "people"),
        "crumbs": crumbs(partnership, ("Administer", "people"), (found.user.name, "")),
    }
    return render(request, "partnerships/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(ADMINISTER)
def add_role(request: PartnershipRequest, partnership: Partnership, pk: int) -> HttpResponse:
    user = _person(partnership, pk).user
    form = RoleForm(posted(request), partnership=partnership, submit="Give the role")
    if request.method == "POST" and form.is_valid():
        try:
            membership = services.grant_role(
                user=user, partnership=partnership, by=request.standing.user, **form.cleaned_data
            )
        except services.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{user} holds the {Role(membership.role).label} role.")
            return redirect("partnerships:person", partnership.slug, user.pk)
    context = {
        "form": form,
        "person": user,
        "parts": _parts(partnership, "people"),
        "crumbs": crumbs(partnership, ("Administer", "people"), (f"A role for {user}", "")),
    }
    return render(request, "partnerships/add_role.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(ADMINISTER)
def end_role(request: PartnershipRequest, partnership: Partnership, pk: int) -> HttpResponse:
    rows = Membership.objects.for_partnership(partnership).select_related("user", "body", "partnership")
    membership = get_object_or_404(rows, pk=pk)
    form = EndRoleForm(posted(request), membership=membership)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_role(
                membership=membership,
                ends_on=form.last_day,
                reason=form.cleaned_data["reason"],
                by=request.standing.user,
            )
        except services.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            role = Role(membership.role).label
            messages.success(
                request, f"{membership.user}’s {role} role ends: last day {words_of(form.last_day)}."
            )
            return _after_ending(request, partnership, membership)
    context = {
        "form": form,
        "membership": membership,
        "parts": _parts(partnership, "people"),
        "crumbs": crumbs(partnership, ("Administer", "people"), ("End a role", "")),
    }
    return render(request, "partnerships/end_role.html", context, status=_status(form))


def _after_ending(
    request: PartnershipRequest, partnership: Partnership, membership: Membership
) -> HttpResponse:
    """Back to the person; but somebody who ended their own administration may no longer see that page."""
    if membership.user_id == request.standing.user.pk and membership.role == Role.ADMINISTRATOR:
        return redirect("home")
    if not Membership.objects.for_partnership(partnership).filter(user=membership.user_id).exists():
        return redirect("partnerships:people", partnership.slug)
    return redirect("partnerships:person", partnership.slug, membership.user_id)


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(ADMINISTER)
def invite(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = InviteForm(posted(request), partnership=partnership, submit="Send the invitation")
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                invitation = services.invite(
                    partnership=partnership, by=request.standing.user, **form.cleaned_data
                )
                transaction.on_commit(lambda: tasks.enqueue(invitation))
        except services.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                f"The invitation for {invitation.name} is on its way to {invitation.email}. "
                f"It can be accepted until {words_of(invitation.expires_at.date())}.",
            )
            return redirect("partnerships:invitations", partnership.slug)
    context = {
        "form": form,
        "parts": _parts(partnership, "invitations"),
        "crumbs": crumbs(partnership, ("Administer", "people"), ("Invite", "")),
    }
    return render(request, "partnerships/invite.html", context, status=_status(form))


@require_safe
@within_partnership(ADMINISTER)
def invitations(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    context = {
        "invitations": selectors.open_invitations(partnership),
        "parts": _parts(partnership, "invitations"),
        "crumbs": crumbs(partnership, ("Administer", "people"), ("Invitations", "")),
    }
    return render(request, "partnerships/invitations.html", context)


def _invitation(partnership: Partnership, pk: int) -> Invitation:
    found: Invitation = get_object_or_404(selectors.open_invitations(partnership), pk=pk)
    return found


@require_POST
@within_partnership(ADMINISTER)
def withdraw_invitation(request: PartnershipRequest, partnership: Partnership, pk: int) -> HttpResponse:
    invitation = _invitation(partnership, pk)
    try:
        services.withdraw_invitation(invitation=invitation, by=request.standing.user)
        messages.success(
            request, f"The invitation of {invitation.email} is withdrawn. Its link opens nothing."
        )
    except services.NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect("partnerships:invitations", partnership.slug)


@require_POST
@within_partnership(ADMINISTER)
def send_again(request: PartnershipRequest, partnership: Partnership, pk: int) -> HttpResponse:
    try:
        invitation = services.mail_again(invitation=_invitation(partnership, pk), by=request.standing.user)
    except services.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        tasks.enqueue(invitation)
        messages.success(request, f"The mail to {invitation.email} is on its way once more.")
    return redirect("partnerships:invitations", partnership.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(ADMINISTER)
def support(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = SupportForm(posted(request), partnership=partnership)
    if request.method == "POST" and form.is_valid():
        try:
            grant = services.grant_support(
                partnership=partnership, by=request.standing.user, **form.cleaned_data
            )
        except services.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, f"{grant.user} can read this workspace now, and every page is recorded."
            )
            return redirect("partnerships:support", partnership.slug)
    context = {
        "form": form,
        "has_support_people": form.fields["user"].queryset.exists(),  # type: ignore[attr-defined]
        "grants": Paginator(selectors.support_grants(partnership), ROLES_A_PAGE).get_page(
            request.GET.get("page")
        ),
        "parts": _parts(partnership, "support"),
        "crumbs": crumbs(partnership, ("Administer", "people"), ("Support access", "")),
    }
    return render(request, "partnerships/support.html", context, status=_status(form))


@require_POST
@within_partnership(ADMINISTER)
def end_support(request: PartnershipRequest, partnership: Partnership, pk: int) -> HttpResponse:
    grant = get_object_or_404(SupportGrant.objects.for_partnership(partnership), pk=pk)
    try:
        ended = services.end_support(grant=grant, by=request.standing.user)
        messages.success(request, f"{ended.user} has no access any more.")
    except services.NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect("partnerships:support", partnership.slug)


def _status(form: Any) -> int:
    return 422 if form.is_bound and not form.is_valid() else 200
