import pytest

from engagement.models import Activity, Group, Promise
from localities.models import Locality
from partnerships.models import User
from tests.localities.factories import LocalityFactory, LocalityLeadFactory

from .factories import ActivityFactory, GroupFactory, PromiseFactory


@pytest.fixture
def north(partnership) -> Locality:
    return LocalityFactory(partnership=partnership, name="North", slug="north")


@pytest.fixture
def south(partnership) -> Locality:
    return LocalityFactory(partnership=partnership, name="South", slug="south")


@pytest.fixture
def north_lead(north, locality_lead) -> User:
    LocalityLeadFactory(locality=north, membership=locality_lead.memberships.get())
    return locality_lead


@pytest.fixture
def carers(db) -> Group:
    return GroupFactory(number=3, short_name="Carers of users of health care")


@pytest.fixture
def young(db) -> Group:
    return GroupFactory(number=15, short_name="Young people", is_prescribed=False)


@pytest.fixture
def activity(partnership, north, carers, officer) -> Activity:
    return ActivityFactory(partnership=partnership, locality=north, groups=[carers], logged_by=officer)


@pytest.fixture
def promise(activity, officer) -> Promise:
    return PromiseFactory(activity=activity, owner=officer)
