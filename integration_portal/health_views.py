from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import health


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers. Nothing else is looked at: a broken database is no reason to kill the web process."""
    return JsonResponse({"live": True})


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the portal can do all of its work, otherwise 503; either way what was found, without addresses."""
    checks = health.readiness()
    is_ready = all(check.is_well for check in checks)
    found = {check.name: {"well": check.is_well, "seconds": check.seconds} for check in checks}
    return JsonResponse({"ready": is_ready, "checks": found}, status=200 if is_ready else 503)
