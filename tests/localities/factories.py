"""Localities and their leads, made up for tests."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from localities.models import Locality, LocalityLead
from partnerships.enums import Role
from tests.factories import MembershipFactory, PartnershipFactory

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-3.0, 56.0], [-2.9, 56.0], [-2.9, 56.1], [-3.0, 56.1], [-3.0, 56.0]]],
}


class LocalityFactory(DjangoModelFactory):
    class Meta:
        model = Locality

    partnership = factory.SubFactory(PartnershipFactory)
    name = factory.Sequence(lambda n: f"Locality {n}")
    slug = factory.Sequence(lambda n: f"locality-{n}")
    population = 40_000
    population_65_plus = 10_000
    population_75_plus = 4_000
    population_year = "mid-2021"
    boundary = SQUARE


class LocalityLeadFactory(DjangoModelFactory):
    """Somebody who holds the role in the locality's partnership, and leads it from today."""

    class Meta:
        model = LocalityLead

    locality = factory.SubFactory(LocalityFactory)
    membership = factory.LazyAttribute(
        lambda lead: MembershipFactory(partnership=lead.locality.partnership, role=Role.LOCALITY_LEAD)
    )
    starts_on = factory.LazyFunction(timezone.localdate)
