"""What is kept about people is forgotten when its time is over, as the privacy page says."""

from __future__ import annotations

from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from ..models import Invitation

FAILED_SIGN_INS = timedelta(days=30)
UNUSED_INVITATIONS = timedelta(days=90)


@transaction.atomic
def forget_what_is_over() -> dict[str, int]:
    """Failed sign-ins older than 30 days, ended sessions, and invitations unused for 90 days are gone.

    Returns how many rows of each went. What the audit trail says stays: it is the record of who did what.
    """
    now = timezone.now()
    over = {
        "failed sign-ins": AccessAttempt.objects.filter(attempt_time__lt=now - FAILED_SIGN_INS),
        "failed sign-ins, one by one": AccessFailureLog.objects.filter(
            attempt_time__lt=now - FAILED_SIGN_INS
        ),
        "sessions": Session.objects.filter(expire_date__lt=now),
        "invitations": Invitation.objects.filter(
            accepted_at__isnull=True, expires_at__lt=now - UNUSED_INVITATIONS
        ),
    }
    return {what: rows.delete()[0] for what, rows in over.items()}
