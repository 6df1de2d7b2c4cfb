"""A form that is sent after the sign-in has ended is kept, and offered again to the same person in that browser."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url

from .middleware import SIGN_IN_PREFIX

UNSENT_SESSION_KEY = "unsent"
# Says, signed, who was signed in here last: the session that knew it is gone when a form is turned away.
PERSON_COOKIE = "person"
DROP = "drop-unsent"
# A page's script sends this with the words that it keeps on the person's own device: they are not offered twice.
KEPT_ON_DEVICE = "kept-on-device"
# A grid of 2,000 lines is below this; more is not taken from somebody who is not signed in.
LONGEST_UNSENT = 500_000
NOT_TYPED = {"revision"}

KEPT = "You are signed out, so nothing was saved. What you sent is kept: sign in, and the portal offers it again."


class UnsentFormMiddleware:
    """Stands after everything that leads to the sign-in pages, so that it sees where they lead.

    Nothing is kept for a browser in which nobody was signed in. A file cannot be kept, and what a script sends is the
    script's to send again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        signed_in: int | None = getattr(request, "signed_in_person", None)
        if signed_in is not None:
            if signed_in != _last_person(request):
                _remember(response, signed_in)
        elif _is_turned_away(request, response) and (person := _last_person(request)) is not None:
            sent = request.POST.copy()
            sent.pop("csrfmiddlewaretoken", None)
            typed = sent.urlencode()
            if len(typed) <= LONGEST_UNSENT:
                request.session[UNSENT_SESSION_KEY] = {
                    "person": person,
                    "path": request.get_full_path(),
                    "typed": typed,
                }
                messages.warning(request, KEPT)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        del args, kwargs
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        request.signed_in_person = request.user.pk  # type: ignore[attr-defined]
        unsent = request.session.get(UNSENT_SESSION_KEY)
        if unsent and unsent["person"] != request.user.pk:
            del request.session[UNSENT_SESSION_KEY]
            return None
        if not unsent or request.path != unsent["path"].partition("?")[0]:
            return None
        if request.method == "POST":
            del request.session[UNSENT_SESSION_KEY]
            return None
        if DROP in request.GET:
            del request.session[UNSENT_SESSION_KEY]
            return redirect(unsent["path"])
        fields = [(name, value) for name, values in QueryDict(unsent["typed"]).lists() for value in values]
        typed = [(name.replace("_", " "), value) for name, value in fields if name not in NOT_TYPED and value]
        context = {"path": unsent["path"], "fields": fields, "typed": typed, "drop": DROP}
        return render(request, "partnerships/unsent.html", context)


def _last_person(request: HttpRequest) -> int | None:
    try:
        person: int = signing.loads(request.COOKIES.get(PERSON_COOKIE, ""), salt=PERSON_COOKIE)
    except signing.BadSignature:
        return None
    return person


def _remember(response: HttpResponse, person: int) -> None:
    """The cookie goes when the browser is closed, as the session's does."""
    response.set_cookie(
        PERSON_COOKIE,
        signing.dumps(person, salt=PERSON_COOKIE),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _is_turned_away(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a person's own form led to the sign-in page."""
    return (
        request.method == "POST"
        and not request.user.is_authenticated
        and not request.path.startswith(SIGN_IN_PREFIX)  # passwords are typed there
        and not request.FILES
        and KEPT_ON_DEVICE not in request.POST
        and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
        and response.headers.get("Location", "").partition("?")[0] == resolve_url(settings.LOGIN_URL)
    )
