"""What the public reads of the money as files: a workbook, and a PDF of exactly what the page says."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse

from foundation.documents.assembly import Book, Chapter
from foundation.documents.models import Document
from foundation.documents.registry import DocumentRefused
from foundation.documents.selectors import document_named
from foundation.documents.spreadsheets import Column, Sheet, xlsx_file
from partnerships.models import Partnership, User

from ..charts import public_chart
from ..selectors.public_money import public_money
from ..told import PublicMoney
from .access import may_download

PUBLIC_PDF = "budgets.public_money"
STYLESHEETS = ("documents/print.css", "budgets/accounts.css")
TITLE = "Where the money goes"
COLUMNS = (
    Column("what_it_is_for", "The kind of care", lambda row: row.label),
    Column("paid", "Paid, in pounds", lambda row: row.paid),
    Column("set_aside", "Set aside for large hospitals, in pounds", lambda row: row.set_aside),
    Column("together", "Paid and set aside, in pounds", lambda row: row.together),
    Column("of_every_100", "Pounds out of every 100, with the set-aside", lambda row: row.per_hundred),
    Column("of_every_100_last_year", "The same of the year before, if published", lambda row: row.last_year),
)


def told_xlsx(told: PublicMoney) -> bytes:
    """A workbook of one sheet with what the page says."""
    sheet = Sheet(
        name=TITLE,
        columns=COLUMNS,
        rows=[*told.rows, told.total],
        title=f"{TITLE}, {told.partnership}, {told.year_label}",
        notes=[told.sentence, *([f"Source: {told.source}"] if told.source else [])],
        is_total=lambda row: row.label == told.total.label,
    )
    return xlsx_file([sheet], title=sheet.title)


def told_key(told: PublicMoney) -> str:
    """The PDF of exactly these figures."""
    return f"{told.slug}-{told.year}-{told.sha256[:16]}"


def told_file(told: PublicMoney) -> Document | None:
    """The PDF of exactly what is told, if it was asked for."""
    return document_named(PUBLIC_PDF, told_key(told))


def told_book(document: Document) -> Book:
    """What is in the PDF of what the document froze when it was asked for."""
    content = document.inputs.get("told")
    if not content:
        raise DocumentRefused("The figures that this document was to be made from are not there any more.")
    told = PublicMoney.from_json(content)
    title = f"{TITLE} {told.year_label}"
    context = {"told": told, "chart": public_chart(told), "fingerprint": told.sha256}
    html = render_to_string("budgets/pdf/public_money.html", context)
    return Book(
        title=f"{title}: {told.partnership}",
        running_title=title,
        author=told.partnership,
        description=f"{TITLE}: what was agreed for {told.year_label}, in plain words",
        language="en-GB",
        created=document.requested_at,
        stylesheets=STYLESHEETS,
        chapters=(Chapter(key="money", title=title, html=html),),
    )


def may_download_told(user: User, document: Document) -> bool:
    """Everybody may have what the public page says today; what it said before, those who may read the budget."""
    partnership = Partnership.objects.filter(slug=document.tenant).first()
    told = partnership and public_money(partnership)
    return bool(told and told_key(told) == document.key) or may_download(user, document)


def told_origin(document: Document) -> tuple[str, str]:
    """Where the document's page leads back to."""
    return reverse("public_money:page", args=[document.tenant]), TITLE
