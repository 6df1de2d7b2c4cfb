"""Every page that a person may open, in a real browser: axe, links of errors, keyboard, targets, no sideways scroll."""

import pytest
from playwright.sync_api import Browser

from tests.browser.checks import page_faults, watch
from tests.runtime.running import System

PLAN = "/edinburgh/plan/2026-29/"
DRAFT = "/edinburgh/plan/2027-30/"
PAGES = {
    "": ["/", "/about/", "/about/accessibility/", "/about/privacy/", "/accounts/login/", "/accounts/password/reset/",
         "/published/", "/published/edinburgh/", "/published/edinburgh/2026-29/",
         "/published/edinburgh/2026-29/needs/", "/published/edinburgh/2026-29/versions/", "/published/verify/",
         "/published/edinburgh/2026-29/versions/1/tables/", "/published/edinburgh/2026-29/versions/1/changes/",
         "/published/edinburgh/2026-29/versions/1/variants/summary/",
         "/published/edinburgh/2026-29/versions/1/variants/locality-edinburgh-north-east/"],
    "officer@demo.example": [
        "/edinburgh/", "/edinburgh/plan/", "/edinburgh/plan/new/", PLAN, f"{PLAN}versions/", f"{PLAN}versions/1/",
        DRAFT, f"{DRAFT}details/", f"{DRAFT}sections/needs/", f"{DRAFT}sections/needs/history/",
        f"{DRAFT}sections/needs/history/1/", f"{DRAFT}sections/needs/about/", f"{DRAFT}localities/",
        f"{DRAFT}sections/", f"{DRAFT}add-section/", f"{DRAFT}sections/needs/remove/", f"{DRAFT}comments/",
        f"{DRAFT}sections/needs/comments/?on=1", f"{DRAFT}sections/needs/comments/?whole=1",
        f"{DRAFT}priorities/", f"{DRAFT}priorities/new/", f"{DRAFT}priorities/7/",
        f"{DRAFT}priorities/7/change/", f"{DRAFT}priorities/7/actions/new/", f"{DRAFT}actions/27/change/",
        f"{PLAN}actions/", f"{PLAN}actions/3/", f"{PLAN}actions/3/update/", f"{PLAN}actions/3/owner/",
        f"{DRAFT}thread/", f"{DRAFT}thread/?at=outcome-9", f"{PLAN}thread/?at=place-area",
        f"{DRAFT}check/", f"{DRAFT}preview/", f"{DRAFT}versions/", f"{PLAN}variants/", f"{PLAN}variants/easy-read/",
        "/edinburgh/money/", "/edinburgh/money/2020/", "/edinburgh/outcomes/", "/edinburgh/outcomes/2/",
        "/edinburgh/outcomes/indicators/", "/edinburgh/outcomes/indicators/ni-14/",
        "/edinburgh/outcomes/indicators/ni-22/", "/edinburgh/engagement/", "/edinburgh/engagement/promises/",
        "/edinburgh/engagement/coverage/", "/edinburgh/localities/", "/edinburgh/localities/edinburgh-north-east/",
        "/edinburgh/documents/", "/edinburgh/access/", "/edinburgh/scheme/", "/edinburgh/search/?q=carers",
    ],
    "lead@demo.example": [
        "/edinburgh/", "/edinburgh/engagement/log/", f"{DRAFT}localities/edinburgh-north-east/",
        "/edinburgh/localities/edinburgh-north-east/change/", f"{PLAN}actions/?owner=me", f"{PLAN}actions/6/update/",
    ],
    "finance@demo.example": [
        "/edinburgh/money/2026/", "/edinburgh/money/2026/months/", "/edinburgh/money/2026/months/7/figures/",
        "/edinburgh/money/2026/months/6/report/1/", "/edinburgh/money/2026/movements/virements/2/",
        "/edinburgh/money/2026/recovery/", "/edinburgh/money/2027/",
        "/edinburgh/money/2027/allocate/", "/edinburgh/money/2026/contributions/",
        "/edinburgh/money/2026/reserves/", "/edinburgh/money/2026/reserves/move/", "/edinburgh/money/2026/savings/",
        "/edinburgh/money/2026/savings/add/", "/edinburgh/money/2026/risks/", "/edinburgh/money/2026/risks/add/",
        "/edinburgh/money/medium-term/2027/",
        "/edinburgh/money/medium-term/2027/expected/", "/edinburgh/money/2020/categories/",
        "/edinburgh/money/2020/balance-of-care/", "/published/edinburgh/money/",
        "/edinburgh/money/2026/lines/", "/edinburgh/money/2027/lines/add/", "/edinburgh/money/open/",
        "/edinburgh/money/2026/offers/", "/edinburgh/money/2026/diligence/", "/edinburgh/money/2026/payments/",
        "/edinburgh/money/2026/directed/", "/edinburgh/money/2026/set-aside/", "/edinburgh/money/2026/trail/",
        "/edinburgh/money/directions/", "/edinburgh/money/directions/coverage/", "/edinburgh/money/directions/add/",
        "/edinburgh/plan/statements/",
    ],
    "chief@demo.example": [
        f"{DRAFT}publish/", f"{PLAN}versions/1/correct/?part=foreword", "/edinburgh/localities/leads/",
        "/edinburgh/scheme/change/",
    ],
    "group@demo.example": ["/edinburgh/", f"{DRAFT}sections/needs/comments/?on=1"],
    "auditor@demo.example": [
        "/edinburgh/", "/edinburgh/audit/", "/edinburgh/audit/check/", f"{PLAN}actions/3/", f"{PLAN}thread/",
    ],
    "admin@demo.example": [
        "/edinburgh/administer/", "/edinburgh/administer/invite/", "/edinburgh/administer/invitations/",
        "/edinburgh/administer/support/", "/accounts/2fa/", "/accounts/password/change/",
    ],
    "national@demo.example": ["/national/"],
    "support@demo.example": ["/edinburgh/"],
    "angus@demo.example": ["/angus/", "/angus/plan/", "/angus/money/", "/angus/engagement/", "/angus/documents/"],
}  # fmt: skip
WIDTHS = (1440, 320)


@pytest.mark.parametrize("email", PAGES, ids=lambda email: email.partition("@")[0] or "anybody")
def test_pages_pass_in_a_browser(system: System, browser: Browser, email: str) -> None:
    context = browser.new_context(
        base_url=system.url,
        viewport={"width": 1440, "height": 900},
        locale="en-GB",
        timezone_id="Europe/London",
    )
    page = watch(context.new_page())
    if email:
        system.sign_in(page, email)
    found = []
    for address in PAGES[email]:
        answer = page.goto(address)
        assert answer
        assert answer.status == 200, f"{address} answers {answer.status}"
        for width in WIDTHS:
            found += [f"{address} at {width} px: {fault}" for fault in page_faults(page, width=width)]
    context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("email", "address", "status"),
    [
        ("", "/nowhere/at/all/", 404),
        ("officer@demo.example", "/angus/", 404),
        ("officer@demo.example", f"{DRAFT}publish/", 403),
    ],
)
def test_pages_of_refusal_pass_too(
    system: System, browser: Browser, email: str, address: str, status: int
) -> None:
    context = browser.new_context(base_url=system.url, viewport={"width": 1440, "height": 900})
    page = watch(context.new_page())
    if email:
        system.sign_in(page, email)
    answer = page.goto(address)
    assert answer
    assert answer.status == status
    for width in WIDTHS:
        assert page_faults(page, width=width, expected_reports=(str(status),)) == []
    context.close()
