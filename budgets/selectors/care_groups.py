"""The care groups of a partnership."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from partnerships.models import Partnership

from ..models import CareGroup


def care_groups_of(partnership: Partnership) -> QuerySet[CareGroup]:
    """The partnership's care groups by name, each with the number of lines of all years that are for it (`used`)."""
    return CareGroup.objects.for_partnership(partnership).annotate(used=Count("lines")).order_by("name")
