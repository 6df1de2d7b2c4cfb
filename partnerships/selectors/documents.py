"""Generated files of one partnership."""

from __future__ import annotations

from foundation.documents import registry
from foundation.documents.models import Document
from foundation.documents.selectors import documents_of

from ..permissions import LISTED_WITH, Standing

MOST_LISTED = 200


def documents_for(standing: Standing) -> list[Document]:
    """The latest documents of the partnership that this person may download, as their kinds say."""
    latest = documents_of(standing.partnership.slug)[:MOST_LISTED]
    return [document for document in latest if _may_download(standing, document)]


def _may_download(standing: Standing, document: Document) -> bool:
    kind = registry.find(document.kind)
    if kind is None:
        return False
    if wanted := LISTED_WITH.get(kind.code):
        return bool(standing.may(wanted))
    return kind.may_download(standing.user, document)
