import logging

from celery import shared_task

from . import services

logger = logging.getLogger(__name__)


@shared_task(expires=3600)
def forget_copies() -> None:
    """Unsaved texts to which nobody came back are forgotten, once a day."""
    logger.info("unsaved texts forgotten: %s", services.forget_copies())
