"""Budgets made up for tests."""

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory


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


class SavingFactory(DjangoModelFactory):
    """A saving of a thousand pounds that nobody has forecast or assessed."""

    class Meta:
        model = Saving

    budget = factory.SubFactory(BudgetFactory)
    reference = factory.Sequence(lambda n: f"S{n}")
    title = "Fewer journeys"
    lead = "Head of finance"
    arm = Arm.HEALTH_BOARD
    target = Decimal("1000.00")
