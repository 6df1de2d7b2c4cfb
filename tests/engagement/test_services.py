import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from engagement import services
from engagement.enums import Method, PromiseState
from engagement.models import Activity, Promise
from engagement.refusals import (
    ActivityChangedMeanwhile,
    EngagementRefused,
    NobodyHeard,
    NotYetHappened,
    OutsideThePartnership,
    PromiseChangedMeanwhile,
    PromiseIsKept,
    PromiseNotDone,
    SubmissionUsed,
)
from engagement.services import PromiseGiven
from foundation.audit.models import Entry
from tests.localities.factories import LocalityFactory

from .factories import PromiseFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def log(partnership, officer, carers):
    def logged(**changes):
        fields = {
            "partnership": partnership,
            "by": officer,
            "submission": uuid.uuid4(),
            "held_on": TODAY,
            "place": "Library",
            "heard": "Too few buses",
            "groups": [carers],
        }
        return services.log_activity(**fields | changes)

    return logged


def entries(action):
    return Entry.objects.filter(action=action).order_by("pk")


# Logging


def test_an_activity_is_logged_with_one_entry(log, north, carers, officer):
    activity = log(locality=north, method=Method.VISIT, attendance=12)
    assert (activity.locality, activity.method, activity.attendance) == (north, "visit", 12)
    assert list(activity.groups.all()) == [carers]
    assert activity.logged_by == officer
    (entry,) = entries("engagement.activity_logged")
    assert (entry.tenant, entry.after["heard"], entry.after["groups"]) == (
        "angus",
        "Too few buses",
        [carers.pk],
    )


def test_a_promise_is_kept_by_whoever_logs_it_unless_somebody_is_named(log, officer, finance_officer):
    due = TODAY + timedelta(days=30)
    mine = log(promise=PromiseGiven("Ask the bus company", due)).promises.get()
    assert (mine.text, mine.due_on, mine.owner) == ("Ask the bus company", due, officer)
    assert log(promise=PromiseGiven("x", due, finance_officer)).promises.get().owner == finance_officer


def test_the_same_form_sent_twice_is_one_activity(log):
    submission = uuid.uuid4()
    promise = PromiseGiven("Ask", TOMORROW)
    first = log(submission=submission, promise=promise)
    again = log(submission=submission, promise=promise, heard="Something else")
    assert again == first
    assert Activity.objects.count() == Promise.objects.count() == 1
    assert Activity.objects.get().heard == "Too few buses"
    assert entries("engagement.activity_logged").count() == 1


def test_the_same_form_arriving_twice_at_once_is_one_activity(log, monkeypatch):
    """The first look finds nothing, because the other request has not committed yet."""
    submission = uuid.uuid4()
    first = log(submission=submission)
    looked = []

    class Late:
        def first(self):
            looked.append(1)

    monkeypatch.setattr(Activity.objects, "filter", lambda **_: Late())
    assert log(submission=submission) == first
    assert looked
    assert Activity.objects.count() == 1


def test_somebody_elses_form_is_refused(log, partnership, other_partnership, chief_officer, outsider):
    submission = uuid.uuid4()
    log(submission=submission)
    for changes in ({"by": chief_officer}, {"partnership": other_partnership}):
        with pytest.raises(SubmissionUsed, match="fresh"):
            log(submission=submission, **changes)
    assert Activity.objects.count() == 1


def test_a_foreign_locality_is_refused(log, other_partnership):
    with pytest.raises(OutsideThePartnership):
        log(locality=LocalityFactory(partnership=other_partnership))
    assert not Activity.objects.exists()


def test_what_has_not_happened_is_not_logged(log):
    with pytest.raises(NotYetHappened, match="today"):
        log(held_on=TOMORROW)
    with pytest.raises(EngagementRefused, match="2014"):
        log(held_on=date(2014, 3, 31))
    assert log(held_on=date(2014, 4, 1))


