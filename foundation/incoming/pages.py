"""What people see while a file is being read."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from .models import IncomingFile


def progress_part(
    request: HttpRequest, row: IncomingFile, template: str, context: dict[str, Any]
) -> HttpResponse:
    """The part that tells where the reading is; nothing (204) if the browser has it, and its page again at the end."""
    if not request.headers.get("HX-Request"):
        return redirect(row)
    if not row.is_waiting:
        return HttpResponse(headers={"HX-Redirect": row.get_absolute_url()})
    if request.GET.get("step") == row.where_it_is:
        return HttpResponse(status=204)
    return render(request, template, {**context, "import": row, "step": row.where_it_is})
