import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.exports import COLUMNS
from engagement.models import Activity, Promise
from partnerships.enums import Role
from tests.localities.factories import LocalityFactory

from .factories import ActivityFactory, GroupFactory, PromiseFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
HOSTILE = "<script>alert(1)</script> & \"quotes\" 'n' {{ 7|add:7 }}"

READERS = set(Role) - {Role.NATIONAL_VIEWER}
WRITERS = {Role.PLANNING_OFFICER, Role.CHIEF_OFFICER, Role.LOCALITY_LEAD}
PAGES = {
    "list": READERS,
    "csv": READERS,
    "coverage": READERS,
    "promises": READERS,
    "detail": READERS,
    "log": WRITERS,
    "change": WRITERS,
    "add_promise": WRITERS,
    "change_promise": WRITERS,
    "promise_done": WRITERS,
    "tell_back": WRITERS,
    "reopen_promise": WRITERS,
}
OF_AN_ACTIVITY = {"detail", "change", "add_promise"}
OF_A_PROMISE = {"change_promise", "promise_done", "tell_back", "reopen_promise"}


def at(name, promise=None, activity=None):
    arguments = ["angus"]
    if name in OF_AN_ACTIVITY:
        arguments.append((activity or promise.activity).pk)
    elif name in OF_A_PROMISE:
        arguments.append(promise.pk)
    return reverse(f"engagement:{name}", args=arguments)


@pytest.fixture
def lead(north_lead, sign_in):
    return sign_in(north_lead)


@pytest.fixture
def planner(officer, sign_in):
    return sign_in(officer)


def answers(*groups, **changes):
    return {
        "submission": str(uuid.uuid4()),
        "place": "Library",
        "held_on": TODAY.strftime("%d/%m/%Y"),
        "groups": [group.pk for group in groups],
        "heard": "Too few buses",
        "promised": "no",
        "promise_text": "",
        "promise_due_on": "",
        "method": "",
        "attendance": "",
    } | changes


# Who may


def test_each_page_opens_for_exactly_the_roles_that_may(cast, sign_in, promise, north_lead):
    for role, user in cast.items():
        client = sign_in(user)
        for name, allowed in PAGES.items():
            expected = 200 if role in allowed else (404 if role == Role.NATIONAL_VIEWER else 403)
            assert client.get(at(name, promise)).status_code == expected, (name, role)


@pytest.mark.parametrize("name", PAGES)
def test_other_partnerships_learn_nothing(name, promise, outsider, stranger, sign_in, client):
    for person in (outsider, stranger):
        assert sign_in(person).get(at(name, promise)).status_code == 404
        assert sign_in(person).post(at(name, promise)).status_code in {404, 405}
    assert client.get(at(name, promise)).url.startswith("/accounts/login")


@pytest.mark.parametrize("name", sorted(OF_AN_ACTIVITY | OF_A_PROMISE))
def test_records_of_another_partnership_are_not_found(name, partnership, other_partnership, planner):
    foreign = PromiseFactory(activity__partnership=other_partnership)
    assert planner.get(at(name, foreign)).status_code == 404
    assert planner.post(at(name, foreign), answers()).status_code in {404, 405}


def test_a_lead_does_not_touch_another_locality(partnership, south, carers, lead):
    elsewhere = PromiseFactory(
        activity=ActivityFactory(partnership=partnership, locality=south, groups=[carers])
    )
    for name in OF_AN_ACTIVITY - {"detail"} | OF_A_PROMISE:
        response = lead.post(at(name, elsewhere), answers(carers, revision=1))
        assert response.status_code == 403, name
    assert "Change the record" not in lead.get(at("detail", elsewhere)).content.decode()


def test_an_auditor_changes_nothing(promise, auditor, sign_in):
    client = sign_in(auditor)
    for name in ("log", "change", "add_promise", *OF_A_PROMISE):
        assert client.post(at(name, promise), answers()).status_code == 403
    assert Activity.objects.count() == Promise.objects.count() == 1


def test_the_owner_of_a_promise_keeps_it_whatever_their_role(promise, finance_officer, sign_in):
    promise.owner = finance_officer
    promise.save()
    client = sign_in(finance_officer)
    assert "Mark as done" in client.get(at("detail", promise)).content.decode()
    client.post(at("promise_done", promise), {"done_on": TODAY.strftime("%d/%m/%Y"), "revision": 1})
    promise.refresh_from_db()
    assert promise.done_on == TODAY


# Queries


