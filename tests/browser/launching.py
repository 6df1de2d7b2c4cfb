"""Which browser the tests drive, and how it is started. A plugin of pytest, named in tests/conftest.py."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

# Playwright keeps an event loop in the main thread; Django would refuse every query of the tests that come after.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# Flags without which Chromium asks the outside world or its sandbox for things that a test machine lacks.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": str(chromium()), "args": CHROMIUM_FLAGS}


def chromium() -> Path:
    """Debian's Chromium. Without it browser tests fail where CI is set, and are skipped with the reason elsewhere."""
    found = shutil.which("chromium")
    if found is None:
        reason = "Chromium is missing: apt-get install chromium"
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(reason)
        pytest.skip(reason)
    return Path(found)
