"""The real system for tests in a browser: web, worker and beat as processes of their own over a real database and a
real broker, with the demonstration loaded. Started once a run, in a database that is dropped afterwards.

    def test_an_officer_sees_the_plan(system, page):
        system.sign_in(page, "officer@demo.example")
        page.goto("/edinburgh/plan/")

`page` is Playwright's own, on Debian's Chromium; addresses are relative to the system's.
"""

from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import watch
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


class Somebody(Protocol):
    """Signs the demonstration person with this address in, in a browser of their own. Returns their page."""

    def __call__(self, email: str, *, width: int = 1440, script: bool = True) -> Page: ...


@pytest.fixture(scope="module")
def somebody(system: System, browser: Browser) -> Iterator[Somebody]:
    contexts = []

    def sign_in(email: str, *, width: int = 1440, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=system.url,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = watch(context.new_page())
        system.sign_in(page, email)
        return page

    yield sign_in
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def own_draft(request: pytest.FixtureRequest, system: System, browser: Browser) -> str:
    """The address of a draft plan of this file's own, "a-draft-to-practise-by-keyboard" for test_by_keyboard: what is
    written into it disturbs no other test.
    """
    practised = request.module.__name__.rpartition(".test_")[2].replace("_", " ")
    address = f"/edinburgh/plan/a-draft-to-practise-{practised.replace(' ', '-')}/"
    page = browser.new_page(base_url=system.url)
    system.sign_in(page, "officer@demo.example")
    page.goto("/edinburgh/plan/new/")
    page.get_by_label("Title").fill(f"A draft to practise {practised}")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Start the plan").click()
    page.wait_for_url(f"**{address}")
    page.close()
    return address
