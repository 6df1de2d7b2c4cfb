"""The one place where a request is tied to a partnership and to what its person may do there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from foundation.audit import record

from .models import Partnership
from .permissions import Answer, Permission, Standing, standing_of


class PartnershipRequest(HttpRequest):
    """What a guarded view receives."""

    partnership: Partnership
    standing: Standing


View = Callable[..., HttpResponseBase]


def within_partnership(wanted: Permission) -> Callable[[View], View]:
    """The view runs only for members who may do `wanted`, and receives the Partnership instead of its slug.

    A stranger gets 404, so that nobody learns what exists elsewhere. A member without the right gets 403 with the
    reason in words. Each page that support access opens is recorded.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(
            request: PartnershipRequest, partnership: str, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            found = Partnership.objects.select_related("health_board").filter(slug=partnership).first()
            if found is None:
                raise Http404("There is no such partnership.")
            standing = standing_of(request.user, found)  # type: ignore[arg-type]
            if not standing.is_member:
                raise Http404("There is no such partnership.")
            require(standing.may(wanted))
            request.partnership, request.standing = found, standing
            if standing.support:
                record(
                    by=request.user,
                    action="partnerships.support_read",
                    subject=f"{request.method} {request.path}",
                    tenant=found.slug,
                    reason=standing.support.reason,
                )
            return view(request, found, *args, **kwargs)

        guarded.guarded_by = wanted  # type: ignore[attr-defined]
        return guarded

    return decorate


def require(answer: Answer) -> None:
    """Nothing happens when the answer is yes; otherwise the page says why not (403)."""
    if not answer:
        raise PermissionDenied(answer.reason)
