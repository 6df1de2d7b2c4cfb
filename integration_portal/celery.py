import ctypes
import logging.config
import os
import signal
import sys
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integration_portal.settings.local")

app = Celery("integration_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add("integration_portal.heartbeat:HeartbeatStep")

PR_SET_PDEATHSIG = 1


@setup_logging.connect
def log_as_the_web_does(**_: Any) -> None:
    """Worker and beat write the same lines as web; with this receiver Celery sets up no logging of its own."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@worker_process_init.connect
def end_with_worker(**_: Any) -> None:
    """A pool process ends with its worker: left alone it would finish a task that another worker starts again."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
