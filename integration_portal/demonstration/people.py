"""The people of the demonstration: one login a role, plus the leads of the other localities and a neighbour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet
from django.utils import timezone

from foundation.audit.services import SYSTEM
from localities.models import Locality
from localities.services import appoint_lead
from partnerships.enums import BodyKind, Role
from partnerships.models import Body, Partnership, User
from partnerships.services.people import create_person, grant_national_view, grant_role
from partnerships.services.support import grant_support

from . import PASSWORD

REASON = "Demonstration"
AUDIT_PERIOD = timedelta(days=180)


@dataclass(frozen=True)
class Person:
    """A login. `leads` is the slug of a locality. A partner officer `speaks_for` a body."""

    email: str
    name: str
    role: Role
    partnership: str = "edinburgh"
    leads: str = ""
    speaks_for: BodyKind = BodyKind.HEALTH_BOARD
    is_shown: bool = True
    does: str = ""


PEOPLE = (
    Person("officer@demo.example", "Morag Demo", Role.PLANNING_OFFICER, does="writes the strategic plan"),
    Person("chief@demo.example", "Catriona Demo", Role.CHIEF_OFFICER, does="publishes the plan"),
    Person(
        "lead@demo.example",
        "Iain Demo",
        Role.LOCALITY_LEAD,
        leads="edinburgh-north-east",
        does="logs engagement, writes North East's arrangements",
    ),
    Person(
        "finance@demo.example", "Priya Demo", Role.FINANCE_OFFICER, does="allocates the integrated budget"
    ),
    Person("cfo@demo.example", "Ewan Demo", Role.CHIEF_FINANCE_OFFICER, does="agrees the budget"),
    Person("clerk@demo.example", "Fergus Demo", Role.CLERK, does="keeps the scheme's record"),
    Person(
        "group@demo.example",
        "Shona Demo",
        Role.PLANNING_GROUP_MEMBER,
        does="reads and comments as a member of the strategic planning group",
    ),
    Person("partner@demo.example", "Aisha Demo", Role.PARTNER_OFFICER, does="speaks for NHS Lothian"),
    Person(
        "council@demo.example",
        "Callum Demo",
        Role.PARTNER_OFFICER,
        speaks_for=BodyKind.COUNCIL,
        does="speaks for the City of Edinburgh Council",
    ),
    Person(
        "highland@demo.example",
        "Eilidh Demo",
        Role.FINANCE_OFFICER,
        partnership="highland",
        does="keeps the budget of a lead agency, in Highland",
    ),
    Person("auditor@demo.example", "Alasdair Demo", Role.AUDITOR, does="reads everything, changes nothing"),
    Person("admin@demo.example", "Kirsten Demo", Role.ADMINISTRATOR, does="invites people and gives roles"),
    Person(
        "national@demo.example",
        "Nadia Demo",
        Role.NATIONAL_VIEWER,
        partnership="",
        does="sees all of Scotland",
    ),
    Person("support@demo.example", "Stuart Demo", Role.SUPPORT, does="helps, for hours, and is recorded"),
    Person(
        "lead.north.west@demo.example",
        "Effie Demo",
        Role.LOCALITY_LEAD,
        leads="edinburgh-north-west",
        is_shown=False,
    ),
    Person(
        "lead.south.east@demo.example",
        "Ruaridh Demo",
        Role.LOCALITY_LEAD,
        leads="edinburgh-south-east",
        is_shown=False,
    ),
    Person(
        "lead.south.west@demo.example",
        "Senga Demo",
        Role.LOCALITY_LEAD,
        leads="edinburgh-south-west",
        is_shown=False,
    ),
    Person(
        "angus@demo.example",
        "Hamish Demo",
        Role.PLANNING_OFFICER,
        partnership="angus",
        does="works in Angus, and sees nothing of Edinburgh",
    ),
)


def logins() -> str:
    """What script/server prints: who can sign in, and with what."""
    shown = [person for person in PEOPLE if person.is_shown]
    rows = [f"  {person.email:<24} {person.role.label:<34} {person.does}" for person in shown]
    return "\n".join([f"Password for all of them: {PASSWORD}", *rows])


def person(email: str) -> User:
    return User.objects.get(email=email)


def invite_everybody() -> None:
    """Each person has an account with the demonstration's password, and the role."""
    made: list[int] = []
    for one in PEOPLE:
        user = User.objects.filter(email=one.email).first()
        if user is None:
            user = create_person(email=one.email, name=one.name, by=SYSTEM, is_staff=one.role is Role.SUPPORT)
            made.append(user.pk)
        if not (user.memberships.exists() or user.support_grants.exists()):
            _give_role(one, user)
    _give_password(User.objects.filter(pk__in=made))


def _give_password(people: QuerySet[User]) -> None:
    """They share the demonstration's password: hashed once for all, as hashing is slow on purpose."""
    people.update(password=make_password(PASSWORD), is_active=True)


def _give_role(one: Person, user: User) -> None:
    if one.role is Role.NATIONAL_VIEWER:
        grant_national_view(user=user, by=SYSTEM, ends_on=None, reason=REASON)
        return
    partnership = Partnership.objects.select_related("health_board").get(slug=one.partnership)
    if one.role is Role.SUPPORT:
        admin = person("admin@demo.example")
        grant_support(partnership=partnership, user=user, hours=8, reason=REASON, by=admin)
        return
    today = timezone.localdate()
    membership = grant_role(
        user=user,
        partnership=partnership,
        role=one.role,
        by=SYSTEM,
        ends_on=today + AUDIT_PERIOD if one.role is Role.AUDITOR else None,
        body=_body_of(one, partnership),
        reason=REASON,
    )
    if one.leads:
        appoint_lead(
            locality=Locality.objects.get(partnership=partnership, slug=one.leads),
            membership=membership,
            by=person("chief@demo.example"),
            starts_on=today,
        )


def _body_of(one: Person, partnership: Partnership) -> Body | None:
    if one.role is not Role.PARTNER_OFFICER:
        return None
    return partnership.health_board if one.speaks_for is BodyKind.HEALTH_BOARD else partnership.councils.get()


def forget_everybody() -> None:
    """Their accounts stay, as the audit trail names them, without roles or second factors, with the first password."""
    people = User.objects.filter(email__in=[one.email for one in PEOPLE])
    for user in people:
        user.memberships.all().delete()
        user.support_grants.all().delete()
        Authenticator.objects.filter(user=user).delete()
    _give_password(people)
