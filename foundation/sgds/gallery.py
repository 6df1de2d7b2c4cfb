"""What the gallery shows. Invented figures, chosen to be awkward."""

from typing import Any

from django.http import QueryDict


def components(posted: QueryDict | None, query: QueryDict) -> dict[str, Any]:
    return {}


def workspace() -> dict[str, Any]:
    return {}


def reading() -> dict[str, Any]:
    return {}
