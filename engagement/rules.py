"""Who may write down what people said, and who may keep the promises that were made to them."""

from __future__ import annotations

from dataclasses import dataclass

from localities.models import Locality
from localities.rules import led_locality_ids
from partnerships.enums import Role
from partnerships.permissions import EVERY_ROLE, YES, Answer, Standing, permission

from .models import Activity, Promise

VIEW_ENGAGEMENT = permission("engagement.view", "Reading the engagement records", *EVERY_ROLE, writes=False)
LOG_ACTIVITY = permission(
    "engagement.log",
    "Logging what people said",
    Role.PLANNING_OFFICER,
    Role.CHIEF_OFFICER,
    Role.LOCALITY_LEAD,
    source="2014 Act ss.33, 41",
)
# Whoever sees to a promise keeps it, whatever else they do; `may_keep` asks whose it is.
KEEP_PROMISES = permission(
    "engagement.keep_promises", "Keeping a promise", *(EVERY_ROLE - {Role.AUDITOR, Role.SUPPORT})
)
# These work for the whole area; a locality lead for the localities that they lead.
AREA_WIDE_ROLES = (Role.PLANNING_OFFICER, Role.CHIEF_OFFICER)


@dataclass(frozen=True)
class Reach:
    """For which localities one person may write: all of them and the whole area, or those that they lead."""

    standing: Standing
    everywhere: bool
    locality_ids: frozenset[int]

    def covers(self, locality_id: int | None) -> Answer:
        """Whether the person may write for this locality; None is the whole area."""
        if self.everywhere or locality_id in self.locality_ids:
            return YES
        if not self.locality_ids:
            return Answer(
                False,
                f"You lead no locality of {self.standing.partnership} today, so there is none that you can write "
                "for. An administrator can appoint you.",
            )
        if locality_id is None:
            return Answer(
                False,
                "Only a planning officer or the chief officer writes for the whole area. "
                "Choose the locality that you lead.",
            )
        return Answer(False, "You write for the localities that you lead, and this is not one of them.")

    def answers_for(self, owner_id: int | None, locality_id: int | None) -> bool:
        """Whether a promise of that owner and place is this person's to see to, if they may at all."""
        return owner_id == self.standing.user.pk or bool(self.covers(locality_id))

    def keeps(self, promise: Promise) -> Answer:
        """Whether the person may see to this promise: its owner, or whoever writes for the place."""
        allowed = self.standing.may(KEEP_PROMISES)
        if not allowed or self.answers_for(promise.owner_id, promise.activity.locality_id):
            return allowed
        place = promise.activity.locality or "the whole area"
        return Answer(
            False,
            f"Only {promise.owner or 'a planning officer'}, who sees to this promise, or somebody who writes for "
            f"{place} may do this. You hold: {self.standing.role_names}.",
        )


def reach_of(standing: Standing) -> Reach:
    """How far this person's writing reaches today. One query for a locality lead, none for others."""
    if standing.holds(*AREA_WIDE_ROLES):
        return Reach(standing, everywhere=True, locality_ids=frozenset())
    return Reach(standing, everywhere=False, locality_ids=led_locality_ids(standing))


def may_log_for(standing: Standing, locality: Locality | None) -> Answer:
    """Whether this person may log an activity there; None is the whole area."""
    return standing.may(LOG_ACTIVITY) and reach_of(standing).covers(locality.pk if locality else None)


def may_change(standing: Standing, activity: Activity) -> Answer:
    """Whether this person may change the record: whoever may log for the place where it was."""
    return standing.may(LOG_ACTIVITY) and reach_of(standing).covers(activity.locality_id)


def may_keep(standing: Standing, promise: Promise) -> Answer:
    """Whether this person may say that the promise is done or told back."""
    return reach_of(standing).keeps(promise)
