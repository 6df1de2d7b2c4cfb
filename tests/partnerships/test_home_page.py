"""The partnership's home page: what the apps tell it, in which order, at which cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships import home, services
from partnerships.permissions import standing_of
from partnerships.rules import words_of
from partnerships.selectors import home_page, roles_due, scheme_due
from tests.factories import IntegrationSchemeFactory, MembershipFactory

TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.fixture
def alone(monkeypatch):
    """The home page as if no app had registered anything."""
    for name, empty in {"_states": {}, "_lines": {}, "_dues": []}.items():
        monkeypatch.setattr(home, name, empty)


def text_of(response):
    return " ".join(response.content.decode().split())


# What apps register


def test_lines_stand_in_their_order_and_silent_ones_are_left_out(alone, officer, partnership):
    home.register_line(20, lambda _: home.Line("Money", "Agreed.", "/m/", (1.0, None, 2.0)))
    home.register_line(10, lambda standing: home.Line("Plan", f"For {standing.partnership}.", "/p/"))
    home.register_line(30, lambda _: None)
    rows = home_page(standing_of(officer, partnership)).lines
    assert [(row.line.label, row.line.sentence) for row in rows] == [
        ("Plan", "For Angus."),
        ("Money", "Agreed."),
    ]
    assert [row.spark is not None for row in rows] == [False, True]


def test_a_place_is_taken_once(alone):
    def mine(_):
        return None

    home.register_line(10, mine)
    home.register_line(10, mine)
    with pytest.raises(ValueError, match="is taken"):
        home.register_line(10, lambda _: None)


def test_the_first_app_with_something_to_say_opens_the_page(alone, officer, partnership):
    standing = standing_of(officer, partnership)
    assert home_page(standing).state == "You are here as Planning officer."
    home.register_state(20, lambda _: "The year is open.")
    home.register_state(10, lambda _: None)
    assert home_page(standing).state == "The year is open."


def test_mine_comes_first_then_by_day_then_what_has_none(alone, officer, partnership):
    def due(title, days=None, *, mine=False):
        return home.Due(title, TODAY + days * DAY if days is not None else None, "/x/", "Go", mine=mine)

    home.register_due(lambda _: [due("later", 40), due("late", -2), due("mine later", 60, mine=True)])
    home.register_due(lambda _: [due("open"), due("today", 0), due("mine", 1, mine=True), due("soon", 9)])
    page = home_page(standing_of(officer, partnership))

    def told(rows):
        return [(row.due.title, row.status, row.word) for row in rows]

    assert told(page.mine) == [
        ("mine", "due", "Due tomorrow"),
        ("mine later", "not_started", f"Due {words_of(TODAY + 60 * DAY)}"),
    ]
    assert told(page.others) == [
        ("late", "overdue", f"Overdue since {words_of(TODAY - 2 * DAY)}"),
        ("today", "due", "Due today"),
        ("soon", "due", "Due in 9 days"),
        ("later", "not_started", f"Due {words_of(TODAY + 40 * DAY)}"),
    ]
    assert told(page.more_for_others) == [("open", "not_started", "No day set")]


# What this app tells


def test_the_review_of_the_scheme_is_due_by_the_act(partnership, clerk, officer):
    scheme = IntegrationSchemeFactory(partnership=partnership, approved_on=date(2015, 6, 1))
    services.update_scheme(scheme=scheme, changes={"last_review_on": date(2020, 5, 20)}, revision=1, by=clerk)
    (mine,) = scheme_due(standing_of(clerk, partnership))
    (theirs,) = scheme_due(standing_of(officer, partnership))
    assert mine.due_on == theirs.due_on == date(2025, 5, 19)
    assert (mine.mine, mine.action) == (True, "Record the review")
    assert (theirs.mine, theirs.action) == (False, "See the scheme")


def test_only_those_who_can_record_them_are_asked_for_missing_dates(partnership, clerk, officer):
    IntegrationSchemeFactory(partnership=partnership)
    (asked,) = scheme_due(standing_of(clerk, partnership))
    assert asked.url == "/angus/scheme/change/"
    assert scheme_due(standing_of(officer, partnership)) == []


def test_without_a_scheme_the_clerk_is_led_to_the_page_that_begins_one(partnership, clerk):
    (asked,) = scheme_due(standing_of(clerk, partnership))
    assert asked.url == "/angus/scheme/"


def test_administrators_see_roles_that_end_within_a_month(partnership, administrator, officer):
    MembershipFactory(partnership=partnership, user=officer, role="clerk", ends_on=TODAY + 30 * DAY)
    MembershipFactory(partnership=partnership, role="clerk", ends_on=TODAY + 31 * DAY)
    MembershipFactory(partnership=partnership, role="clerk", ends_on=TODAY - DAY)
    (due,) = roles_due(standing_of(administrator, partnership))
    assert (due.title, due.due_on) == ("Olive Officer’s Board clerk role ends", TODAY + 30 * DAY)
    assert roles_due(standing_of(officer, partnership)) == []


# The page


def test_everybody_finds_their_home(cast, sign_in):
    for role, user in cast.items():
        response = sign_in(user).get("/angus/")
        if role == "national_viewer":
            assert response.status_code == 404
            continue
        page = text_of(response)
        assert "Angus Integration Joint Board" in page
        assert role.label in page
        assert response.context["page"].state


def test_the_page_is_asked_for_by_reading_only(sign_in, officer):
    assert sign_in(officer).post("/angus/").status_code == 405


def test_what_is_due_is_grouped_by_whom_it_is_due_from(alone, sign_in, officer):
    home.register_due(lambda _: [home.Due("Theirs", TODAY, "/t/", "See", source="2014 Act s.37")])
    page = text_of(sign_in(officer).get("/angus/"))
    assert "Nothing is due from you." in page
    assert "For others in Angus" in page
    assert "2014 Act s.37" in page
    home.register_due(lambda _: [home.Due("Mine", TODAY, "/m/", "Do it", mine=True)])
    assert "For you" in text_of(sign_in(officer).get("/angus/"))


def test_a_drawing_needs_two_values(alone, officer, partnership):
    home.register_line(10, lambda _: home.Line("Plan", "One.", "/p/", (None, 1.0)))
    assert home_page(standing_of(officer, partnership)).lines[0].spark is None


def test_nothing_due_is_said(alone, sign_in, officer):
    assert "Nothing is due from you or from Angus." in text_of(sign_in(officer).get("/angus/"))


def test_home_costs_fifteen_queries_at_most(cast, sign_in, partnership):
    """Two more for support people: their access is found and the reading is recorded."""
    IntegrationSchemeFactory(partnership=partnership, approved_on=date(2015, 6, 1))
    costs = {}
    for role, user in cast.items():
        client = sign_in(user)
        client.get("/angus/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/angus/")
        costs[role.value] = len(queries)
    assert costs.pop("support") <= 17
    assert max(costs.values()) <= 15, costs
