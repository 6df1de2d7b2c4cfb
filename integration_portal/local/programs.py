"""The portal's own programs as children: manage.py, web, worker and beat."""

import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from .supervisor import Program

CHECKOUT: Final = Path(__file__).resolve().parents[2]
WORKER_PROCESSES: Final = 2


def management(environment: Mapping[str, str], *arguments: str) -> Program:
    """`manage.py` with these arguments, run to its end."""
    return Program(
        name=f"manage.py {arguments[0]}",
        command=[sys.executable, str(CHECKOUT / "manage.py"), *arguments],
        environment=environment,
        folder=str(CHECKOUT),
    )


def web(environment: Mapping[str, str], *, bind: str, keeps_open: tuple[int, ...] = ()) -> Program:
    """Gunicorn, listening where `bind` says (host:port, or fd://N for a socket that is already open)."""
    return Program(
        name="web",
        command=[
            sys.executable, "-m", "gunicorn", "--config", "python:integration_portal.web",
            "--bind", bind, "integration_portal.wsgi",
        ],
        environment=environment,
        when_orphaned=signal.SIGTERM,
        folder=str(CHECKOUT),
        keeps_open=keeps_open,
    )  # fmt: skip


def worker(environment: Mapping[str, str], *, name: str = "worker") -> Program:
    """A Celery worker that builds documents and runs the sweeps.

    Without Django's checks, which each manage.py command runs: they load every page, and no worker shows one.
    """
    return Program(
        name="worker",
        command=[
            sys.executable, "-m", "celery", "--quiet", "--skip-checks", "--app", "integration_portal", "worker",
            "--concurrency", str(WORKER_PROCESSES), "--hostname", f"{name}@%h",
            "--without-gossip", "--without-mingle", "--loglevel", "INFO",
        ],
        environment=environment,
        folder=str(CHECKOUT),
    )  # fmt: skip


def beat(environment: Mapping[str, str]) -> Program:
    """Celery's clock, which enqueues the sweeps."""
    return Program(
        name="beat",
        command=[
            sys.executable, "-m", "celery", "--quiet", "--app", "integration_portal", "beat",
            "--loglevel", "INFO",
        ],
        environment=environment,
        when_orphaned=signal.SIGTERM,
        folder=str(CHECKOUT),
    )  # fmt: skip
