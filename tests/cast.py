"""The fixed cast: the same people are asked the same questions in every app's tests.

All of them belong to `partnership` (Angus); `outsider` holds every role in `other_partnership` (Moray) and none here.
"""

from collections.abc import Callable

import pytest
from django.test import Client

from partnerships.enums import Role
from partnerships.middleware import SECOND_FACTOR_SESSION_KEY
from partnerships.models import Partnership, User

from .factories import (
    BodyFactory,
    HealthBoardFactory,
    MembershipFactory,
    PartnershipFactory,
    SupportGrantFactory,
    UserFactory,
)

# Support people get in through a grant, national viewers belong to no partnership.
ROLES_OF_A_PARTNERSHIP = [role for role in Role if role not in {Role.SUPPORT, Role.NATIONAL_VIEWER}]


@pytest.fixture
def partnership(db) -> Partnership:
    return PartnershipFactory(
        slug="angus",
        code="S37000003",
        name="Angus Integration Joint Board",
        short_name="Angus",
        health_board=HealthBoardFactory(code="S08000030", name="NHS Tayside"),
        councils=[BodyFactory(code="S12000041", name="Angus Council")],
    )


@pytest.fixture
def other_partnership(db) -> Partnership:
    return PartnershipFactory(
        slug="moray",
        code="S37000019",
        name="Moray Integration Joint Board",
        short_name="Moray",
        health_board=HealthBoardFactory(code="S08000020", name="NHS Grampian"),
        councils=[BodyFactory(code="S12000020", name="Moray Council")],
    )


def person(role: Role, partnership: Partnership | None, name: str) -> User:
    user = UserFactory(name=name, email=f"{role.value.replace('_', '.')}@example.scot")
    MembershipFactory(user=user, partnership=partnership, role=role)
    return user


@pytest.fixture
def officer(partnership) -> User:
    return person(Role.PLANNING_OFFICER, partnership, "Olive Officer")


@pytest.fixture
def locality_lead(partnership) -> User:
    """Holds the role; which locality is led is for tests of the localities app to say."""
    return person(Role.LOCALITY_LEAD, partnership, "Lewis Lead")


@pytest.fixture
def finance_officer(partnership) -> User:
    return person(Role.FINANCE_OFFICER, partnership, "Fiona Finance")


@pytest.fixture
def chief_finance_officer(partnership) -> User:
    return person(Role.CHIEF_FINANCE_OFFICER, partnership, "Callum Coffer")


@pytest.fixture
def chief_officer(partnership) -> User:
    return person(Role.CHIEF_OFFICER, partnership, "Catriona Chief")


@pytest.fixture
def clerk(partnership) -> User:
    return person(Role.CLERK, partnership, "Kirsty Clerk")


@pytest.fixture
def planning_group_member(partnership) -> User:
    return person(Role.PLANNING_GROUP_MEMBER, partnership, "Gordon Group")


@pytest.fixture
def partner_officer(partnership) -> User:
    """Speaks for the health board."""
    return person(Role.PARTNER_OFFICER, partnership, "Parveen Partner")


@pytest.fixture
def auditor(partnership) -> User:
    return person(Role.AUDITOR, partnership, "Audrey Auditor")


@pytest.fixture
def administrator(partnership) -> User:
    return person(Role.ADMINISTRATOR, partnership, "Adam Administrator")


@pytest.fixture
def national_viewer(db) -> User:
    return person(Role.NATIONAL_VIEWER, None, "Nadia National")


@pytest.fixture
def supporter(partnership) -> User:
    """Has support access for one more hour, and no role."""
    user = UserFactory(name="Stuart Support", email="support@example.scot")
    SupportGrantFactory(user=user, partnership=partnership)
    return user


@pytest.fixture
def stranger(db) -> User:
    """Can sign in and belongs nowhere."""
    return UserFactory(name="Struan Stranger", email="stranger@example.scot")


@pytest.fixture
def outsider(other_partnership) -> User:
    user = UserFactory(name="Oona Outsider", email="outsider@example.scot")
    for role in ROLES_OF_A_PARTNERSHIP:
        MembershipFactory(user=user, partnership=other_partnership, role=role)
    return user


@pytest.fixture
def cast(request) -> dict[Role, User]:
    """Every role with its person, for tests that ask all of them."""
    names = {Role.PLANNING_OFFICER: "officer", Role.SUPPORT: "supporter"}
    return {role: request.getfixturevalue(names.get(role, role.value)) for role in Role}


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """sign_in(user) gives a browser in which that person has signed in, with the second step taken."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        session = client.session
        session[SECOND_FACTOR_SESSION_KEY] = user.pk
        session.save()
        return client

    return signed_in
