"""The health board's report on the set-aside as a PDF. The same report is the same file."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse

from foundation.documents.assembly import Book, Chapter
from foundation.documents.models import Document
from foundation.documents.registry import DocumentRefused
from foundation.documents.selectors import document_named
from foundation.sgds.formats import date_uk

from ..models import SetAsideReport
from ..reported import ReportedUse

SET_ASIDE_PDF = "budgets.set_aside_report"
STYLESHEETS = ("documents/print.css", "budgets/accounts.css")
LAW = (
    "Report on the use of amounts set aside, Public Bodies (Joint Working) (Scotland) Act 2014, section 28(5)"
)


def use_key(report: SetAsideReport) -> str:
    """The report as it was made: one that is opened again and made anew is another file."""
    return f"{report.pk}-{report.revision}"


def use_file(report: SetAsideReport) -> Document | None:
    """The PDF of the report as it was made, if it was asked for."""
    return document_named(SET_ASIDE_PDF, use_key(report))


def use_book(document: Document) -> Book:
    """What is in the PDF of the report that the document froze when it was asked for."""
    content = document.inputs.get("use")
    if not content:
        raise DocumentRefused("The report that this document was to be made from is not there any more.")
    use = ReportedUse.from_json(content)
    title = f"Set-aside report to {date_uk(use.ends_on)}"
    context = {"use": use, "law": LAW, "fingerprint": use.sha256}
    html = render_to_string("budgets/pdf/set_aside.html", context)
    return Book(
        title=f"{title}: {use.partnership}",
        running_title=title,
        author=use.partnership,
        description=LAW,
        language="en-GB",
        created=document.requested_at,
        stylesheets=STYLESHEETS,
        chapters=(Chapter(key="set-aside", title=title, html=html),),
    )


def use_origin(document: Document) -> tuple[str, str]:
    """Where the document's page leads back to."""
    report = (
        SetAsideReport.objects.filter(
            pk=document.inputs.get("report"), budget__partnership__slug=document.tenant
        )
        .select_related("budget__partnership")
        .first()
    )
    if report is None:
        return reverse("budgets:list", args=[document.tenant]), "Money"
    return report.get_absolute_url(), "Set-aside report"
