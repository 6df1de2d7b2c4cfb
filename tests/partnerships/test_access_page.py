from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships import selectors
from partnerships.enums import Role
from partnerships.permissions import EDIT_SCHEME, PERMISSIONS, VIEW_PARTNERSHIP
from partnerships.rules import words_of
from tests.factories import MembershipFactory

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def text_of(response):
    return " ".join(response.content.decode().split())


def test_every_permission_stands_in_the_table_as_it_is_declared(db):
    columns = selectors.role_columns()
    shown = {
        row.permission.code: {role for role, allowed in zip(columns, row.allowed, strict=True) if allowed}
        for _, rows in selectors.matrix()
        for row in rows
    }
    assert shown == {code: set(wanted.roles) - {Role.NATIONAL_VIEWER} for code, wanted in PERMISSIONS.items()}


def test_every_member_sees_who_may_do_what(cast, sign_in):
    for role, user in cast.items():
        expected = 404 if role is Role.NATIONAL_VIEWER else 200
        assert sign_in(user).get("/angus/access/").status_code == expected


def test_the_page_says_who_holds_which_role(cast, sign_in, officer):
    page = text_of(sign_in(officer).get("/angus/access/"))
    since = words_of(TODAY - 90 * DAY)
    assert f"Parveen Partner for NHS Tayside, since {since}" in page
    assert f"Audrey Auditor, since {since} until {words_of(TODAY + 90 * DAY)}" in page
    assert "2014 Act ss.1, 45-47" in page


@pytest.mark.parametrize(
    ("permission", "words"),
    [
        (VIEW_PARTNERSHIP, "because they hold Planning officer since"),
        (EDIT_SCHEME, "It needs the Board clerk or Chief officer role; held that day: Planning officer."),
    ],
)
def test_why_somebody_may_or_may_not(sign_in, officer, permission, words):
    response = sign_in(officer).get(
        "/angus/access/", {"person": officer.pk, "act": permission.code, "on": words_of(TODAY)}
    )
    assert words in text_of(response)


def test_who_could_on_a_day_in_the_past(sign_in, officer, clerk, partnership):
    clerk.memberships.update(ends_on=TODAY - 10 * DAY)

    def ask(day):
        query = {"person": clerk.pk, "act": EDIT_SCHEME.code, "on": day.isoformat()}
        return text_of(sign_in(officer).get("/angus/access/", query))

    then, now = ask(TODAY - 10 * DAY), ask(TODAY)
    assert f"may do it on {words_of(TODAY - 10 * DAY)}" in then
    assert f"Who holds which role on {words_of(TODAY - 10 * DAY)}" in then
    assert "Kirsty Clerk, since" in then
    assert f"may not do it on {words_of(TODAY)}" in now
    assert "held that day: no role" in now
    assert "Kirsty Clerk, since" not in now


def test_the_answer_is_the_one_that_the_guard_gives(cast, partnership):
    for user in cast.values():
        for wanted in PERMISSIONS.values():
            told = selectors.explain(user, partnership, wanted, TODAY)
            assert bool(told.answer) == bool(told.standing.may(wanted))
            assert told.because


@pytest.mark.parametrize(
    "query",
    [
        {"person": "999999", "act": "partnerships.view"},
        {"person": "x", "act": "partnerships.view"},
        {"act": "nothing.at_all"},
        {"on": "soon"},
        {"person": ""},
    ],
)
def test_an_unreadable_question_is_no_fault_of_the_page(sign_in, officer, query):
    response = sign_in(officer).get("/angus/access/", query)
    assert response.status_code == 200
    assert response.context["answer"] is None
    assert f"Who holds which role on {words_of(TODAY)}" in text_of(response)


def test_people_of_other_partnerships_are_no_choice(sign_in, officer, outsider):
    response = sign_in(officer).get("/angus/access/", {"person": outsider.pk, "act": "partnerships.view"})
    assert "Oona Outsider" not in text_of(response)
    assert response.context["answer"] is None


def test_the_page_asks_as_much_for_three_people_as_for_one(sign_in, officer, partnership):
    client = sign_in(officer)

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get("/angus/access/", {"person": officer.pk, "act": EDIT_SCHEME.code})
        return len(queries)

    count()
    one = count()
    MembershipFactory.create_batch(3, partnership=partnership, role=Role.PARTNER_OFFICER)
    assert count() == one <= 15
