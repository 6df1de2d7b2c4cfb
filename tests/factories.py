"""People and partnerships made up for tests. Factories of the other apps stand in tests/<app>/factories.py."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory, Password

from partnerships.enums import BodyKind, FunctionSetting, IntegrationModel, Role
from partnerships.models import (
    Body,
    DelegatedFunction,
    IntegrationModelPeriod,
    IntegrationScheme,
    Invitation,
    Membership,
    Partnership,
    PostHolder,
    SupportGrant,
    User,
)

PASSWORD = "quiet-heather-over-nine-hills"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.scot")
    password = Password(PASSWORD)


class BodyFactory(DjangoModelFactory):
    class Meta:
        model = Body

    kind = BodyKind.COUNCIL
    code = factory.Sequence(lambda n: f"S12{900_000 + n}")
    name = factory.Sequence(lambda n: f"Council {n}")


class HealthBoardFactory(BodyFactory):
    kind = BodyKind.HEALTH_BOARD
    code = factory.Sequence(lambda n: f"S08{900_000 + n}")
    name = factory.Sequence(lambda n: f"NHS Board {n}")


class PartnershipFactory(DjangoModelFactory):
    """An integration joint board of one health board and one council, unless `councils` names others."""

    class Meta:
        model = Partnership
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"partnership-{n}")
    code = factory.Sequence(lambda n: f"S37{900_000 + n}")
    name = factory.Sequence(lambda n: f"Partnership {n} Integration Joint Board")
    short_name = factory.Sequence(lambda n: f"Partnership {n}")
    health_board = factory.SubFactory(HealthBoardFactory)

    @factory.post_generation
    def councils(self, create, extracted, **_):
        if create:
            self.councils.set(extracted or [BodyFactory()])


class MembershipFactory(DjangoModelFactory):
    """A role that began ninety days ago. An auditor's ends, and a partner officer speaks for the health board."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    partnership = factory.SubFactory(PartnershipFactory)
    role = Role.PLANNING_OFFICER
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=90))
    ends_on = factory.LazyAttribute(
        lambda m: timezone.localdate() + timedelta(days=90) if m.role == Role.AUDITOR else None
    )
    body = factory.LazyAttribute(
        lambda m: m.partnership.health_board if m.role == Role.PARTNER_OFFICER else None
    )


class SupportGrantFactory(DjangoModelFactory):
    class Meta:
        model = SupportGrant

    user = factory.SubFactory(UserFactory)
    partnership = factory.SubFactory(PartnershipFactory)
    reason = "The plan's PDF does not open"
    starts_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    ends_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=1))


class InvitationFactory(DjangoModelFactory):
    class Meta:
        model = Invitation

    partnership = factory.SubFactory(PartnershipFactory)
    email = factory.Sequence(lambda n: f"invited{n}@example.scot")
    name = factory.Sequence(lambda n: f"Invited person {n}")
    role = Role.PLANNING_OFFICER
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))


class IntegrationModelPeriodFactory(DjangoModelFactory):
    class Meta:
        model = IntegrationModelPeriod

    partnership = factory.SubFactory(PartnershipFactory)
    model = IntegrationModel.BODY_CORPORATE
    starts_on = "2016-04-01"


class IntegrationSchemeFactory(DjangoModelFactory):
    class Meta:
        model = IntegrationScheme

    partnership = factory.SubFactory(PartnershipFactory)


class DelegatedFunctionFactory(DjangoModelFactory):
    class Meta:
        model = DelegatedFunction

    partnership = factory.SubFactory(PartnershipFactory)
    code = factory.Sequence(lambda n: f"function-{n}")
    title = factory.Sequence(lambda n: f"Function {n}")
    legal_basis = "SSI 2014/344 sch 3 part 3"
    delegated_by = BodyKind.HEALTH_BOARD
    setting = FunctionSetting.COMMUNITY


class PostHolderFactory(DjangoModelFactory):
    class Meta:
        model = PostHolder

    partnership = factory.SubFactory(PartnershipFactory)
    post = "chair"
    name = factory.Sequence(lambda n: f"Holder {n}")
    starts_on = "2025-04-01"