def test_somebody_was_heard(log):
    with pytest.raises(NobodyHeard):
        log(groups=[])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("heard", ""),
        ("heard", "x" * 10_001),
        ("place", "x" * 121),
        ("place", ""),
        ("method", "shouting"),
        ("attendance", -1),
    ],
)
def test_what_the_record_cannot_hold_is_refused_and_nothing_is_half_saved(log, field, value):
    with pytest.raises(ValidationError) as refused:
        log(**{field: value})
    assert set(refused.value.message_dict) == {field}
    assert not Activity.objects.exists()
    assert not entries("engagement.activity_logged").exists()


@pytest.mark.parametrize("promise", [PromiseGiven("x" * 501, TOMORROW), PromiseGiven("Ask", YESTERDAY)])
def test_a_promise_that_cannot_stand_takes_the_activity_with_it(log, promise):
    with pytest.raises(ValidationError):
        log(promise=promise)
    assert not Activity.objects.exists()


def test_a_promise_is_seen_to_by_somebody_of_the_partnership(activity, officer, outsider):
    with pytest.raises(OutsideThePartnership, match="Angus"):
        services.add_promise(activity=activity, promise=PromiseGiven("Ask", TOMORROW, outsider), by=officer)
    assert not Promise.objects.exists()


# Changing


def test_a_record_is_changed_and_the_trail_keeps_what_it_said(activity, officer, young, south):
    changed = services.change_activity(
        activity=activity,
        revision=1,
        by=officer,
        locality=south,
        held_on=TODAY,
        place="Hall",
        heard="Later buses",
        groups=[young],
        method=Method.CALL,
        attendance=None,
    )
    assert (changed.revision, changed.locality, changed.changed_by) == (2, south, officer)
    assert list(changed.groups.all()) == [young]
    (entry,) = entries("engagement.activity_changed")
    assert entry.before["heard"] == "The bus stops too early."
    assert entry.after["heard"] == "Later buses"


def test_a_record_changed_meanwhile_is_not_overwritten(activity, officer, carers):
    Activity.objects.filter(pk=activity.pk).update(revision=2, heard="Theirs")
    with pytest.raises(ActivityChangedMeanwhile) as refused:
        services.change_activity(
            activity=activity, revision=1, by=officer, held_on=TODAY, place="x", heard="Mine", groups=[carers]
        )
    assert refused.value.current.heard == "Theirs"
    activity.refresh_from_db()
    assert activity.heard == "Theirs"


# Promises


def test_the_life_of_a_promise(promise, officer):
    assert promise.state_on(TODAY) == PromiseState.DUE
    assert promise.state_on(promise.due_on + timedelta(days=1)) == PromiseState.OVERDUE
    done = services.mark_promise_done(promise=promise, revision=1, done_on=YESTERDAY, by=officer)
    assert done.state_on(TODAY) == PromiseState.TO_TELL_BACK
    kept = services.tell_back(
        promise=promise, revision=2, told_back_on=TODAY, how=" At the lunch club ", by=officer
    )
    assert kept.state_on(TODAY) == PromiseState.KEPT
    assert kept.told_back_how == "At the lunch club"
    opened = services.reopen_promise(promise=promise, revision=3, reason="It broke again", by=officer)
    assert (opened.done_on, opened.told_back_on, opened.told_back_how) == (None, None, "")
    assert [entry.action for entry in entries_of_promises()] == [
        "engagement.promise_done",
        "engagement.promise_told_back",
        "engagement.promise_reopened",
    ]
    assert entries("engagement.promise_reopened").get().reason == "It broke again"


def entries_of_promises():
    return Entry.objects.filter(action__startswith="engagement.promise_").order_by("pk")


