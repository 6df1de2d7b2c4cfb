from .permissions import (
    EDIT_ARRANGEMENTS,
    EDIT_PLAN,
    MAKE_PDF,
    PUBLISH_PLAN,
    READ_PLAN,
    UPDATE_ACTIONS,
    may_assign_actions,
    may_download_pdf,
    may_edit_arrangement,
    may_edit_plan,
    may_publish_plan,
    may_update_action,
)
from .publishing import Check, Fix, can_publish_plan, publication_checks

__all__ = [
    "EDIT_ARRANGEMENTS",
    "EDIT_PLAN",
    "MAKE_PDF",
    "PUBLISH_PLAN",
    "READ_PLAN",
    "UPDATE_ACTIONS",
    "Check",
    "Fix",
    "can_publish_plan",
    "may_assign_actions",
    "may_download_pdf",
    "may_edit_arrangement",
    "may_edit_plan",
    "may_publish_plan",
    "may_update_action",
    "publication_checks",
]
