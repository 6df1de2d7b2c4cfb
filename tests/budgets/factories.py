"""Budgets made up for tests."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from budgets.enums import Arm, FundKind, Likelihood, ReserveFlow, ReserveKind, Setting, SpendCategory
from budgets.models import (
    Budget,
    BudgetLine,
    CareGroup,
    Contribution,
    Direction,
    DirectionTarget,
    LocalityShare,
    Reserve,
    ReserveMovement,
    Risk,
    Saving,
)
from budgets.rules import arm_of
from tests.factories import PartnershipFactory
from tests.localities.factories import LocalityFactory


class BudgetFactory(DjangoModelFactory):
    class Meta:
        model = Budget

    partnership = factory.SubFactory(PartnershipFactory)
    year = 2026


class ContributionFactory(DjangoModelFactory):
    """A payment by the health board."""

    class Meta:
        model = Contribution

    budget = factory.SubFactory(BudgetFactory)
    body = factory.LazyAttribute(lambda row: row.budget.partnership.health_board)
    kind = FundKind.PAYMENT
    amount = Decimal("1000.00")


class BudgetLineFactory(DjangoModelFactory):
    """A line of 100 pounds, delivered by the health board and paid for from the payments."""

    class Meta:
        model = BudgetLine

    budget = factory.SubFactory(BudgetFactory)
    title = factory.Sequence(lambda n: f"Line {n}")
    delivered_by = factory.LazyAttribute(lambda row: row.budget.partnership.health_board)
    category = SpendCategory.OTHER_HEALTH
    setting = Setting.COMMUNITY
    arm = factory.LazyAttribute(lambda line: arm_of(FundKind(line.fund), line.delivered_by))
    fund = FundKind.PAYMENT
    amount = Decimal("100.00")
    position = factory.Sequence(lambda n: n)


class LocalityShareFactory(DjangoModelFactory):
    class Meta:
        model = LocalityShare

    line = factory.SubFactory(BudgetLineFactory)
    locality = factory.LazyAttribute(lambda share: LocalityFactory(partnership=share.line.budget.partnership))
    amount = Decimal("10.00")


class DirectionFactory(DjangoModelFactory):
    """A draft to the health board with everything that section 27 asks for but functions and money by line."""

    class Meta:
        model = Direction
        skip_postgeneration_save = True

    budget = factory.SubFactory(BudgetFactory)
    partnership = factory.LazyAttribute(lambda direction: direction.budget.partnership)
    title = factory.Sequence(lambda n: f"Direction {n}")
    text = "Provide district nursing in every locality."
    use_of_money = "For nurses and their travel."
    amount = Decimal("1000.00")
    approved_on = date(2026, 3, 20)
    minute_reference = "Minute 12 of 20 March 2026"
    starts_on = date(2026, 4, 1)
    review_on = date(2027, 1, 31)

    @factory.post_generation
    def bodies(self, create, extracted, **_):
        if create:
            for body in extracted or [self.partnership.health_board]:
                DirectionTarget.objects.create(direction=self, body=body)

    @factory.post_generation
    def functions(self, create, extracted, **_):
        if create and extracted:
            self.functions.set(extracted)


class ReserveFactory(DjangoModelFactory):
    """A reserve that the board has earmarked, with nothing in it."""

    class Meta:
        model = Reserve

    partnership = factory.SubFactory(PartnershipFactory)
    name = factory.Sequence(lambda n: f"Reserve {n}")
    kind = ReserveKind.EARMARKED
    purpose = "For winter."


class ReserveMovementFactory(DjangoModelFactory):
    """A hundred pounds into a reserve on the first day of the year."""

    class Meta:
        model = ReserveMovement

    budget = factory.SubFactory(BudgetFactory)
    reserve = factory.LazyAttribute(lambda row: ReserveFactory(partnership=row.budget.partnership))
    flow = ReserveFlow.IN
    amount = Decimal("100.00")
    moved_on = factory.LazyAttribute(lambda row: row.budget.starts_on)
    reason = "An underspend"


class RiskFactory(DjangoModelFactory):
    class Meta:
        model = Risk

    budget = factory.SubFactory(BudgetFactory)
    title = factory.Sequence(lambda n: f"Risk {n}")
    lowest = Decimal("100.00")
    highest = Decimal("500.00")
    likelihood = Likelihood.MEDIUM
    mitigation = "Monthly review of the largest packages."


class SavingFactory(DjangoModelFactory):
    """A saving of a thousand pounds that nobody has forecast or assessed."""

    class Meta:
        model = Saving

    budget = factory.SubFactory(BudgetFactory)
    reference = factory.Sequence(lambda n: f"SV{n}")
    title = "Fewer journeys"
    lead = "Head of finance"
    arm = Arm.HEALTH_BOARD
    target = Decimal("1000.00")


class CareGroupFactory(DjangoModelFactory):
    class Meta:
        model = CareGroup

    partnership = factory.SubFactory(PartnershipFactory)
    name = factory.Sequence(lambda n: f"Care group {n}")
