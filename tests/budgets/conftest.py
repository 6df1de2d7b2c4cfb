from decimal import Decimal

import pytest

from budgets.models import Budget, BudgetLine
from localities.models import Locality
from partnerships.models import Body, DelegatedFunction
from tests.factories import DelegatedFunctionFactory, IntegrationModelPeriodFactory
from tests.localities.factories import LocalityFactory

from .factories import BudgetFactory, BudgetLineFactory


@pytest.fixture
def board(partnership) -> Body:
    return partnership.health_board


@pytest.fixture
def council(partnership) -> Body:
    return partnership.councils.get()


@pytest.fixture
def joint_board(partnership):
    """Angus works as an integration joint board."""
    return IntegrationModelPeriodFactory(partnership=partnership)


@pytest.fixture
def budget(partnership, joint_board) -> Budget:
    return BudgetFactory(partnership=partnership)


@pytest.fixture
def line(budget) -> BudgetLine:
    return BudgetLineFactory(budget=budget, title="District nursing", amount=Decimal("1000.00"))


@pytest.fixture
def large_hospital(partnership) -> DelegatedFunction:
    return DelegatedFunctionFactory(
        partnership=partnership, title="General medicine", setting="hospital", is_large_hospital=True
    )


@pytest.fixture
def north(partnership) -> Locality:
    return LocalityFactory(partnership=partnership, name="North", slug="north")


@pytest.fixture
def south(partnership) -> Locality:
    return LocalityFactory(partnership=partnership, name="South", slug="south")
