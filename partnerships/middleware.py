from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from .models import Membership
from .permissions import roles_needing_second_factor

OPEN_PATHS = ("/accounts/", "/static/", "/health/")


class SecondFactorMiddleware:
    """People who publish, close or administer set up a second factor before they do anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.PORTAL_SECOND_FACTOR_REQUIRED or request.path.startswith(
            OPEN_PATHS
        ):
            return self.get_response(request)
        if request.user.is_authenticated and self._lacks_second_factor(request):
            messages.warning(
                request,
                "Your role publishes, closes or administers, so it needs a second step at sign-in. "
                "Set up an authenticator app or a passkey to go on.",
            )
            return redirect("mfa_index")
        return self.get_response(request)

    @staticmethod
    def _lacks_second_factor(request: HttpRequest) -> bool:
        if request.session.get("second_factor_seen"):
            return False
        if request.user.authenticator_set.exists():
            request.session["second_factor_seen"] = True
            return False
        held = Membership.objects.on(timezone.localdate()).filter(
            user=request.user, role__in=roles_needing_second_factor()
        )
        return held.exists()
