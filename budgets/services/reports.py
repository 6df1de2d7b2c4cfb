from __future__ import annotations

from foundation import audit
from foundation.documents.models import Document
from foundation.documents.services import request_document
from partnerships.models import User

from ..documents.report import REPORT, report_key
from ..models import Close


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


def record_report_taken(user: User, document: Document) -> None:
    """The trail says who took the report."""
    audit.record(by=user, action="budgets.report_taken", subject=document.label, tenant=document.tenant)
