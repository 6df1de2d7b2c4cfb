import logging

from celery import shared_task

from foundation.announcing import announce

from . import services
from .models import Invitation

logger = logging.getLogger(__name__)


@shared_task
def send_invitation(pk: int) -> None:
    """The mail of this invitation has gone out, unless it had before or the offer is over."""
    services.mail_invitation(invitation=Invitation(pk=pk))


@shared_task(expires=300)
def sweep_invitations() -> None:
    """Mails that could not be sent are tried again."""
    services.mail_waiting_invitations()


@shared_task(expires=3600)
def forget_what_is_over() -> None:
    """The privacy page's periods are kept: once a day what is over is forgotten."""
    logger.info("forgotten: %s", services.forget_what_is_over())


def enqueue(invitation: Invitation) -> None:
    """A worker is told to send the mail."""
    announce(send_invitation, invitation.pk)
