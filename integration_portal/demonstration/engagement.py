"""The demonstration's engagement: what people are said to have told the locality leads. All of it is invented."""

from __future__ import annotations

import tomllib
import uuid
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from engagement.enums import Method
from engagement.models import Activity, Group
from engagement.services import PromiseGiven, log_activity, mark_promise_done, tell_back
from localities.models import Locality
from partnerships.models import Partnership, User

from .people import PEOPLE, person
from .plans import CONTENT


def log_activities(partnership: Partnership) -> None:
    """What content/activities.toml tells is logged by the locality's lead, or by the officer for the whole area."""
    localities = {locality.slug: locality for locality in Locality.objects.for_partnership(partnership)}
    groups = {group.number: group for group in Group.objects.all()}
    leads = {one.leads: person(one.email) for one in PEOPLE if one.leads}
    officer = person("officer@demo.example")
    for described in tomllib.loads((CONTENT / "activities.toml").read_text())["activity"]:
        locality = localities.get(described["locality"])
        by = leads[locality.slug] if locality else officer
        promised = described.get("promise")
        activity = log_activity(
            partnership=partnership,
            by=by,
            submission=uuid.uuid4(),
            promise=PromiseGiven(promised["text"], _day(-promised["due_in_days"]), by) if promised else None,
            held_on=_day(described["held_days_ago"]),
            place=described["place"],
            method=Method(described["method"]),
            attendance=described["attendance"],
            heard=described["heard"].strip(),
            groups=[groups[number] for number in described["groups"]],
            locality=locality,
        )
        if promised:
            _follow_up(activity, promised, by)


def _follow_up(activity: Activity, promised: dict[str, Any], by: User) -> None:
    promise = activity.promises.get()
    if "done_days_ago" in promised:
        done_on = _day(promised["done_days_ago"])
        promise = mark_promise_done(promise=promise, revision=promise.revision, done_on=done_on, by=by)
    if "told_back_days_ago" in promised:
        tell_back(
            promise=promise,
            revision=promise.revision,
            told_back_on=_day(promised["told_back_days_ago"]),
            how=promised["told_back_how"],
            by=by,
        )


def _day(days_ago: int) -> date:
    return timezone.localdate() - timedelta(days=days_ago)
