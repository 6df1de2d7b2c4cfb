"""The PDF of an annual financial statement, made from its signed content alone."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse

from foundation.documents.assembly import Book, Chapter
from foundation.documents.models import Document
from foundation.documents.registry import DocumentRefused
from foundation.documents.selectors import document_named
from partnerships.models import Partnership
from partnerships.permissions import standing_of

from .models import FinancialStatement
from .rules import READ_PLAN
from .statements import Statement

STATEMENT_PDF = "strategic_plans.statement"
STYLESHEETS = ("documents/print.css", "strategic_plans/plan-print.css", "strategic_plans/statement-print.css")
LAW = "Annual financial statement under the Public Bodies (Joint Working) (Scotland) Act 2014, section 39"


def statement_key(statement: FinancialStatement) -> str:
    return f"{statement.pk}-{statement.sha256[:16]}"


def statement_file(statement: FinancialStatement) -> Document | None:
    """The statement's PDF, if somebody asked for it."""
    return document_named(STATEMENT_PDF, statement_key(statement))


def statement_book(document: Document) -> Book:
    """What is in the PDF. Raises DocumentRefused if the statement is not there."""
    row = _statement_of(document)
    if row is None:
        raise DocumentRefused("The statement that this document was to be made from is not there any more.")
    statement = Statement.from_json(row.content)
    context = {"statement": statement, "law": LAW, "fingerprint": row.sha256, "pdf": True}
    return Book(
        title=f"Annual financial statement {statement.year}: {statement.partnership}",
        running_title=f"Annual financial statement {statement.year}",
        author=statement.partnership,
        description=LAW,
        language="en-GB",
        created=row.signed_at,
        stylesheets=STYLESHEETS,
        chapters=(
            Chapter(
                key="statement",
                title="Annual financial statement",
                html=render_to_string("strategic_plans/pdf/statement.html", context),
            ),
        ),
    )


def may_download_statement(user: Any, document: Document) -> bool:
    """Everybody may have a published one, others those who may read the plan."""
    row = _statement_of(document)
    if row is None:
        return False
    if hasattr(row, "publication"):
        return True
    partnership = Partnership.objects.filter(slug=document.tenant).first()
    if partnership is None or not user.is_authenticated:
        return False
    return bool(standing_of(user, partnership).may(READ_PLAN))


def statement_origin(document: Document) -> tuple[str, str]:
    return reverse("strategic_plans:statements", args=[document.tenant]), "Annual financial statements"


def _statement_of(document: Document) -> FinancialStatement | None:
    return (
        FinancialStatement.objects.filter(pk=document.inputs.get("statement"))
        .select_related("publication", "plan__partnership")
        .first()
    )
