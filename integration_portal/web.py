"""How gunicorn serves the portal: `gunicorn --config python:integration_portal.web integration_portal.wsgi`."""

import ctypes
import os
import signal
import sys
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from gunicorn.glogging import Logger

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integration_portal.settings.production")

PR_SET_PDEATHSIG: Final = 1


class RequestLogger(Logger):
    """One line a request, with the fields that one searches for and the request id that the response carried."""

    def access(
        self,
        resp: Any,
        req: Any,  # noqa: ARG002 - gunicorn's signature
        environ: dict[str, Any],
        request_time: timedelta,
    ) -> None:
        status = int(str(resp.status).split(maxsplit=1)[0])
        milliseconds = round(request_time.total_seconds() * 1000)
        sent = {name.lower(): value for name, value in resp.headers}
        method, path = environ.get("REQUEST_METHOD", ""), environ.get("PATH_INFO", "")
        self.access_log.info(
            "%s %s %s in %s ms",
            method,
            path,
            status,
            milliseconds,
            extra={
                "method": method,
                "path": path,
                "status": status,
                "milliseconds": milliseconds,
                "request_id": sent.get("x-request-id", ""),
            },
        )


bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 20
max_requests = 2000
max_requests_jitter = 200
preload_app = True
control_socket_disable = True
accesslog = "-"
logger_class = RequestLogger
logconfig_dict = settings.LOGGING
# The sign of life between master and workers belongs in memory, not on a disk that may be slow.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - gunicorn makes an unnamed file


def post_fork(server: Any, worker: Any) -> None:  # noqa: ARG001 - gunicorn calls it with both
    """A worker ends with its master: one that is left alone would hold the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
