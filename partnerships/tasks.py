import logging

from celery import shared_task
from kombu.exceptions import OperationalError

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
    """A worker is told to send the mail. If no broker answers, the sweep will send it."""
    try:
        send_invitation.apply_async((invitation.pk,), retry_policy={"max_retries": 1, "interval_start": 0.1})
    except OperationalError:
        logger.warning(
            "the broker did not take invitation %s; the sweep will send it", invitation.pk, exc_info=True
        )
