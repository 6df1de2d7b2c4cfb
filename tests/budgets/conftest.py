from decimal import Decimal

import pytest

from budgets import services
from budgets.imports import edinburgh_2020_21
from budgets.models import Budget, BudgetLine, Period
from localities.models import Locality
from partnerships.enums import FunctionSetting
from partnerships.models import Body, DelegatedFunction, Partnership
from tests.factories import (
    BodyFactory,
    DelegatedFunctionFactory,
    HealthBoardFactory,
    IntegrationModelPeriodFactory,
    PartnershipFactory,
)
from tests.localities.factories import LocalityFactory

from .factories import BudgetFactory, BudgetLineFactory, ContributionFactory


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
def lines(budget, board, council) -> list[BudgetLine]:
    return [
        BudgetLineFactory(budget=budget, title="District nursing", amount=Decimal("1200.00")),
        BudgetLineFactory(
            budget=budget, title="Care at home", delivered_by=council, amount=Decimal("2400.00")
        ),
    ]


@pytest.fixture
def agreed(budget, lines, chief_finance_officer) -> Budget:
    """The year with these lines, agreed and paid for."""
    ContributionFactory(budget=budget, amount=Decimal("3600.00"))
    return services.agree_budget(budget=budget, by=chief_finance_officer)


@pytest.fixture
def april(agreed, finance_officer) -> Period:
    return services.begin_period(budget=agreed, number=1, by=finance_officer)


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


@pytest.fixture
def edinburgh() -> Partnership:
    """Edinburgh with the functions that its published table names."""
    partnership = PartnershipFactory(
        code="S37000012",
        slug="edinburgh",
        health_board=HealthBoardFactory(name="NHS Lothian"),
        councils=[BodyFactory(name="City of Edinburgh Council")],
    )
    IntegrationModelPeriodFactory(partnership=partnership)
    for code in {row.function for row in edinburgh_2020_21() if row.function}:
        is_hospital = code == "inpatient-general-medicine"
        DelegatedFunctionFactory(
            partnership=partnership,
            code=code,
            title=code.replace("-", " "),
            setting=FunctionSetting.HOSPITAL if is_hospital else FunctionSetting.COMMUNITY,
            is_large_hospital=is_hospital,
        )
    return partnership
