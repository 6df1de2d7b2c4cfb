from decimal import Decimal

import pytest

from localities.maps import locality_map, partnership_map
from localities.models import Locality, LocalityLead
from localities.selectors import locality_rows, population_sentence, possible_leads, share_of
from partnerships.enums import Role
from tests.factories import MembershipFactory

from .factories import LocalityFactory, LocalityLeadFactory


@pytest.fixture
def north(partnership):
    partnership.population, partnership.population_65_plus, partnership.population_75_plus = (
        120_000,
        24_000,
        9_000,
    )
    partnership.save()
    return LocalityFactory(partnership=partnership, name="North", slug="north", population=30_000)


def test_the_population_sentence_sets_the_locality_beside_its_partnership(north):
    assert population_sentence(north) == (
        "30,000 people lived in North in mid-2021, 25% of Angus. 33.3% were aged 65 and over and 13.3% aged 75 "
        "and over; in Angus as a whole 20.0% and 7.5%."
    )


def test_the_population_sentence_says_only_what_is_known(partnership):
    alone = LocalityFactory(partnership=partnership, name="Alone", population=0)
    assert population_sentence(alone) == "0 people lived in Alone in mid-2021."
    unknown = LocalityFactory(partnership=partnership, name="Elgin", population=None)
    assert population_sentence(unknown) == "No population of Elgin is published."


def test_shares_come_from_the_published_total_or_from_a_complete_sum(partnership):
    LocalityFactory(partnership=partnership, name="A", population=10)
    LocalityFactory(partnership=partnership, name="B", population=30)
    assert [row.share for row in locality_rows(partnership)] == [25, 75]
    LocalityFactory(partnership=partnership, name="C", population=None)
    assert [row.share for row in locality_rows(partnership)] == [None, None, None]
    partnership.population = 80
    assert [row.share for row in locality_rows(partnership)] == [Decimal("12.5"), Decimal("37.5"), None]
    assert share_of(5, 0) is None


def test_each_person_sees_the_localities_and_leads_of_their_own_partnerships(
    north, officer, outsider, stranger
):
    lead = LocalityLeadFactory(locality=north)
    for queryset, row in ((Locality.objects, north), (LocalityLead.objects, lead)):
        assert list(queryset.all().visible_to(officer)) == [row]
        assert not queryset.all().visible_to(outsider)
        assert not queryset.all().visible_to(stranger)
        assert list(queryset.all().for_partnership(north.partnership)) == [row]


def test_possible_leads_hold_the_role_here_and_have_not_left(
    partnership, other_partnership, locality_lead, officer
):
    MembershipFactory(partnership=other_partnership, role=Role.LOCALITY_LEAD)
    MembershipFactory(
        partnership=partnership, role=Role.LOCALITY_LEAD, starts_on="2020-01-01", ends_on="2020-12-31"
    )
    assert [membership.user for membership in possible_leads(partnership)] == [locality_lead]


def test_maps_keep_the_order_mark_the_current_and_fall_silent_without_outlines(partnership, north):
    bare = LocalityFactory(partnership=partnership, name="Bare", slug="bare", boundary=None, population=None)
    both = [bare, north]
    drawing = partnership_map(partnership, both)
    assert [place.name for place in drawing.places] == ["Bare", "North"]
    assert drawing.places[1].words == "30,000 people"
    assert locality_map(bare, both) is None
    assert [place.is_current for place in locality_map(north, both).places] == [False, True]
    assert partnership_map(partnership, [bare]) is None


def test_the_map_names_the_smallest_and_the_largest(partnership, north):
    LocalityFactory(partnership=partnership, name="Big", slug="big", population=90_000)
    drawing = partnership_map(partnership, list(Locality.objects.all()))
    assert drawing.sentence == "From 30,000 people in North to 90,000 in Big."
