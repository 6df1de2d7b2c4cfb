"""Claims about clocks, terms and roles that the law or the design makes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from .enums import BodyKind, FunctionSetting, Role
from .models import Body, IntegrationScheme, Partnership

SCHEME_REVIEW_YEARS = 5
AUDITOR_TERM_MONTHS = 12
INVITATION_LIFETIME = timedelta(days=14)

# What an administrator can give. Support goes through a grant, a national viewer belongs to no partnership.
ROLES_TO_GIVE = tuple(role for role in Role if role not in {Role.SUPPORT, Role.NATIONAL_VIEWER})


def anniversary(day: date, years: int) -> date:
    """The same day that many years later; for 29 February in a common year, 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def last_day_within(years: int, anchor: date) -> date:
    """The last day before the expiry of that many years beginning with the anchor (2014 Act ss.37(10), 44(5))."""
    return anniversary(anchor, years) - timedelta(days=1)


def last_day_of_auditor_term(starts_on: date) -> date:
    """An auditor's access ends at the latest twelve months after it began."""
    return last_day_within(1, starts_on)


def scheme_review_anchor(scheme: IntegrationScheme) -> date | None:
    """The day from which the five years to the next review run; None while the dates are not recorded.

    That is the approval of the first scheme, the day on which a revised one took effect, or a later decision that
    no change was needed (2014 Act s.44(5)).
    """
    began = scheme.approved_on if scheme.version == 1 else scheme.effective_on
    return max((day for day in (began, scheme.last_review_on) if day), default=None)


def scheme_review_due(scheme: IntegrationScheme) -> date | None:
    """The last day for the next review of the scheme (2014 Act s.44(5))."""
    anchor = scheme_review_anchor(scheme)
    return last_day_within(SCHEME_REVIEW_YEARS, anchor) if anchor else None


def may_be_large_hospital(delegated_by: str, setting: str) -> bool:
    """Only a health board's function carried out in a hospital can be set aside for (2014 Act s.1(14))."""
    return delegated_by == BodyKind.HEALTH_BOARD and setting == FunctionSetting.HOSPITAL


def bodies_of(partnership: Partnership) -> list[Body]:
    """The constituent authorities: the health board first, then the councils."""
    return [partnership.health_board, *partnership.councils.all()]


def faults_of_role(
    *,
    role: str,
    body: Body | None,
    bodies: Collection[Body],
    starts_on: date,
    ends_on: date | None,
) -> dict[str, str]:
    """What is wrong with a role as it is to be given: the field and the words. Empty when it can be given.

    `bodies` are those of the partnership (see bodies_of).
    """
    faults = {}
    if role not in ROLES_TO_GIVE:
        faults["role"] = "Choose a role that belongs to a partnership."
    if role == Role.PARTNER_OFFICER and body not in bodies:
        faults["body"] = "Choose the council or health board of this partnership for which the person works."
    if role != Role.PARTNER_OFFICER and body is not None:
        faults["body"] = "Only a partner officer acts for one body. Leave this empty for any other role."
    if ends_on and ends_on < starts_on:
        faults["ends_on"] = "The last day is before the first day."
    elif role == Role.AUDITOR:
        latest = last_day_of_auditor_term(starts_on)
        if ends_on is None:
            faults["ends_on"] = "An auditor's access is for a time. Enter the last day."
        elif ends_on > latest:
            faults["ends_on"] = (
                f"An auditor's access lasts twelve months at most, here until {words_of(latest)}."
            )
    return faults


def words_of(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
