"""What the actions of the published plan ask of people: on the home page, and on the page of a locality."""

from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate

from foundation.sgds.formats import count_in_words
from localities.models import Locality
from localities.parts import Part
from localities.rules import led_locality_ids
from partnerships.home import Due
from partnerships.permissions import Standing

from ..enums import ActionStatus, PlanState
from ..models import Action, Plan
from ..rules import EDIT_PLAN, READ_PLAN, UPDATE_ACTIONS
from .actions import action_rows

# An owner is reminded so long before the day by which an action is promised, and after so long without a word.
NOTICE = timedelta(days=60)
QUIET = timedelta(days=90)
TOLD = ("pk", "number", "title", "owner", "starts_on", "due_on", "of", "plan", "reported_at")
# Put together once: that takes Django longer than the answer takes the database. A row for each update, the newest
# last: that costs less than grouping.
OPEN_ACTIONS: Any = (
    Action.objects.filter(
        priority__plan__state=PlanState.PUBLISHED,
        status__in=(ActionStatus.NOT_STARTED, ActionStatus.IN_PROGRESS),
    )
    .annotate(of=F("priority__number"), plan=F("priority__plan__slug"), reported_at=F("updates__made_at"))
    .order_by("of", "number", "reported_at")
    .values_list(*TOLD, named=True)
)


def actions_due(standing: Standing) -> list[Due]:
    """The actions that this person has to report on, and those that are late where they answer for the place.

    Only those of the published plan: a draft has promised nothing yet. At most two queries.
    """
    if not standing.may(UPDATE_ACTIONS):
        return []
    led = led_locality_ids(standing)
    due: list[Due] = []
    late: list[Any] = []
    for row in _open_actions(standing, with_places=bool(led)):
        url = reverse("strategic_plans:update_action", args=[standing.partnership.slug, row.plan, row.pk])
        name = f"“{row.of}.{row.number} {row.title}”"
        is_late = row.due_on is not None and row.due_on < standing.on
        late += [row] if is_late else []
        if row.owner == standing.user.pk and (is_late or _is_wanted(row, standing.on)):
            due.append(Due(f"Say how {name} stands", row.due_on, url, "Add an update", mine=True))
        elif is_late and led and led & set(row.places):
            words = f"{name} is late in a locality that you lead"
            due.append(Due(words, row.due_on, url, "Add an update"))
    if late and standing.may(EDIT_PLAN):
        url = reverse("strategic_plans:actions", args=[standing.partnership.slug, late[0].plan])
        said = count_in_words(len(late), "action of the plan is", "actions of the plan are").capitalize()
        first = min(row.due_on for row in late)
        due.append(Due(f"{said} late", first, f"{url}?status=late", "See which"))
    return due


def _is_wanted(row: Any, today: date) -> bool:
    """Whether its day comes near, or it should be under way and nobody has said anything for long."""
    if row.due_on and row.due_on - today <= NOTICE:
        return True
    heard = localdate(row.reported_at) if row.reported_at else row.starts_on
    return heard is not None and today - heard > QUIET


def _open_actions(standing: Standing, *, with_places: bool) -> list[Any]:
    """The person's own and the late ones, with their places if somebody asks who leads there."""
    rows = OPEN_ACTIONS.for_partnership(standing.partnership).filter(
        Q(owner=standing.user) | Q(due_on__lt=standing.on)
    )
    if with_places:
        places = Locality.objects.filter(plan_actions=OuterRef("pk")).values_list("pk")
        rows = rows.annotate(places=ArraySubquery(places)).values_list(*TOLD, "places", named=True)
    return list({row.pk: row for row in rows}.values())


def locality_actions(standing: Standing, locality: Locality) -> Part | None:
    """What the published plan, or else the newest draft, promises to do in this locality. Two queries."""
    if not standing.may(READ_PLAN):
        return None
    plans = Plan.objects.for_partnership(standing.partnership).exclude(state=PlanState.SUPERSEDED)
    plan = plans.order_by("-state", "-pk").first()
    if plan is None:
        return None
    plan.partnership = standing.partnership
    everything = action_rows(plan)
    here = [row for row in everything if locality.pk in row.locality_keys]
    if not everything:
        return None
    base = reverse("strategic_plans:actions", args=[standing.partnership.slug, plan.slug])
    elsewhere = sum(not row.localities for row in everything)
    said = count_in_words(elsewhere, "action is for the whole area", "actions are for the whole area")
    context = {
        "rows": here,
        "elsewhere": f"{said.capitalize()}:" if elsewhere else "",
        "base": base,
        "slug": locality.slug,
        "plan": plan,
    }
    return Part("What the plan will do here", "strategic_plans/locality_actions.html", context)
