"""Times and memory of the portal's own way: a row is written, a worker is woken, and the file is there."""

from __future__ import annotations

import re
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

ROUNDS = 5
_PATIENCE_SECONDS = 180
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True)
class Times:
    """Seconds of each round."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        return f"{self.median:.2f} s ({min(self.seconds):.2f} to {max(self.seconds):.2f})"


def timed(
    work: Callable[[int], float], rounds: int = ROUNDS, before: Callable[[], object] = lambda: None
) -> Times:
    """The seconds that `work` says it took, called with the number of the round; `before` is not counted."""
    seconds = []
    for number in range(rounds):
        before()
        seconds.append(work(number))
    return Times(tuple(seconds))


def by_the_clock(work: Callable[[], object]) -> float:
    """Seconds until `work` has come back."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@contextmanager
def worker(environment: dict[str, str], log: Path) -> Iterator[Worker]:
    """A Celery worker with two processes, as script/server starts it, warm."""
    from integration_portal.local import programs

    program = programs.worker(environment, name="bench")
    with log.open("wb") as output:
        process = subprocess.Popen(
            program.command, env=dict(program.environment), cwd=program.folder, stdout=output, stderr=output
        )
    try:
        yield Worker(process)
    finally:
        process.terminate()
        process.wait(30)


@dataclass(frozen=True)
class Worker:
    process: subprocess.Popen[bytes]

    @property
    def peaks(self) -> list[int]:
        """The most memory that each pool process has used so far, in megabytes, the largest first."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        found = [_PEAK.search(Path(f"/proc/{child}/status").read_text()) for child in children]
        return sorted((int(one[1]) // 1024 for one in found if one), reverse=True)


@dataclass(frozen=True)
class Made:
    data: bytes
    seconds: float


def made(snapshot_pk: int) -> Made:
    """The snapshot's PDF, asked for anew, with the time that its row tells, from the request to the kept file.

    The row is looked at ten times a second: more often would take a twentieth of the machine from the workers.
    """
    from foundation.documents.models import Document
    from foundation.documents.services import request_document
    from foundation.documents.tasks import enqueue
    from strategic_plans.selectors.plans import PLAN_PDF

    asked = {"label": "Bench", "tenant": "edinburgh", "by": None, "inputs": {"snapshot": snapshot_pk}}
    document = request_document(kind=PLAN_PDF, key=f"bench-{uuid4()}", **asked)
    enqueue(document)
    patience = time.monotonic() + _PATIENCE_SECONDS
    while document.is_under_way and time.monotonic() < patience:
        time.sleep(0.1)
        document.refresh_from_db()
    assert document.is_ready, f"{document.state}: {document.error}"
    assert document.finished_at
    Document.objects.filter(pk=document.pk).delete()
    with document.file.open("rb") as file:
        return Made(file.read(), (document.finished_at - document.requested_at).total_seconds())