@pytest.mark.parametrize("name", ["list", "csv", "coverage", "promises", "detail", "log", "change"])
def test_queries_do_not_grow_with_rows(name, promise, north, south, carers, young, lead, partnership):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert lead.get(at(name, promise)).status_code == 200
        return len(captured)

    queries()
    one = queries()
    for locality in (north, south, None):
        more = ActivityFactory(
            partnership=partnership, locality=locality, groups=[carers, young, GroupFactory()]
        )
        PromiseFactory.create_batch(2, activity=more, owner=promise.owner)
        PromiseFactory(activity=promise.activity, owner=promise.owner)
    assert queries() == one
    assert one <= 15


# Logging


def test_a_lead_logs_an_activity_with_a_promise(north, carers, lead, north_lead):
    page = lead.get(at("log"))
    form = page.context["form"]
    assert form["locality"].value() == north.pk
    assert form["held_on"].value() == TODAY
    due = TODAY + timedelta(days=30)
    response = lead.post(
        at("log"),
        answers(
            carers,
            locality=north.pk,
            promised="yes",
            promise_text="Ask the bus company",
            promise_due_on=due.strftime("%d %B %Y"),
        ),
        follow=True,
    )
    activity = Activity.objects.get()
    assert response.redirect_chain == [(at("detail", activity=activity), 302)]
    assert (activity.locality, activity.logged_by, activity.method) == (north, north_lead, "meeting")
    assert activity.promises.get().due_on == due
    page = response.content.decode()
    assert "Ask the bus company" in page
    assert f'data-draft-sent="{activity.submission}"' in page


def test_a_form_sent_twice_is_logged_once(north, carers, lead):
    sent = answers(carers, locality=north.pk)
    assert lead.post(at("log"), sent).url == lead.post(at("log"), sent).url
    assert Activity.objects.count() == 1


def test_a_lead_is_offered_their_own_localities_only(north, south, carers, lead):
    assert list(lead.get(at("log")).context["form"].fields["locality"].queryset) == [north]
    for locality in (south.pk, ""):
        response = lead.post(at("log"), answers(carers, locality=locality))
        assert response.context["form"].errors["locality"]
    assert not Activity.objects.exists()


def test_a_planner_logs_for_the_whole_area(carers, north, planner):
    planner.post(at("log"), answers(carers, locality=""))
    assert Activity.objects.get().locality is None


def test_a_lead_without_a_locality_is_told_so(locality_lead, sign_in):
    page = sign_in(locality_lead).get(at("log")).content.decode()
    assert "You lead no locality" in page
    assert "Log it" not in page


def test_foreign_localities_and_groups_are_refused(carers, other_partnership, planner):
    foreign = LocalityFactory(partnership=other_partnership)
    response = planner.post(at("log"), answers(carers, locality=foreign.pk))
    assert response.context["form"].errors["locality"]
    response = planner.post(at("log"), answers(carers, groups=["999999"]))
    assert response.context["form"].errors["groups"]
    assert not Activity.objects.exists()


def test_the_prescribed_groups_stand_first_and_the_others_under_a_fold(carers, young, planner):
    form = planner.get(at("log")).context["form"]
    assert [box.choice_label for box in form.prescribed_boxes()] == [carers.short_name]
    assert [box.choice_label for box in form.other_boxes()] == [young.short_name]
    assert not form.others_open()
    response = planner.post(at("log"), answers(young, heard=""))
    assert response.context["form"].others_open()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_on": "31/02/2026"}, "held_on"),
        ({"held_on": ""}, "held_on"),
        ({"held_on": "31/12/2099"}, "held_on"),
        ({"held_on": "01/01/1999"}, "held_on"),
        ({"heard": ""}, "heard"),
        ({"heard": "x" * 10_001}, "heard"),
        ({"place": "x" * 121}, "place"),
        ({"place": "a\x00b"}, "place"),
        ({"groups": []}, "groups"),
        ({"method": "shouting"}, "method"),
        ({"attendance": "many"}, "attendance"),
        ({"attendance": "-3"}, "attendance"),
        ({"attendance": "99999999999999999999"}, "attendance"),
        ({"promised": "yes"}, "promise_text"),
        ({"promised": "yes", "promise_text": "Ask"}, "promise_due_on"),
        ({"promised": "yes", "promise_text": "x" * 501, "promise_due_on": "31/12/2099"}, "promise_text"),
        ({"promised": "yes", "promise_text": "Ask", "promise_due_on": "01/01/2020"}, "promise_due_on"),
        ({"promised": "maybe"}, "promised"),
        ({"promised": "no", "promise_text": "Ask"}, "promised"),
    ],
)
def test_bad_input_is_said_at_its_box_and_everything_typed_is_kept(changes, field, carers, planner):
    response = planner.post(at("log"), answers(carers, place="Old library") | changes)
    form = response.context["form"]
    assert response.status_code == 200
    assert form.errors[field]
    assert form["submission"].value()
    for name, value in (answers(carers, place="Old library") | changes).items():
        if name != "submission":
            assert form[name].value() in (value, [str(pk) for pk in value] if name == "groups" else value)
    page = response.content.decode()
    assert f'href="#{form[field].auto_id}' in page
    assert not Activity.objects.exists()


