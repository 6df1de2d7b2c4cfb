from smtplib import SMTPException

from celery import shared_task

from . import services
from .models import Invitation


@shared_task(autoretry_for=(OSError, SMTPException), retry_backoff=10, max_retries=6)
def send_invitation(invitation_pk: int) -> None:
    services.mail_invitation(
        invitation=Invitation.objects.select_related("partnership", "invited_by").get(pk=invitation_pk)
    )
