"""The gallery: every component in every state, for developers and for the accessibility test."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from . import gallery as samples


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Everything at once; a post shows the forms with what was typed and its errors."""
    return page(request, "sgds/gallery/gallery.html", samples.components(request.POST or None, request.GET))


@login_not_required
def gallery_workspace(request: HttpRequest) -> HttpResponse:
    """The workspace shape: side navigation, middle, panel."""
    return page(request, "sgds/gallery/workspace.html", samples.workspace())


@login_not_required
def gallery_public(request: HttpRequest) -> HttpResponse:
    """The reading shape."""
    return page(request, "sgds/gallery/public.html", samples.reading())


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Rendered for staff and in a demonstration; to anybody else there is no such page."""
    user = getattr(request, "user", None)
    if not (settings.PORTAL_DEMONSTRATION or getattr(user, "is_staff", False)):
        raise Http404
    return render(request, template, context)
