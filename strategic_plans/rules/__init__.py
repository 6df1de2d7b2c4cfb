from .permissions import (
    EDIT_ARRANGEMENTS,
    EDIT_PLAN,
    MAKE_PDF,
    PUBLISH_PLAN,
    READ_PLAN,
    may_download_pdf,
    may_edit_arrangement,
    may_edit_plan,
    may_publish_plan,
)
from .publishing import Check, Fix, can_publish_plan, publication_checks

__all__ = [
    "EDIT_ARRANGEMENTS",
    "EDIT_PLAN",
    "MAKE_PDF",
    "PUBLISH_PLAN",
    "READ_PLAN",
    "Check",
    "Fix",
    "can_publish_plan",
    "may_download_pdf",
    "may_edit_arrangement",
    "may_edit_plan",
    "may_publish_plan",
    "publication_checks",
]
