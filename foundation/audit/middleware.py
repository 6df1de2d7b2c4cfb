from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .context import reset_request_id, safe_or_new, set_request_id

HEADER = "X-Request-ID"


class RequestIdMiddleware:
    """Every response carries the identifier under which its log lines and audit entries are found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        identifier = safe_or_new(request.headers.get(HEADER, ""))
        token = set_request_id(identifier)
        try:
            response = self.get_response(request)
        finally:
            reset_request_id(token)
        response[HEADER] = identifier
        return response
