"""What a live block of a published version would show today, as far as it is for everybody to see."""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone

from engagement.models import Promise
from localities.models import Locality

from ..blocks import Reference
from ..editions import ActivityPart, BlockPart
from ..enums import BlockKind
from ..models import Plan, PlanVersion
from .blocks import of_budget, of_indicator, of_locality
from .figures import budgets_of_years, indicators_of


def frozen_block(version: PlanVersion, written: str) -> BlockPart | None:
    """The block of this name as the version froze it; None if it holds none, or none whose figures go on changing."""
    reference = Reference.read(written)
    if reference is None or not reference.has_latest:
        return None
    return next((one for one in version.snapshot.edition.blocks if one.reference == str(reference)), None)


def latest_block(plan: Plan, frozen: BlockPart) -> BlockPart | None:
    """The same with the figures of today; None where none are public.

    Published statistics and localities are public, a budget once it is agreed. What was heard is not published by
    being logged: of the promises that the version tells, the state of today. Two queries at most.
    """
    reference = Reference.read(frozen.reference)
    match reference:
        case Reference(BlockKind.INDICATOR, code):
            parts = indicators_of([code], plan.partnership)[0]
            held = code in parts and any(point.value is not None for point in parts[code].points)
            return of_indicator(frozen, parts[code]) if held else None
        case Reference(BlockKind.BUDGET):
            budgets = budgets_of_years(plan.partnership, [reference.year])
            return next((of_budget(frozen, one) for one in budgets if one.part.is_agreed), None)
        case Reference(BlockKind.LOCALITY, slug):
            place = Locality.objects.filter(partnership=plan.partnership, slug=slug).first()
            return of_locality(frozen, place, place.profile) if place and place.population else None
    return _told_today(plan, frozen)


def _told_today(plan: Plan, frozen: BlockPart) -> BlockPart | None:
    if frozen.engagement is None:
        return None
    keys = [promise.key for activity in frozen.engagement.activities for promise in activity.promises]
    today = timezone.localdate()
    promises = Promise.objects.for_partnership(plan.partnership).filter(pk__in=keys)
    states = {promise.pk: str(promise.state_on(today).label) for promise in promises}
    activities = tuple(_with_states(activity, states) for activity in frozen.engagement.activities)
    return replace(frozen, engagement=replace(frozen.engagement, activities=activities))


def _with_states(activity: ActivityPart, states: dict[int, str]) -> ActivityPart:
    promises = tuple(replace(one, state=states.get(one.key, one.state)) for one in activity.promises)
    return replace(activity, promises=promises)
