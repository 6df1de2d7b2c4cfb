from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagement.enums import PromiseState
from engagement.imports import load_reference
from engagement.models import Activity, Group, Promise
from engagement.selectors import (
    ActivityFilter,
    activities_for,
    activities_shown,
    activity_rows,
    coverage_of,
    possible_owners,
    promise_counts,
    promises_shown,
    said_and_promised,
)
from engagement.selectors.activities import opening_of
from engagement.selectors.home import engagement_line, locality_part, promises_due, promises_line
from partnerships.permissions import standing_of

from .factories import ActivityFactory, GroupFactory, PromiseFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def ago(days):
    return TODAY - timedelta(days=days)


# Reference data


def test_the_thirteen_standard_consultees_and_others_are_loaded_once():
    assert load_reference() == {"groups": 26}
    assert load_reference() == {"groups": 26}
    prescribed = Group.objects.filter(is_prescribed=True)
    assert list(prescribed.values_list("number", flat=True)) == list(range(1, 14))
    assert set(prescribed.values_list("source", flat=True)) == {"SSI 2014/283 schedule"}
    assert prescribed.get(number=11).name == (
        "Staff of the Health Board and local authority who are not health professionals or social care professionals"
    )
    residents = Group.objects.get(number=14)
    assert (residents.is_prescribed, residents.source) == (False, "2014 Act s.41")


def test_loading_again_mends_words_that_were_changed():
    load_reference()
    Group.objects.update(short_name="?")
    load_reference()
    assert Group.objects.get(number=1).short_name == "Health professionals"


# Finding


@pytest.fixture
def found(partnership, north, south, carers, young):
    def activity(**fields):
        return ActivityFactory(partnership=partnership, **fields)

    return {
        "respite": activity(
            locality=north, heard="Respite care is booked out for months", groups=[carers], held_on=ago(1)
        ),
        "bus": activity(
            locality=south, heard="Buses stop early", groups=[young], method="survey", held_on=ago(20)
        ),
        "area": activity(
            heard="Doctors are hard to reach", place="Lunch club", groups=[carers], held_on=ago(400)
        ),
    }


def names(found, rows):
    return {name for name, activity in found.items() if activity in set(rows)}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("respite", {"respite"}),
        ("stopping", {"bus"}),  # stop
        ("booking", {"respite"}),  # booked
        ("lunch", {"area"}),  # the place
        ("respite or doctors", {"respite", "area"}),
        ('"booked out"', {"respite"}),
        ("-respite stop", {"bus"}),
        ("zebra", set()),
        ("'; drop table --", set()),
        ("&|!():*<->\\", set()),
    ],
)
def test_words_are_searched_as_english(found, partnership, words, expected):
    assert names(found, activities_shown(partnership, ActivityFilter(words=words))) == expected


def test_words_of_promises_are_found_too(found, partnership):
    PromiseFactory(activity=found["bus"], text="Ask for a night bus timetable")
    shown = activities_shown(partnership, ActivityFilter(words="timetable"))
    assert names(found, shown) == {"bus"}


def test_the_search_uses_its_index(found, partnership):
    shown = activities_shown(partnership, ActivityFilter(words="respite"))
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        assert "activity_words_heard" in shown.explain()


def test_filters(found, partnership, carers):
    def shown(**chosen):
        return names(found, activities_shown(partnership, ActivityFilter(**chosen)))

    assert shown() == {"respite", "bus", "area"}
    assert shown(locality="north") == {"respite"}
    assert shown(locality="whole-area") == {"area"}
    assert shown(group=carers) == {"respite", "area"}
    assert shown(method="survey") == {"bus"}
    assert shown(since=ago(20)) == {"respite", "bus"}
    assert shown(until=ago(20)) == {"bus", "area"}
    assert shown(group=carers, since=ago(20)) == {"respite"}


def test_an_activity_of_two_groups_is_shown_once(partnership, carers, young):
    ActivityFactory(partnership=partnership, groups=[carers, young])
    assert activities_shown(partnership, ActivityFilter()).count() == 1


