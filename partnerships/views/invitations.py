"""Accepting an invitation: the one page of this app that people open before they have an account."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.utils import perform_login
from allauth.socialaccount.adapter import get_adapter as organisations
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import services
from ..adapters import INVITATION_SESSION_KEY
from ..forms import AcceptForm
from ..models import Invitation, Membership, User
from ..services.invitations import fault_of_invitation
from .posted import posted

UNKNOWN = (
    "This link leads to no invitation. Check that you opened the whole link of the mail; "
    "if it still fails, ask whoever invited you for a new one."
)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The invited person accepts; anybody else reads why not."""
    rows = Invitation.objects.select_related("partnership", "body", "invited_by")
    try:
        found = rows.with_token(token)
    except Invitation.DoesNotExist:
        return _cannot(request, UNKNOWN, status=404)
    if fault := fault_of_invitation(found):
        return _cannot(request, fault, status=410)
    if request.user.is_authenticated:
        return _accept_signed_in(request, found)
    if User.objects.filter(email__iexact=found.email).exists():
        return _ask_to_sign_in(request, found)
    return _accept_as_new(request, found, token)


def _cannot(request: HttpRequest, reason: str, *, status: int) -> HttpResponse:
    return render(request, "partnerships/invitation_unusable.html", {"reason": reason}, status=status)


def _accept_signed_in(request: HttpRequest, found: Invitation) -> HttpResponse:
    refusal, status = "", 200
    if request.method == "POST":
        try:
            membership = services.accept_invitation(invitation=found, user=request.user)  # type: ignore[arg-type]
        except services.NotPossible as error:
            refusal, status = str(error), 409
        else:
            return _welcome(request, membership)
    context = {"invitation": found, "is_mine": _is_mine(request, found), "refusal": refusal}
    return render(request, "partnerships/invitation_signed_in.html", context, status=status)


def _is_mine(request: HttpRequest, found: Invitation) -> bool:
    user = request.user
    return isinstance(user, User) and user.email.lower() == found.email.lower()


def _ask_to_sign_in(request: HttpRequest, found: Invitation) -> HttpResponse:
    sign_in = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
    return render(request, "partnerships/invitation_sign_in.html", {"invitation": found, "sign_in": sign_in})


def _accept_as_new(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    form = AcceptForm(posted(request), email=found.email, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            membership = services.accept_as_new_person(
                invitation=found, name=form.cleaned_data["name"], password=form.cleaned_data["password1"]
            )
        except services.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            response = perform_login(
                request, membership.user, redirect_url=found.partnership.get_absolute_url()
            )
            messages.success(request, _words_of_welcome(membership))
            return response
    providers = organisations(request).list_providers(request)
    if providers:
        # An organisation's sign-in comes back without the link; the session keeps which invitation it is for.
        request.session[INVITATION_SESSION_KEY] = token
    context = {"invitation": found, "form": form, "providers": providers}
    status = 422 if form.is_bound else 200
    return render(request, "partnerships/invitation_new.html", context, status=status)


def _welcome(request: HttpRequest, membership: Membership) -> HttpResponse:
    messages.success(request, _words_of_welcome(membership))
    assert membership.partnership  # noqa: S101 - an invitation is of a partnership
    return redirect(membership.partnership)


def _words_of_welcome(membership: Membership) -> str:
    words = f"You hold the {membership.get_role_display()} role in {membership.partnership}."
    if membership.role == "locality_lead":
        words += " Your administrator or chief officer says which localities you lead."
    return words
