import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.audit import SYSTEM, record
from foundation.audit.models import Entry, Seal
from foundation.audit.sealing import seal_entries
from foundation.documents.spreadsheets import harmless
from partnerships.enums import Role
from partnerships.selectors import action_words
from partnerships.selectors.audit import in_words

AUDIT = "/angus/audit/"


@pytest.fixture
def at(sign_in, auditor):
    return sign_in(auditor)


@pytest.fixture
def trail(officer, clerk, partnership):
    """Three acts here and one elsewhere."""
    record(
        by=officer,
        action="budgets.line_changed",
        subject="Care at home",
        tenant="angus",
        before={"amount": "100.00", "agreed_on": None, "is_final": False},
        after={"amount": "250.00", "agreed_on": "2026-11-21", "is_final": False},
        reason="=1+1 Recount",
    )
    record(by=clerk, action="partnerships.scheme_changed", subject=partnership, tenant="angus")
    record(by=SYSTEM, action="budgets.year_opened", subject="2026/27", tenant="angus")
    record(by=clerk, action="budgets.line_changed", subject="Elsewhere", tenant="moray", before={}, after={})
    return Entry.objects.order_by("pk")


def text_of(response):
    return " ".join(response.content.decode().split())


def subjects(response):
    return [entry.subject_label for entry, _ in response.context["rows"]]


READERS = {Role.AUDITOR, Role.CHIEF_OFFICER, Role.CHIEF_FINANCE_OFFICER, Role.ADMINISTRATOR}


@pytest.mark.parametrize("path", ["", "1/", "check/", "entries.csv"])
def test_who_reads_the_trail(cast, sign_in, path):
    for role, user in cast.items():
        status = sign_in(user).get(AUDIT + path).status_code
        if role is Role.NATIONAL_VIEWER:
            assert status == 404
        elif role in READERS:
            assert status in {200, 404}, role
        else:
            assert status == 403, role


def test_the_latest_acts_of_this_partnership_come_first(at, trail):
    page = at.get(AUDIT)
    assert subjects(page) == ["2026/27", "Angus", "Care at home"]
    assert "Line changed" in text_of(page)
    assert "Elsewhere" not in text_of(page)


def test_filters_live_in_the_address(at, trail, officer, clerk):
    today = timezone.localdate()
    cases = {
        f"person={officer.pk}": ["Care at home"],
        f"person={clerk.pk}": ["Angus"],
        "action=budgets.line_changed": ["Care at home"],
        "q=recount": ["Care at home"],
        f"since={today + timedelta(days=1)}": [],
        f"until={today - timedelta(days=1)}": [],
        f"since={today}&until={today}": ["2026/27", "Angus", "Care at home"],
        "person=nobody&action=made.up": ["2026/27", "Angus", "Care at home"],
        "since=soon": ["2026/27", "Angus", "Care at home"],
    }
    for query, expected in cases.items():
        assert subjects(at.get(f"{AUDIT}?{query}")) == expected, query
    assert "Enter a real date" in text_of(at.get(f"{AUDIT}?since=soon"))
    assert "before the first" in text_of(at.get(f"{AUDIT}?since=2026-11-21&until=2026-11-01"))
    assert "No entry fits" in text_of(at.get(f"{AUDIT}?q=nothing-like-it"))


def test_long_lists_have_pages_that_keep_the_filters(at, officer, partnership):
    for number in range(55):
        record(by=officer, action="budgets.line_changed", subject=f"Line {number}", tenant="angus")
    page = at.get(f"{AUDIT}?q=line&page=2")
    assert len(subjects(page)) == 5
    assert "?q=line&amp;page=1" in text_of(page)
    assert len(subjects(at.get(f"{AUDIT}?page=999"))) == 5


def test_an_entry_shows_before_and_after_in_words(at, trail):
    page = text_of(at.get(f"{AUDIT}{trail[0].pk}/"))
    assert "Line changed" in page
    facts = {row.name: row for row in at.get(f"{AUDIT}{trail[0].pk}/").context["found"].facts}
    assert list(facts) == ["Amount", "Agreed on", "Is final"]
    assert (facts["Agreed on"].before, facts["Agreed on"].after) == ("not recorded", "21 November 2026")
    assert (facts["Amount"].before, facts["Amount"].after, facts["Amount"].changed) == (
        "100.00",
        "250.00",
        True,
    )
    assert (facts["Is final"].before, facts["Is final"].changed) == ("no", False)
    assert "waits for the next seal" in page


