"""The second step at sign-in, for roles that publish, close or administer."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .guards import roles_today
from .permissions import roles_needing_second_factor

# Holds the key of the person who has taken the second step in this session; written in sign_in.py.
SECOND_FACTOR_SESSION_KEY = "second_factor_of"
# Where one signs in, sets the second step up and takes it.
SIGN_IN_PREFIX = "/accounts/"

SET_UP = (
    "Your role publishes, closes or administers, so it needs a second step at sign-in. "
    "Set up an authenticator app or a passkey to go on."
)
TAKE_IT = "Your role publishes, closes or administers. You signed in without your second step: take it now to go on."


class SecondFactorMiddleware:
    """People who publish, close or administer take the second step before they open anything but public pages.

    Having an authenticator is not enough: it must have been used in this very session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        del args, kwargs
        is_open = request.path.startswith(SIGN_IN_PREFIX) or not getattr(view, "login_required", True)
        if is_open or not settings.PORTAL_SECOND_FACTOR_REQUIRED or not self._owes_second_factor(request):
            return None
        if self._has_authenticator(request):
            messages.warning(request, TAKE_IT)
            return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': self._way_back(request)})}")
        messages.warning(request, SET_UP)
        return redirect("mfa_index")

    @staticmethod
    def _owes_second_factor(request: HttpRequest) -> bool:
        if not request.user.is_authenticated:
            return False
        if request.session.get(SECOND_FACTOR_SESSION_KEY) == request.user.pk:
            return False
        deciding = roles_needing_second_factor()
        return any(membership.role in deciding for membership in roles_today(request))

    @staticmethod
    def _has_authenticator(request: HttpRequest) -> bool:
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        return Authenticator.objects.filter(user_id=request.user.pk, type__in=kinds).exists()

    @staticmethod
    def _way_back(request: HttpRequest) -> str:
        return request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
