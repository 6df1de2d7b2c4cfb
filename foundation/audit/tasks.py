from celery import shared_task

from . import sealing


@shared_task(expires=30)
def seal_entries() -> None:
    """Entries that have been committed since the last run are sealed."""
    sealing.seal_entries()
