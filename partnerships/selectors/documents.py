"""Generated files of one partnership."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from foundation.documents import registry
from foundation.documents.models import Document
from foundation.documents.selectors import documents_of

from ..permissions import CHOSEN_BY, LISTED_WITH, Standing

MOST_LISTED = 200


def documents_for(standing: Standing) -> list[Document]:
    """The latest documents of the partnership that this person may download, as their kinds say."""
    latest = documents_of(standing.partnership.slug)[:MOST_LISTED]
    chosen = {
        kind: CHOSEN_BY[kind](standing) for kind in {document.kind for document in latest} & set(CHOSEN_BY)
    }
    return [document for document in latest if _may_download(standing, document, chosen)]


def _may_download(
    standing: Standing, document: Document, chosen: Mapping[str, Callable[[Document], bool]]
) -> bool:
    kind = registry.find(document.kind)
    if kind is None:
        return False
    if wanted := LISTED_WITH.get(kind.code):
        return bool(standing.may(wanted))
    if choice := chosen.get(kind.code):
        return choice(document)
    return kind.may_download(standing.user, document)
