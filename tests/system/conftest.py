"""The real system for tests in a browser: web, worker and beat as processes of their own over a real database and a
real broker, with the demonstration loaded. Started once a run, in a database that is dropped afterwards.

    def test_an_officer_sees_the_plan(system, page):
        system.sign_in(page, "officer@demo.example")
        page.goto("/edinburgh/plan/")

`page` is Playwright's own, on Debian's Chromium; addresses are relative to the system's.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.runtime.running import System, start_system

# One machine carries the system, its broker, its database and the browser: an answer may take its time.
expect.set_options(timeout=20_000)

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
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with start_system(tmp_path_factory.mktemp("system")) as running:
        yield running


@pytest.fixture(scope="session")
def base_url(system: System) -> str:
    return system.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": str(chromium()), "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}


def chromium() -> Path:
    """Debian's Chromium. Without it browser tests fail where CI is set, and are skipped with the reason elsewhere."""
    found = shutil.which("chromium")
    if found is None:
        reason = "Chromium is missing: apt-get install chromium"
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(reason)
        pytest.skip(reason)
    return Path(found)
