"""The one place where a request is tied to a partnership and to what its person may do there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from foundation.audit import record

from .models import Membership, Partnership, SupportGrant, User
from .permissions import Answer, Permission, Standing


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
            standing = standing_in(request, partnership)
            if standing is None:
                raise Http404("There is no such partnership.")
            request.partnership, request.standing = standing.partnership, standing
            require(standing.may(wanted))
            if standing.support:
                record(
                    by=standing.user,
                    action="partnerships.support_read",
                    subject=f"{request.method} {request.path}",
                    tenant=standing.partnership.slug,
                    reason=standing.support.reason,
                )
            return view(request, standing.partnership, *args, **kwargs)

        return guarded

    return decorate


def roles_today(request: HttpRequest) -> tuple[Membership, ...]:
    """Every role that the person holds today, in any partnership or in none. One query a request."""
    held: tuple[Membership, ...] | None = getattr(request, "_roles_today", None)
    if held is None:
        rows = Membership.objects.on(timezone.localdate()).filter(user=request.user.pk).order_by("pk")
        held = tuple(rows.select_related("partnership"))
        request._roles_today = held  # type: ignore[attr-defined]
    return held


def standing_in(request: HttpRequest, slug: str) -> Standing | None:
    """The person's standing in the partnership of that slug; None when they have none, or it does not exist."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - nobody else passes LoginRequiredMiddleware
    here = tuple(role for role in roles_today(request) if role.partnership and role.partnership.slug == slug)
    if here and here[0].partnership:
        return Standing(user, here[0].partnership, here)
    grants = SupportGrant.objects.at(timezone.now()).filter(user=user, partnership__slug=slug)
    grant = grants.select_related("partnership").first()
    return Standing(user, grant.partnership, (), grant) if grant else None


def partnerships_of(request: HttpRequest) -> list[Partnership]:
    """The partnerships among which the person can switch, by name."""
    user = request.user
    if isinstance(user, User) and user.is_staff:  # support access is given to staff alone
        return list(Partnership.objects.visible_to(user))
    entered = {role.partnership.pk: role.partnership for role in roles_today(request) if role.partnership}
    return sorted(entered.values(), key=lambda partnership: partnership.short_name)


def require(answer: Answer) -> None:
    """Nothing happens when the answer is yes; otherwise the page says why not (403)."""
    if not answer:
        raise PermissionDenied(answer.reason)