def test_done_is_not_kept_until_the_people_were_told(promise, officer):
    with pytest.raises(PromiseNotDone):
        services.tell_back(promise=promise, revision=1, told_back_on=TODAY, how="Letter", by=officer)
    services.mark_promise_done(promise=promise, revision=1, done_on=TODAY, by=officer)
    with pytest.raises(EngagementRefused, match="how the people were told"):
        services.tell_back(promise=promise, revision=2, told_back_on=TODAY, how="  ", by=officer)
    promise.refresh_from_db()
    assert promise.told_back_on is None


def test_days_of_a_promise_are_in_order(promise, officer):
    held = promise.activity.held_on
    for day, error in ((held - timedelta(days=1), EngagementRefused), (TOMORROW, NotYetHappened)):
        with pytest.raises(error):
            services.mark_promise_done(promise=promise, revision=1, done_on=day, by=officer)
    services.mark_promise_done(promise=promise, revision=1, done_on=YESTERDAY, by=officer)
    for day, error in ((YESTERDAY - timedelta(days=1), EngagementRefused), (TOMORROW, NotYetHappened)):
        with pytest.raises(error):
            services.tell_back(promise=promise, revision=2, told_back_on=day, how="x", by=officer)


def test_nothing_is_done_or_told_twice(promise, officer):
    services.mark_promise_done(promise=promise, revision=1, done_on=TODAY, by=officer)
    with pytest.raises(PromiseIsKept):
        services.mark_promise_done(promise=promise, revision=2, done_on=TODAY, by=officer)
    services.tell_back(promise=promise, revision=2, told_back_on=TODAY, how="x", by=officer)
    with pytest.raises(PromiseIsKept):
        services.tell_back(promise=promise, revision=3, told_back_on=TODAY, how="x", by=officer)
    with pytest.raises(PromiseIsKept):
        services.change_promise(
            promise=promise, revision=3, text="x", due_on=TOMORROW, owner=officer, by=officer
        )


def test_a_promise_changed_meanwhile_is_not_overwritten(promise, officer):
    Promise.objects.update(revision=2)
    for attempt in (
        lambda: services.mark_promise_done(promise=promise, revision=1, done_on=TODAY, by=officer),
        lambda: services.tell_back(promise=promise, revision=1, told_back_on=TODAY, how="x", by=officer),
        lambda: services.reopen_promise(promise=promise, revision=1, reason="x", by=officer),
        lambda: services.change_promise(
            promise=promise, revision=1, text="x", due_on=TOMORROW, owner=officer, by=officer
        ),
    ):
        with pytest.raises(PromiseChangedMeanwhile):
            attempt()


def test_what_was_promised_first_stays_in_the_trail(promise, officer, finance_officer):
    before = promise.text
    services.change_promise(
        promise=promise, revision=1, text="Something less", due_on=TOMORROW, owner=finance_officer, by=officer
    )
    (entry,) = entries("engagement.promise_changed")
    assert (entry.before["text"], entry.after["text"]) == (before, "Something less")
    assert entry.after["owner"] == finance_officer.pk


def test_a_promise_is_opened_again_only_with_a_reason_and_only_when_done(promise, officer):
    with pytest.raises(EngagementRefused, match="open already"):
        services.reopen_promise(promise=promise, revision=1, reason="x", by=officer)
    with pytest.raises(EngagementRefused, match="Say why"):
        services.reopen_promise(promise=promise, revision=1, reason=" ", by=officer)


@pytest.mark.parametrize("state", PromiseState)
def test_the_database_and_the_record_agree_on_every_state(activity, state):
    days = [TODAY - timedelta(days=3), TODAY, TODAY + timedelta(days=3)]
    for due in days:
        PromiseFactory(activity=activity, due_on=due)
        PromiseFactory(activity=activity, due_on=due, done_on=TODAY)
        PromiseFactory(activity=activity, due_on=due, done_on=TODAY, told_back_on=TODAY)
    for day in days:
        found = set(Promise.objects.in_state(state, day))
        assert found == {promise for promise in Promise.objects.all() if promise.state_on(day) == state}
