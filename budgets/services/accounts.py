from __future__ import annotations

from foundation.documents.models import Document
from foundation.documents.services import request_document
from partnerships.models import User

from ..accounted import CategoryTable
from ..documents.accounts import CATEGORY_PDF, table_key
from ..refusals import MoneyRefused


def request_category_pdf(*, table: CategoryTable, by: User) -> Document:
    """There is a document of exactly this table, waiting or made; equal figures are the same document.

    The table goes with the request, so that the file says what the page said. Raises MoneyRefused for a year without
    figures.
    """
    this = table.this
    if this.missing:
        raise MoneyRefused(f"{this.missing} There is nothing to make a PDF of.")
    return request_document(
        kind=CATEGORY_PDF,
        key=table_key(table),
        label=f"Spend by category {this.label} ({table.partnership})",
        tenant=table.slug,
        by=by,
        inputs={"year": this.year, "table": table.to_json()},
    )
