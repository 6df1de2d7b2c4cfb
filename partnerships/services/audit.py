from collections.abc import Mapping
from typing import Any

from foundation.audit import record

from ..models import Partnership, User


def record_audit_download(
    *, partnership: Partnership, by: User, filters: Mapping[str, Any], count: int
) -> None:
    """The trail says that somebody took so many of its entries away, and which."""
    record(
        by=by,
        action="partnerships.audit_downloaded",
        subject=partnership,
        tenant=partnership.slug,
        after={"entries": count, **{name: value for name, value in filters.items() if value}},
    )
