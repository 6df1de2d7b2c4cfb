from __future__ import annotations

from foundation import audit
from foundation.documents.models import Document
from foundation.documents.services import request_document
from partnerships.models import User

from ..documents.directions import LETTER, letter_key
from ..models import Direction
from ..refusals import MoneyRefused


def request_letter(*, direction: Direction, by: User) -> Document:
    """The letter of the issued direction is there or being made. Raises MoneyRefused for a draft."""
    if not direction.is_issued:
        raise MoneyRefused("A letter is made of what was issued. Issue the direction first.")
    return request_document(
        kind=LETTER,
        key=letter_key(direction),
        label=f"Direction {direction.reference}: {direction.title}",
        tenant=direction.partnership.slug,
        by=by,
        inputs={"direction": direction.pk},
    )


def record_letter_taken(user: User, document: Document) -> None:
    """The trail says who took the letter."""
    audit.record(by=user, action="budgets.letter_taken", subject=document.label, tenant=document.tenant)
