from __future__ import annotations

from foundation import audit
from foundation.documents.models import Document
from foundation.documents.services import request_document
from foundation.sgds.formats import date_uk
from partnerships.models import User

from ..documents.public_money import PUBLIC_PDF, told_key
from ..documents.report import REPORT, report_key
from ..documents.set_aside import SET_ASIDE_PDF, use_key
from ..models import Close, SetAsideReport
from ..refusals import MoneyRefused
from ..selectors.set_aside import reported_use
from ..told import PublicMoney


def request_report(*, close: Close, by: User) -> Document:
    """The PDF of the close's report is there or being made."""
    partnership = close.period.budget.partnership
    return request_document(
        kind=REPORT,
        key=report_key(close),
        label=f"Finance report {close}",
        tenant=partnership.slug,
        by=by,
        inputs={"close": close.pk},
    )


def request_set_aside_pdf(*, report: SetAsideReport, by: User) -> Document:
    """The PDF of the report as it was made is there or being made. Raises MoneyRefused before that."""
    if report.reported_at is None:
        raise MoneyRefused(
            "The health board has not made this report yet. There is nothing to make a PDF of."
        )
    partnership = report.budget.partnership
    return request_document(
        kind=SET_ASIDE_PDF,
        key=use_key(report),
        label=f"Set-aside report to {date_uk(report.ends_on)} ({partnership.short_name})",
        tenant=partnership.slug,
        by=by,
        inputs={"report": report.pk, "use": reported_use(report).to_json()},
    )


def request_public_pdf(*, told: PublicMoney, by: User) -> Document:
    """The PDF of exactly what the public reads of the money is there or being made."""
    return request_document(
        kind=PUBLIC_PDF,
        key=told_key(told),
        label=f"Where the money goes {told.year_label} ({told.partnership})",
        tenant=told.slug,
        by=by,
        inputs={"told": told.to_json()},
    )


def record_report_taken(user: User, document: Document) -> None:
    """The trail says who took the report."""
    audit.record(by=user, action="budgets.report_taken", subject=document.label, tenant=document.tenant)
