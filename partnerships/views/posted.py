from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent for a form to check, even if it is nothing; None while the form is only shown."""
    return request.POST if request.method == "POST" else None
