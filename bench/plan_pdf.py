"""How long the demonstration plan's PDF takes in a process of its own, and how much memory."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class PdfResult:
    pages: int
    seconds: float
    peak_megabytes: float
    kilobytes: float


def measure() -> PdfResult:
    """One render from the published version's snapshot, as the worker does it, without the queue."""
    import io

    import pikepdf

    from strategic_plans.documents import build_plan_pdf
    from strategic_plans.models import PlanVersion

    version = PlanVersion.objects.filter(plan__partnership__slug="edinburgh").first()
    assert version, "load the demonstration first"
    start = time.perf_counter()
    data = build_plan_pdf(version, progress=lambda *_: None)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return PdfResult(len(pdf.pages), seconds, peak, len(data) / 1024)


def main() -> None:
    import json
    from dataclasses import asdict

    import django

    django.setup()
    print(json.dumps(asdict(measure())))


if __name__ == "__main__":
    main()
