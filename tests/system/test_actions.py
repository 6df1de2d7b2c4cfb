"""Reporting on an action from a phone, and following the golden thread, with and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.checks import check_page

from .conftest import Somebody

PLAN = "/edinburgh/plan/2026-29/"


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_lead_reports_from_a_phone_in_three_steps(somebody: Somebody, script: bool) -> None:
    page = somebody("lead@demo.example", width=320, script=script)
    page.goto("/edinburgh/")
    due = page.get_by_role("listitem").filter(has_text="Health team for people without a home")
    due.get_by_role("link", name=re.compile("Add an update")).first.click()
    words = "Open on four evenings." if script else "Open on five evenings."
    page.get_by_label("What is new?").fill(words)
    page.get_by_role("button", name="Add the update").click()
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("Iain Demo")).first).to_be_visible()
    assert not page.get_by_role("link", name="Change", exact=True).count()


def test_the_thread_is_followed_without_scripts(somebody: Somebody) -> None:
    page = somebody("auditor@demo.example", width=320, script=False)
    page.goto(f"{PLAN}thread/")
    page.get_by_label("Follow the thread of").select_option(label="9. Use of resources")
    page.get_by_role("button", name="Follow").click()
    page.get_by_role("link", name="4. Managing our resources effectively").click()
    expect(
        page.get_by_role("heading", name="Priority: 4. Managing our resources effectively")
    ).to_be_visible()
    expect(page.get_by_text("rests on no evidence of need.")).to_be_visible()
    page.get_by_role("link", name="Prescribing, 2026/27").first.click()
    expect(page.get_by_text("of it is given to priorities")).to_be_visible()


def test_actions_change_places_by_keyboard(somebody: Somebody) -> None:
    page = somebody("officer@demo.example")
    page.goto("/edinburgh/plan/2027-30/priorities/")
    page.get_by_role("link", name="1. Prevention and early intervention").first.click()
    first = page.get_by_role("button", name=re.compile("Down.*Strength and balance"))
    first.focus()
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("link", name="1.2 Strength and balance classes after a first fall")
    ).to_be_visible()
    page.get_by_role("button", name=re.compile("Up.*Strength and balance")).press("Enter")
    expect(
        page.get_by_role("link", name="1.1 Strength and balance classes after a first fall")
    ).to_be_visible()
    check_page(page)