@pytest.mark.parametrize("model", [Activity, Promise])
def test_rows_are_visible_to_members_only(promise, model, finance_officer, outsider, stranger):
    assert model.objects.visible_to(finance_officer).exists()
    assert model.objects.for_partnership(promise.activity.partnership).exists()
    for nobody in (outsider, stranger):
        assert not model.objects.visible_to(nobody).exists()


def test_other_partnerships_are_never_shown(activity, other_partnership):
    ActivityFactory(partnership=other_partnership)
    assert list(activities_for(activity.partnership)) == [activity]


def test_said_and_promised_for_the_plan(found, partnership, north):
    promise = PromiseFactory(activity=found["respite"])
    with CaptureQueriesContext(connection) as queries:
        told = said_and_promised(partnership)
    assert len(queries) == 3
    assert [row.activity for row in told] == [found["respite"], found["bus"], found["area"]]
    assert told[0].promises == (promise,)
    assert [row.activity for row in said_and_promised(partnership, north)] == [found["respite"]]
    assert [row.activity for row in said_and_promised(partnership, since=ago(30), until=ago(2))] == [
        found["bus"]
    ]


# Whom we have not heard from


def test_coverage_tells_the_last_contact_by_group_and_locality(found, partnership, carers, young):
    never = GroupFactory(number=1, short_name="Health professionals")
    coverage = coverage_of(partnership)
    assert [locality.name for locality in coverage.localities] == ["North", "South"]
    rows = {row.group: [(cell.tag, cell.words) for cell in row.cells] for row in coverage.rows}
    missing, unheard = ("missing", "Not heard yet"), ("not_started", "Not heard yet")
    north_day = rows[carers][0]
    assert north_day[0] == ""
    assert rows[carers][1] == missing
    assert rows[carers][2][0] == "at_risk"
    assert rows[carers][2][1].startswith("Not since ")
    assert rows[never] == [missing, missing, unheard]
    assert rows[young][0] == unheard
    assert coverage.sentence == "1 of 2 standard consultees were not heard anywhere yet."


def test_coverage_when_everybody_was_heard(found, partnership):
    assert (
        coverage_of(partnership).sentence == "All 1 standard consultees were heard somewhere at least once."
    )


# Promises


@pytest.fixture
def promises(activity, officer, finance_officer):
    return {
        "due": PromiseFactory(activity=activity, owner=officer),
        "overdue": PromiseFactory(activity=activity, owner=finance_officer, due_on=ago(1)),
        "told": PromiseFactory(activity=activity, done_on=TODAY, told_back_on=TODAY, owner=officer),
        "untold": PromiseFactory(activity=activity, done_on=TODAY, owner=officer),
    }


def test_promises_are_counted(promises, partnership, north, south):
    counts = promise_counts(partnership)
    assert (counts.due, counts.overdue, counts.to_tell_back, counts.kept, counts.all) == (1, 1, 1, 1, 4)
    assert counts.sentence == "1 of 4 promises kept and told back; 1 overdue; 1 done but not yet told back."
    assert promise_counts(partnership, locality_id=north.pk) == counts
    assert promise_counts(partnership, locality_id=south.pk).sentence == "No promise is recorded yet."


def test_promises_shown(promises, partnership, officer):
    def shown(**chosen):
        rows = set(promises_shown(partnership, **chosen))
        return {name for name, promise in promises.items() if promise in rows}

    assert shown() == {"due", "overdue", "untold"}
    assert shown(state="all") == set(promises)
    assert shown(state="kept") == {"told"}
    assert shown(state="overdue") == {"overdue"}
    assert shown(owner=officer) == {"due", "untold"}
    assert shown(locality="north") == {"due", "overdue", "untold"}
    assert shown(locality="whole-area") == set()


def test_only_people_with_a_role_today_see_to_promises(partnership, officer, outsider, stranger):
    officer.memberships.update(ends_on=ago(1))
    assert officer not in possible_owners(partnership)
    assert not {outsider, stranger} & set(possible_owners(partnership))


# What others show


def test_the_home_page_is_told(found, promises, partnership, officer):
    standing = standing_of(officer, partnership)
    assert engagement_line(standing).sentence.startswith("Three activities in the last twelve months")
    assert promises_line(standing).sentence.startswith("1 of 4 promises kept")


