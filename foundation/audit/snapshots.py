"""Values as they are written into an entry: plain JSON that PostgreSQL stores and gives back unchanged."""

import math
from collections.abc import Iterable, Mapping, Set
from datetime import date, datetime, time
from typing import Any

from django.db.models import Model


def snapshot(instance: Model, fields: Iterable[str]) -> dict[str, Any]:
    """The named fields of a model instance as JSON-safe values.

    A foreign key is given as the key of the other row, a many-to-many field as the sorted list of keys.
    Raises FieldDoesNotExist for a name that the model does not have.
    """
    values = {}
    for name in fields:
        field = instance._meta.get_field(name)
        if field.many_to_many:
            values[name] = sorted(getattr(instance, name).values_list("pk", flat=True))
        else:
            values[name] = json_safe(field.value_from_object(instance))  # type: ignore[union-attr]
    return values


def json_safe(value: Any) -> Any:  # noqa: PLR0911 - one return for each kind of value
    """The value as JSON: money and dates as strings, mappings and sequences all the way down.

    NUL characters are replaced, because PostgreSQL stores none, and a float that is no number becomes a word.
    """
    match value:
        case None | bool() | int():
            return value
        case float() if math.isfinite(value):
            return value
        case datetime() | date() | time():
            return value.isoformat()
        case Model():
            return {"id": json_safe(value.pk), "label": json_safe(str(value))}
        case Mapping():
            return {json_safe(str(key)): json_safe(item) for key, item in value.items()}
        case Set():
            return sorted((json_safe(item) for item in value), key=str)
        case list() | tuple():
            return [json_safe(item) for item in value]
        case _:
            return str(value).replace("\x00", "\ufffd")
