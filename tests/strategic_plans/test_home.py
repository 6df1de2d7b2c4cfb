"""What the plan tells the partnership's home page and the pages of localities."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.permissions import standing_of
from strategic_plans import services
from strategic_plans.enums import PlanState, StartReason
from strategic_plans.models import Plan
from strategic_plans.selectors import home

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_person(partnership):
    def standing(user, on=None):
        return standing_of(user, partnership, on)

    return standing


def publish(plan):
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.PUBLISHED)


def test_a_partnership_without_a_plan_says_so(partnership, officer, as_person):
    assert home.state(as_person(officer)) is None
    assert home.line(as_person(officer)).sentence == "No plan is here yet."


def test_the_line_tells_the_published_plan_and_how_far_the_draft_is(plan, partnership, officer, as_person):
    assert "No plan is published yet" in home.state(as_person(officer))
    publish(plan)
    draft = services.start_plan(partnership=partnership, title="Next plan", by=officer)
    services.save_section(
        section=draft.sections.get(key="needs"), body="<p>Text</p>", expected_revision=0, by=officer
    )
    line = home.line(as_person(officer))
    assert line.sentence == (
        "“Angus strategic plan 2026 to 2029” is published. The draft “Next plan” has text in 1 of 21 sections."
    )
    assert line.url == "/angus/plan/next-plan/"
    assert "its successor “Next plan” is being drafted" in home.state(as_person(officer))


def test_a_lead_owes_the_arrangements_of_their_own_locality(plan, localities, north_lead, officer, as_person):
    (due,) = home.arrangements_due(as_person(north_lead))
    assert due.title == "Write the arrangements for North Angus in “Angus strategic plan 2026 to 2029”"
    assert (due.mine, due.source) == (True, "2014 Act s.29(3)(b)")
    assert due.url == "/angus/plan/2026-29/localities/north-angus/"
    assert home.arrangements_due(as_person(officer)) == []
    services.save_arrangement(
        plan=plan, locality=localities[0], body="<p>Text</p>", expected_revision=0, by=north_lead
    )
    assert home.arrangements_due(as_person(north_lead)) == []


def test_those_who_edit_the_plan_see_what_it_lacks(plan, officer, north_lead, as_person):
    (due,) = home.checks_due(as_person(officer))
    assert due.title == (
        "“Angus strategic plan 2026 to 2029” lacks four sections that the law asks for, "
        "two localities’ arrangements, nine outcomes’ priorities"
    )
    assert due.url == "/angus/plan/2026-29/check/"
    assert home.checks_due(as_person(north_lead)) == []


def test_a_complete_draft_lacks_nothing(ready_plan, officer, as_person):
    assert home.checks_due(as_person(officer)) == []


@pytest.mark.parametrize(
    ("reason", "due_on"),
    [
        (StartReason.REVIEW, date(2029, 3, 31)),
        (StartReason.DIRECTED, date(2029, 3, 31)),
        # A first plan does not restart the clock, which runs from the delegation of functions on 1 April 2016.
        (StartReason.FIRST, date(2019, 3, 31)),
    ],
)
def test_the_review_is_due_before_three_years_have_passed(plan, officer, as_person, reason, due_on):
    publish(plan)
    Plan.objects.update(start_reason=reason)
    (due,) = home.review_due(as_person(officer, due_on - timedelta(days=100)))
    assert (due.due_on, due.source) == (due_on, "2014 Act s.37")


def test_the_review_is_not_spoken_of_before_its_last_year(plan, officer, as_person):
    publish(plan)
    assert home.review_due(as_person(officer, date(2028, 3, 30))) == []
    assert len(home.review_due(as_person(officer, date(2028, 3, 31)))) == 1


def test_the_clock_of_a_partnership_that_published_nothing_here_is_not_guessed(plan, officer, as_person):
    assert home.review_due(as_person(officer, date(2030, 1, 1))) == []


def test_a_locality_shows_what_the_plan_says_for_it(ready_plan, localities, officer, as_person):
    part = home.locality_part(as_person(officer), localities[0])
    assert "glens" in part.context["arrangement"].body
    assert part.context["url"] == "/angus/plan/2026-29/localities/north-angus/"


def test_a_locality_without_a_plan_shows_nothing(localities, officer, as_person):
    assert home.locality_part(as_person(officer), localities[0]) is None


def test_the_home_page_is_asked_for_few_queries(ready_plan, officer, north_lead, as_person):
    for teller, most in (
        (home.state, 1),
        (home.line, 2),
        (home.sections_due, 2),
        (home.checks_due, 3),
        (home.review_due, 1),
        (home.arrangements_due, 3),
    ):
        standing = as_person(north_lead if teller is home.arrangements_due else officer)
        with CaptureQueriesContext(connection) as queries:
            teller(standing)
        assert len(queries) <= most, teller.__name__