def test_the_home_page_counts_the_standard_consultees_heard_in_a_year(
    partnership, other_partnership, officer
):
    load_reference()
    first, second, third, other = (Group.objects.get(number=number) for number in (1, 2, 3, 14))
    ActivityFactory(partnership=partnership, groups=[first, second, other])
    ActivityFactory(partnership=partnership, groups=[first])
    ActivityFactory(partnership=partnership, groups=[third], held_on=ago(400))
    ActivityFactory(partnership=other_partnership, groups=[third])
    said = engagement_line(standing_of(officer, partnership)).sentence
    assert said.startswith("Two activities in the last twelve months, the latest on ")
    assert said.endswith("; 11 of 13 standard consultees were not heard.")
    ActivityFactory(partnership=partnership, groups=Group.objects.filter(is_prescribed=True))
    later = engagement_line(standing_of(officer, partnership)).sentence
    assert later.endswith("; every standard consultee was heard.")


def test_the_home_page_without_engagement(partnership, officer):
    assert engagement_line(standing_of(officer, partnership)).sentence == "No activity is logged yet."


def test_dues_are_mine_first_and_offer_what_i_may(promises, partnership, officer, finance_officer, auditor):
    dues = promises_due(standing_of(officer, partnership))
    assert [(due.action, due.mine) for due in dues] == [
        ("Mark as done", True),
        ("Tell back", True),
        ("Mark as done", False),
    ]
    theirs = promises_due(standing_of(finance_officer, partnership))
    assert [(due.action, due.mine) for due in theirs] == [
        ("Mark as done", True),
        ("See the promise", False),
        ("See the promise", False),
    ]
    assert not any(due.mine for due in promises_due(standing_of(auditor, partnership)))


def test_a_promise_far_away_is_not_due_yet(activity, partnership, officer):
    PromiseFactory(activity=activity, owner=officer, due_on=TODAY + timedelta(days=31))
    assert promises_due(standing_of(officer, partnership)) == []


def test_at_most_two_queries_for_each_part(promises, partnership, north, north_lead):
    standing = standing_of(north_lead, partnership)
    for tell in (
        engagement_line,
        promises_line,
        promises_due,
        lambda standing: locality_part(standing, north),
    ):
        with CaptureQueriesContext(connection) as queries:
            tell(standing)
        assert len(queries) <= 2, tell


def test_a_locality_is_told_its_own(found, partnership, north, officer):
    part = locality_part(standing_of(officer, partnership), north)
    assert part.context["latest"] == [found["respite"]]


# The rows of the list


def test_rows_say_what_the_list_shows(partnership, north, carers, young):
    activity = ActivityFactory(
        partnership=partnership,
        locality=north,
        method="survey",
        place="the library",
        held_on=ago(3),
        heard="Buses\n\nstop early.",
        groups=[young, carers],
    )
    PromiseFactory(activity=activity, due_on=ago(1))
    PromiseFactory(activity=activity, due_on=ago(2), done_on=ago(1))
    other = ActivityFactory(
        partnership=partnership, method="other", place="By post", held_on=ago(4), locality=None
    )
    with CaptureQueriesContext(connection) as queries:
        rows = activity_rows(activities_shown(partnership, ActivityFilter())[:50], timezone.localdate())
    assert len(queries) == 3
    assert [row.page for row in rows] == [f"{activity.pk}/", f"{other.pk}/"]
    assert rows[0].occasion == str(activity) == "Survey at the library"
    assert rows[0].opening == "Buses stop early."
    in_order = sorted((carers, young), key=lambda group: group.number)
    assert rows[0].groups == ", ".join(group.short_name for group in in_order)
    assert rows[0].promises == [PromiseState.TO_TELL_BACK, PromiseState.OVERDUE]
    assert (rows[1].occasion, rows[1].locality, rows[1].promises) == ("By post", "The whole area", [])


@pytest.mark.parametrize(
    ("words", "shown"),
    [(24, "a " * 23 + "a"), (25, "a " * 23 + "a…"), (0, "")],
    ids=["fits", "longer", "none"],
)
def test_the_opening_of_a_long_text(words, shown):
    assert opening_of("a " * words) == shown
