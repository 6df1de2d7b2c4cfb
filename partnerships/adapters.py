"""What allauth asks the portal: who may join, how secrets are kept, whom an organisation may bring."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect

from . import services
from .models import Invitation, User

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin

INVITATION_SESSION_KEY = "invitation"


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: people come by invitation."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": (
            "This e-mail address and password do not belong together. Check both, or ask for a new password."
        ),
        "too_many_login_attempts": "Too many attempts have failed. Wait five minutes, then try again.",
        "account_inactive": "This account is closed. Ask your partnership's administrator.",
        "incorrect_code": "The code is wrong or has run out. Enter the one that your app shows now.",
        "incorrect_password": "The password is wrong. Check it and try again.",
        "enter_current_password": "Enter your present password.",
        "rate_limited": "That was too often. Wait a minute, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps encrypted, so that a copy of the database opens nothing."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "The code is wrong or has run out. Enter the one that your app shows now.",
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's word
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"Passkey {number}"


def _cipher() -> MultiFernet:
    """Keys made from the portal's secret; former secrets (SECRET_KEY_FALLBACKS) still open what they closed."""
    secrets: list[Any] = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"partnerships.second-factor{secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class OrganisationAdapter(DefaultSocialAccountAdapter):
    """A council's or health board's sign-in brings in people who have an account or an open invitation, nobody else.

    Each provider's settings name the domains that the organisation owns: `"verified_email": ["angus.gov.uk"]`.
    Addresses in them are taken as verified; all others are refused, whatever the provider says of them.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        del request, sociallogin
        return False

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        return self.is_email_verified(login.provider, email)

    def is_email_verified(self, provider: Any, email: str) -> bool:
        owned = provider.app.settings.get("verified_email") if provider.app else None
        return isinstance(owned, list) and super().is_email_verified(provider, email)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """A known person goes on, an invited one becomes known, everybody else reads why not."""
        if sociallogin.is_existing and sociallogin.state.get("process") != "connect":
            return
        if request.user.is_authenticated and self._address(sociallogin) == request.user.email.lower():
            return
        if person := self._join_by_invitation(request, sociallogin):
            sociallogin.connect(request, person)
            return
        address = self._address(sociallogin)
        messages.error(
            request,
            f"{sociallogin.provider.name} signed you in as {address or 'somebody without an e-mail address'}, "
            "but nobody has invited that address. Ask your partnership's administrator for an invitation.",
        )
        raise ImmediateHttpResponse(redirect("account_login"))

    def _address(self, sociallogin: SocialLogin) -> str:
        """The address that the organisation vouches for and owns, or nothing."""
        for address in sociallogin.email_addresses:
            if self.can_authenticate_by_email(sociallogin, address.email):
                return str(address.email).lower()
        return ""

    def _join_by_invitation(self, request: HttpRequest, sociallogin: SocialLogin) -> User | None:
        token = request.session.get(INVITATION_SESSION_KEY)
        if not token or request.user.is_authenticated:
            return None
        try:
            invitation = Invitation.objects.with_token(token)
            if invitation.email.lower() != self._address(sociallogin):
                return None
            claims = sociallogin.account.get_provider_account().get_user_data() or {}
            name = str(claims.get("name") or invitation.name)
            membership = services.accept_as_new_person(invitation=invitation, name=name[:120], password=None)
        except (Invitation.DoesNotExist, services.NotPossible):
            return None
        del request.session[INVITATION_SESSION_KEY]
        return membership.user