def test_a_broken_submission_is_refused_without_a_trace(carers, planner):
    response = planner.post(at("log"), answers(carers, submission="x"))
    assert response.status_code == 200
    assert response.context["form"].errors["submission"]


def test_script_and_braces_are_shown_as_typed(carers, planner):
    planner.post(at("log"), answers(carers, place=HOSTILE[:110], heard=HOSTILE))
    activity = Activity.objects.get()
    PromiseFactory(activity=activity, text=HOSTILE, owner=activity.logged_by)
    for name in ("list", "detail", "change", "promises"):
        page = planner.get(at(name, activity=activity)).content.decode()
        assert "<script>alert(1)" not in page, name
        assert "&lt;script&gt;alert(1)" in page, name


def test_nobody_is_asked_for_names(planner):
    assert "no names" in planner.get(at("log")).content.decode()


# List


def test_the_list_counts_filters_and_keeps_the_filter_in_the_address(
    activity, partnership, south, young, planner
):
    ActivityFactory(partnership=partnership, locality=south, groups=[young], heard="Respite")
    assert "Two activities" in planner.get(at("list")).content.decode()
    page = planner.get(at("list"), {"q": "respite", "locality": "south", "group": 15})
    assert [row.opening for row in page.context["rows"]] == ["Respite"]
    assert "q=respite&amp;locality=south&amp;group=15" in page.content.decode()
    assert "No activity matches" in planner.get(at("list"), {"q": "zebra"}).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"since": "31/02/2026"},
        {"since": "02/01/2026", "until": "01/01/2026"},
        {"locality": "nowhere"},
        {"group": "x"},
        {"method": "x"},
        {"page": "999"},
        {"q": "x" * 201},
        {"q": "\x00"},
    ],
)
def test_a_broken_filter_is_said_and_filters_nothing_else(query, activity, planner):
    response = planner.get(at("list"), query)
    assert response.status_code == 200
    if "page" not in query:
        assert "There is a problem" in response.content.decode()


def test_the_list_comes_fifty_a_page(partnership, carers, planner):
    ActivityFactory.create_batch(51, partnership=partnership, groups=[carers])
    response = planner.get(at("list"), {"page": 2, "group": 3})
    assert len(response.context["rows"]) == 1
    assert "group=3&amp;page=1" in response.content.decode()


def test_an_empty_list_says_what_would_be_here(partnership, planner, auditor, sign_in):
    assert "Log the first activity" in planner.get(at("list")).content.decode()
    theirs = sign_in(auditor).get(at("list")).content.decode()
    assert "No activity is logged yet" in theirs
    assert "Log the first activity" not in theirs


def test_the_file_holds_what_is_shown(promise, partnership, carers, planner):
    Activity.objects.update(place="=cmd|x")
    ActivityFactory(partnership=partnership, heard="Line one\nLine two, with a comma", groups=[carers])
    text = planner.get(at("csv"), {"locality": "north"}).content.decode("utf-8-sig")
    header, row = text.splitlines()
    assert header.split(",") == [column.header for column in COLUMNS]
    assert "'=cmd|x" in row
    assert promise.text in row
    assert "Line two" in planner.get(at("csv")).content.decode("utf-8-sig")
    documented = planner.get(at("list")).content.decode()
    assert all(column.meaning in documented for column in COLUMNS)


# Changing


def change_answers(activity, **changes):
    return {
        "locality": activity.locality_id or "",
        "place": activity.place,
        "held_on": activity.held_on.isoformat(),
        "groups": [group.pk for group in activity.groups.all()],
        "heard": activity.heard,
        "method": activity.method,
        "attendance": "",
        "revision": 1,
    } | changes


def test_a_record_is_changed(activity, lead):
    assert (
        lead.post(at("change", activity=activity), change_answers(activity, heard="Later")).status_code == 302
    )
    activity.refresh_from_db()
    assert (activity.heard, activity.revision) == ("Later", 2)


