"""The verbs of engagement. Each is one transaction with one audit entry that holds what was and what is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NotRequired, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation import audit
from foundation.sgds.formats import date_uk
from localities.models import Locality
from partnerships.models import Membership, Partnership, User

from .enums import Method
from .models import Activity, Group, Promise
from .refusals import (
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

FIRST_DAY = date(2014, 4, 1)  # the 2014 Act received Royal Assent on this day
RECORDED = ("locality", "held_on", "place", "method", "groups", "attendance", "heard")
PROMISE_RECORDED = ("text", "owner", "due_on", "done_on", "told_back_on", "told_back_how")


class ActivityFields(TypedDict):
    """What a record of an activity says. No locality: the whole area."""

    held_on: date
    place: str
    heard: str
    groups: Collection[Group]
    locality: NotRequired[Locality | None]
    method: NotRequired[Method]
    attendance: NotRequired[int | None]


@dataclass(frozen=True)
class PromiseGiven:
    """A promise as it was made: what, by when, and who sees to it (nobody named: who logs it)."""

    text: str
    due_on: date
    owner: User | None = None


@transaction.atomic
def log_activity(
    *,
    partnership: Partnership,
    by: User,
    submission: UUID,
    promise: PromiseGiven | None = None,
    **fields: Unpack[ActivityFields],
) -> Activity:
    """The activity is logged, with the promise if one was made. Sent twice with the same `submission`, it is one.

    Raises OutsideThePartnership, NotYetHappened, NobodyHeard, SubmissionUsed, and ValidationError for what the fields
    cannot hold. Source: 2014 Act ss.33 and 41, which ask that views are sought and taken into account.
    """
    if known := Activity.objects.filter(submission=submission).first():
        return _sent_again(known, partnership, by)
    activity = Activity(partnership=partnership, submission=submission, logged_by=by, changed_by=by)
    groups = _set_fields(activity, fields)
    try:
        with transaction.atomic():
            activity.save()
    except IntegrityError:
        # The same form arrived twice at once; the other one was first.
        return _sent_again(Activity.objects.get(submission=submission), partnership, by)
    activity.groups.set(groups)
    if promise is not None:
        _save_promise(activity, promise, by)
    audit.record(
        by=by,
        action="engagement.activity_logged",
        subject=activity,
        tenant=partnership.slug,
        after={
            **audit.snapshot(activity, RECORDED),
            "promise": {"text": promise.text, "due_on": promise.due_on} if promise else None,
        },
    )
    return activity


def _sent_again(known: Activity, partnership: Partnership, by: User) -> Activity:
    if known.partnership_id == partnership.pk and known.logged_by_id == by.pk:
        return known
    raise SubmissionUsed("This form was sent before. Open a fresh one and copy your text into it.")


@transaction.atomic
def change_activity(
    *, activity: Activity, revision: int, by: User, **fields: Unpack[ActivityFields]
) -> Activity:
    """The record says what `fields` say; the audit trail keeps what it said before.

    `revision` is the one that was read. Raises what `log_activity` raises, and ActivityChangedMeanwhile when somebody
    saved the record in between.
    """
    current = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    if current.revision != revision:
        raise ActivityChangedMeanwhile(current)
    before = audit.snapshot(current, RECORDED)
    groups = _set_fields(current, fields)
    current.revision += 1
    current.changed_by = by
    current.save()
    current.groups.set(groups)
    audit.record(
        by=by,
        action="engagement.activity_changed",
        subject=current,
        tenant=current.partnership.slug,
        before=before,
        after=audit.snapshot(current, RECORDED),
    )
    return current


def _set_fields(activity: Activity, fields: ActivityFields) -> Collection[Group]:
    """The activity has the fields, checked but not saved; its groups are handed back to be set after saving."""
    plain = {name: value for name, value in fields.items() if name != "groups"}
    for name, value in plain.items():
        setattr(activity, name, value)
    locality = activity.locality
    if locality is not None and locality.partnership_id != activity.partnership_id:
        raise OutsideThePartnership(
            {"locality": f"{locality} is not a locality of {activity.partnership}. Choose one of its own."}
        )
    _check_day(activity.held_on, field="held_on")
    if not fields["groups"]:
        raise NobodyHeard({"groups": "Choose at least one group: who was heard?"})
    activity.full_clean(validate_unique=False)
    return fields["groups"]


def _check_day(day: date, *, field: str, not_before: date = FIRST_DAY, before_what: str = "") -> None:
    today = timezone.localdate()
    if day > today:
        raise NotYetHappened({field: f"Enter a day up to today, {date_uk(today)}: it has happened already."})
    if day < not_before:
        raise EngagementRefused(
            {field: f"Enter a day from {date_uk(not_before)} on{f', {before_what}' if before_what else ''}."}
        )


@transaction.atomic
def add_promise(*, activity: Activity, promise: PromiseGiven, by: User) -> Promise:
    """One more promise belongs to the activity.

    Raises OutsideThePartnership for an owner without a role here, EngagementRefused for a day before the activity,
    and ValidationError for what the fields cannot hold.
    """
    added = _save_promise(activity, promise, by)
    _record_promise(added, by=by, action="engagement.promise_added", before=None)
    return added


def _save_promise(activity: Activity, given: PromiseGiven, by: User) -> Promise:
    promise = Promise(activity=activity, text=given.text, due_on=given.due_on, owner=given.owner or by)
    _check_promise(promise)
    promise.save()
    return promise


def _check_promise(promise: Promise) -> None:
    activity = promise.activity
    if promise.due_on < activity.held_on:
        raise EngagementRefused(
            {
                "due_on": f"Enter a day from {date_uk(activity.held_on)} on, "
                "when the promise was made: it cannot be due before."
            }
        )
    member = Membership.objects.on(timezone.localdate()).filter(
        user=promise.owner, partnership=activity.partnership_id
    )
    if promise.owner is None or not member.exists():
        raise OutsideThePartnership(
            {"owner": f"Choose somebody with a role in {activity.partnership} to see to the promise."}
        )
    promise.full_clean(validate_unique=False, validate_constraints=False)


@transaction.atomic
def change_promise(
    *, promise: Promise, revision: int, text: str, due_on: date, owner: User, by: User
) -> Promise:
    """The promise has these words, this day and this owner; the audit trail keeps what was promised first.

    Raises what `add_promise` raises, PromiseIsKept once it was told back, and PromiseChangedMeanwhile.
    """
    current = _held_promise(promise, revision)
    if current.told_back_on:
        raise PromiseIsKept("This promise is kept and told back, so its words stand.")
    before = audit.snapshot(current, PROMISE_RECORDED)
    current.text, current.due_on, current.owner = text, due_on, owner
    _check_promise(current)
    return _save_change(current, by=by, action="engagement.promise_changed", before=before)


@transaction.atomic
def mark_promise_done(*, promise: Promise, revision: int, done_on: date, by: User) -> Promise:
    """What was promised is done. It is kept only when the people were told: `tell_back`.

    Raises PromiseIsKept when it is done already, NotYetHappened, EngagementRefused for a day before it was promised,
    and PromiseChangedMeanwhile.
    """
    current = _held_promise(promise, revision)
    if current.done_on:
        raise PromiseIsKept(f"This promise was done on {date_uk(current.done_on)} already.")
    _check_day(
        done_on, field="done_on", not_before=current.activity.held_on, before_what="when the promise was made"
    )
    before = audit.snapshot(current, PROMISE_RECORDED)
    current.done_on = done_on
    return _save_change(current, by=by, action="engagement.promise_done", before=before)


@transaction.atomic
def tell_back(*, promise: Promise, revision: int, told_back_on: date, how: str, by: User) -> Promise:
    """The people who heard the promise know that it is done, so it is kept.

    Raises PromiseNotDone, EngagementRefused without a word on how they were told, NotYetHappened, PromiseIsKept, and
    PromiseChangedMeanwhile.
    """
    current = _held_promise(promise, revision)
    if current.done_on is None:
        raise PromiseNotDone("Mark the promise as done first: there is nothing to tell back yet.")
    if current.told_back_on:
        raise PromiseIsKept(f"This promise was told back on {date_uk(current.told_back_on)} already.")
    if not how.strip():
        raise EngagementRefused({"how": "Say how the people were told. Without it the promise is not kept."})
    _check_day(
        told_back_on,
        field="told_back_on",
        not_before=current.done_on,
        before_what="when the promise was done",
    )
    before = audit.snapshot(current, PROMISE_RECORDED)
    current.told_back_on, current.told_back_how = told_back_on, how.strip()
    return _save_change(current, by=by, action="engagement.promise_told_back", before=before)


@transaction.atomic
def reopen_promise(*, promise: Promise, revision: int, reason: str, by: User) -> Promise:
    """The promise is open again, neither done nor told back, and the audit trail says why.

    Raises EngagementRefused without a reason or when it is open already, and PromiseChangedMeanwhile.
    """
    current = _held_promise(promise, revision)
    if not reason.strip():
        raise EngagementRefused({"reason": "Say why the promise is open again. It stays in the audit trail."})
    if current.done_on is None:
        raise EngagementRefused("This promise is open already.")
    before = audit.snapshot(current, PROMISE_RECORDED)
    current.done_on, current.told_back_on, current.told_back_how = None, None, ""
    return _save_change(
        current, by=by, action="engagement.promise_reopened", before=before, reason=reason.strip()
    )


def _held_promise(promise: Promise, revision: int) -> Promise:
    """The promise as it stands, locked. Raises PromiseChangedMeanwhile unless it has the revision that was read."""
    current = (
        Promise.objects.select_for_update(of=("self",))
        .select_related("activity__partnership")
        .get(pk=promise.pk)
    )
    if current.revision != revision:
        raise PromiseChangedMeanwhile(current)
    return current


def _save_change(
    promise: Promise, *, by: User, action: str, before: dict[str, object], reason: str = ""
) -> Promise:
    promise.full_clean(validate_unique=False)
    promise.revision += 1
    promise.save()
    _record_promise(promise, by=by, action=action, before=before, reason=reason)
    return promise


def _record_promise(
    promise: Promise, *, by: User, action: str, before: dict[str, object] | None, reason: str = ""
) -> None:
    audit.record(
        by=by,
        action=action,
        subject=promise,
        tenant=promise.activity.partnership.slug,
        before=before,
        after=audit.snapshot(promise, PROMISE_RECORDED),
        reason=reason,
    )
