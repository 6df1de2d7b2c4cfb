"""Who may have the files that are made of the money. Asked on every download."""

from __future__ import annotations

from foundation.documents.models import Document
from partnerships.models import Partnership, User
from partnerships.permissions import standing_of

from ..rules import VIEW_BUDGETS


def may_download(user: User, document: Document) -> bool:
    """Whoever may read the budget may have what is made of it."""
    partnership = Partnership.objects.filter(slug=document.tenant).first()
    if partnership is None or not user.is_authenticated:
        return False
    return bool(standing_of(user, partnership).may(VIEW_BUDGETS))