@pytest.mark.parametrize(
    ("side", "heading"), [("before", "What was there before"), ("after", "What was recorded")]
)
def test_what_came_or_went_is_listed_without_empty_facts(at, officer, side, heading):
    facts = {side: {"role": "Clerk", "ends_on": None, "note": "", "is_interim": False}}
    entry = record(by=officer, action="partnerships.role_granted", subject="A role", tenant="angus", **facts)
    response = at.get(f"{AUDIT}{entry.pk}/")
    assert heading in text_of(response)
    assert [row.name for row in response.context["found"].facts] == ["Role", "Is interim"]


def test_an_entry_of_another_partnership_does_not_exist_here(at, trail):
    assert at.get(f"{AUDIT}{trail[3].pk}/").status_code == 404
    assert at.get(f"{AUDIT}999999999/").status_code == 404


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (None, "not recorded"),
        ("", "not recorded"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        ("2027-03-31", "31 March 2027"),
        ("2027-13-45", "2027-13-45"),
        ("2026-06-21T12:30:00+00:00", "21 June 2026, 13:30"),
        ([], "none"),
        (["a", 2], "a, 2"),
        ({"starts_on": "2027-03-31"}, "starts on: 31 March 2027"),
    ],
)
def test_values_in_words(kept, words):
    assert in_words(kept) == words


def test_acts_in_words():
    assert action_words("partnerships.role_granted") == "Role granted"


def test_how_far_the_trail_is_sealed_is_said(at, trail):
    assert "Nothing is sealed yet" in text_of(at.get(AUDIT))
    seal_entries()
    page = text_of(at.get(AUDIT))
    assert "Sealed up to" in page
    assert "Every entry is sealed" in page
    entry = text_of(at.get(f"{AUDIT}{trail[0].pk}/"))
    assert "waits for the next seal" not in entry


def test_the_whole_chain_is_checked_on_demand(at, trail):
    seal_entries()
    page = text_of(at.get(f"{AUDIT}check/"))
    assert "The trail is whole" in page
    assert Seal.objects.get().digest in page


def test_a_broken_chain_is_said(at, trail, monkeypatch):
    from foundation.audit import selectors

    report = selectors.ChainReport(1, 3, 0, 1, "abc", timezone.now(), ["Seal 1 does not match its entries."])
    monkeypatch.setattr(selectors, "verify_chain", lambda: report)
    page = text_of(at.get(f"{AUDIT}check/"))
    assert "The trail has faults" in page
    assert "Seal 1 does not match its entries." in page


def test_the_download_holds_what_is_shown_and_is_recorded(at, trail, officer):
    response = at.get(f"{AUDIT}entries.csv?person={officer.pk}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "angus-audit-" in response["Content-Disposition"]
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Of what"] for row in rows] == ["Care at home"]
    assert rows[0]["Who"] == "Olive Officer"
    assert rows[0]["Reason"] == "'=1+1 Recount"
    assert '"amount": "250.00"' in rows[0]["After"]
    entry = Entry.objects.get(action="partnerships.audit_downloaded")
    assert (entry.actor_name, entry.tenant) == ("Audrey Auditor", "angus")
    assert entry.after == {"entries": 1, "actor_id": officer.pk}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_calculates_nothing(start):
    assert harmless(f"{start}cmd") == f"'{start}cmd"
    assert harmless("plain") == "plain"


def test_lists_ask_as_much_for_three_as_for_one(at, officer, partnership):
    def count():
        with CaptureQueriesContext(connection) as queries:
            at.get(AUDIT)
        return len(queries)

    record(by=officer, action="budgets.line_changed", subject="A", tenant="angus")
    count()
    one = count()
    for name in "BCD":
        record(by=officer, action=f"budgets.line_{name.lower()}", subject=name, tenant="angus")
    assert count() == one <= 15


def test_the_trail_is_read_and_never_written(sign_in, auditor, trail):
    for path in ("", "1/", "check/", "entries.csv"):
        assert sign_in(auditor).post(AUDIT + path).status_code == 405
