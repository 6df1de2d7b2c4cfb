"""What happens around signing in: the second step is remembered for the session, and the audit trail learns of it."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.signals import (
    email_changed,
    password_changed,
    password_reset,
    password_set,
    user_logged_in,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from allauth.mfa.utils import is_mfa_enabled
from axes.signals import user_locked_out
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from foundation.audit import SYSTEM, record

from .middleware import SECOND_FACTOR_SESSION_KEY
from .models import User


def address_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The e-mail address of an attempt to sign in, for the count of failures."""
    return str((credentials or {}).get("email") or request.POST.get("login", "")).strip().lower()


def client_address(request: HttpRequest) -> str | None:
    """The network address of the person, past the proxies that are trusted (TRUSTED_PROXY_COUNT).

    None where there is none: a request that came over no network, as in a script.
    """
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return None


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The page that says how long to wait."""
    del response, credentials
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {"minutes": minutes, "failures": settings.AXES_FAILURE_LIMIT}
    return render(request, "partnerships/locked_out.html", context, status=429)


@receiver([authenticator_used, authenticator_added])
def remember_second_factor(request: HttpRequest, user: User, **_: Any) -> None:
    """Who uses an authenticator, or sets one up with a code from it, has taken the second step in this session."""
    request.session[SECOND_FACTOR_SESSION_KEY] = user.pk


@receiver(authenticator_removed)
def forget_second_factor(request: HttpRequest, user: User, **_: Any) -> None:
    if not is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]):
        request.session.pop(SECOND_FACTOR_SESSION_KEY, None)


@receiver(user_logged_in)
def record_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    steps = [entry.get("type") or entry["method"] for entry in get_authentication_records(request, user)]
    record(by=user, action="partnerships.signed_in", subject=user, after={"steps": steps})


@receiver(authenticator_added)
def record_added(user: User, authenticator: Authenticator, **_: Any) -> None:
    record(by=user, action="partnerships.second_step_added", subject=user, after={"kind": authenticator.type})


@receiver(authenticator_removed)
def record_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    record(
        by=user, action="partnerships.second_step_removed", subject=user, before={"kind": authenticator.type}
    )


@receiver([password_changed, password_reset, password_set])
def record_password(user: User, **_: Any) -> None:
    record(by=user, action="partnerships.password_changed", subject=user)


@receiver(email_changed)
def record_address(user: User, from_email_address: Any, to_email_address: Any, **_: Any) -> None:
    before = {"email": from_email_address.email} if from_email_address else None
    record(
        by=user,
        action="partnerships.address_changed",
        subject=user,
        before=before,
        after={"email": to_email_address.email},
    )


@receiver(user_locked_out)
def record_lock_out(username: str | None, ip_address: str | None, **_: Any) -> None:
    record(
        by=SYSTEM,
        action="partnerships.locked_out",
        subject=username or "an attempt without an address",
        after={"from": ip_address},
    )