def test_both_texts_are_shown_on_a_conflict(activity, lead):
    Activity.objects.update(heard="What they wrote", revision=2)
    response = lead.post(at("change", activity=activity), change_answers(activity, heard="What I wrote"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "What they wrote" in page
    assert "What I wrote" in page
    again = change_answers(
        activity, heard="What I wrote", revision=response.context["form"]["revision"].value()
    )
    assert lead.post(at("change", activity=activity), again).status_code == 302
    activity.refresh_from_db()
    assert activity.heard == "What I wrote"


def test_a_record_of_a_locality_that_ended_can_still_be_changed(activity, north, planner):
    north.ends_on = TODAY - timedelta(days=1)
    north.starts_on = TODAY - timedelta(days=100)
    north.save()
    assert (
        planner.post(at("change", activity=activity), change_answers(activity, heard="Mended")).status_code
        == 302
    )


def test_a_lead_does_not_move_a_record_out_of_reach(activity, south, lead):
    response = lead.post(at("change", activity=activity), change_answers(activity, locality=south.pk))
    assert response.context["form"].errors["locality"]


# Promises


def test_a_promise_is_added_done_and_told_back(activity, officer, lead):
    today = TODAY.strftime("%d/%m/%Y")
    lead.post(at("add_promise", activity=activity), {"text": "Ask", "due_on": today, "owner": officer.pk})
    promise = Promise.objects.get()
    assert "Mark as done" in lead.get(at("promises")).content.decode()
    lead.post(at("promise_done", promise), {"done_on": today, "revision": 1})
    assert "Done, not yet told back" in lead.get(at("promises")).content.decode()
    empty = lead.post(at("tell_back", promise), {"told_back_on": today, "how": "", "revision": 2})
    assert empty.context["form"].errors["how"]
    lead.post(at("tell_back", promise), {"told_back_on": today, "how": "Lunch club", "revision": 2})
    promise.refresh_from_db()
    assert promise.told_back_how == "Lunch club"
    assert "1 of 1 promises kept and told back" in lead.get(at("promises")).content.decode()
    lead.post(at("reopen_promise", promise), {"reason": "Wrong one", "revision": 3})
    promise.refresh_from_db()
    assert promise.done_on is None


def test_what_was_typed_survives_a_promise_changed_meanwhile(promise, lead):
    Promise.objects.update(revision=2, done_on=TODAY)
    response = lead.post(
        at("tell_back", promise), {"told_back_on": TODAY.isoformat(), "how": "By letter", "revision": 1}
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody changed this promise" in page
    assert 'value="By letter"' in page


def test_both_versions_of_a_promise_are_shown_on_a_conflict(promise, officer, lead):
    Promise.objects.update(revision=2, text="Theirs")
    response = lead.post(
        at("change_promise", promise),
        {"text": "Mine", "due_on": TODAY.isoformat(), "owner": officer.pk, "revision": 1},
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert "Theirs" in page
    assert "Mine" in page


def test_a_day_that_cannot_be_is_refused_in_words(promise, lead):
    for day in ("01/01/2099", "x", ""):
        response = lead.post(at("promise_done", promise), {"done_on": day, "revision": 1})
        assert response.context["form"].errors["done_on"]
        assert response.context["form"]["done_on"].value() == day


def test_an_owner_of_another_partnership_is_refused(promise, outsider, lead):
    response = lead.post(
        at("change_promise", promise),
        {"text": "x", "due_on": TODAY.isoformat(), "owner": outsider.pk, "revision": 1},
    )
    assert response.context["form"].errors["owner"]


def test_the_list_of_promises_filters(promise, activity, officer, planner):
    PromiseFactory(activity=activity, text="Overdue one", due_on=TODAY - timedelta(days=1))
    assert "Two promises" in planner.get(at("promises")).content.decode()
    page = planner.get(at("promises"), {"state": "overdue"}).content.decode()
    assert "Overdue one" in page
    assert promise.text not in page
    mine = planner.get(at("promises"), {"mine": "on"}).content.decode()
    assert promise.text in mine
    assert "Overdue one" not in mine
    assert planner.get(at("promises"), {"state": "x"}).status_code == 200


def test_coverage_is_told_in_words_and_shapes(activity, young, planner):
    page = planner.get(at("coverage")).content.decode()
    assert "Not heard yet" in page
    assert 'class="portal-tag__shape"' in page
    assert "Young people</a> (not prescribed)" in page
