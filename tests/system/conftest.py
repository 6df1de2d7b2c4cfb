"""The real system for tests in a browser: web, worker and beat as processes of their own over a real database and a
real broker, with the demonstration loaded. Started once a run, in a database that is dropped afterwards.

    def test_an_officer_sees_the_plan(system, page):
        system.sign_in(page, "officer@demo.example")
        page.goto("/edinburgh/plan/")

`page` is Playwright's own, on Debian's Chromium; addresses are relative to the system's.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.runtime.running import System, start_system

# One machine carries the system, its broker, its database and the browser: an answer may take its time.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with start_system(tmp_path_factory.mktemp("system")) as running:
        yield running


@pytest.fixture(scope="session")
def base_url(system: System) -> str:
    return system.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}
