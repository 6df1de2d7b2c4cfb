"""The portal's addresses and one bare view to measure them against."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import include, path

from partnerships.models import Partnership

PAGE = Template(
    "<!doctype html><html lang=en><title>Bare</title><ul>{% for p in rows %}<li>{{ p.name }}</li>{% endfor %}</ul>"
)


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    """What Django itself costs: a session, a user, one query for the 31 partnerships, a template of one loop."""
    assert request.user.is_authenticated
    return HttpResponse(PAGE.render(Context({"rows": Partnership.objects.all()})))


urlpatterns = [path("bench/bare/", bare), path("", include("integration_portal.urls"))]
