"""What the audit trail keeps of a row: words and dates that stay readable when the row and its neighbours are gone."""

from collections.abc import Iterable
from typing import Any

from django.db.models import ForeignKey, Model


def facts_of(row: Model, fields: Iterable[str]) -> dict[str, Any]:
    """The fields by name: choices as their labels, keys as the names of what they point at."""
    return {name: _fact(row, name) for name in fields}


def _fact(row: Model, name: str) -> Any:
    field = row._meta.get_field(name)
    value = getattr(row, name)
    if isinstance(field, ForeignKey):
        return str(value) if value else None
    if getattr(field, "choices", None):
        return getattr(row, f"get_{name}_display")()
    return value
