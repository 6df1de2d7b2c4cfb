"""Activities and promises made up for tests."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from engagement.models import Activity, Group, Promise
from tests.factories import PartnershipFactory


class GroupFactory(DjangoModelFactory):
    class Meta:
        model = Group

    number = factory.Sequence(lambda n: 100 + n)
    name = factory.LazyAttribute(lambda group: group.short_name)
    short_name = factory.Sequence(lambda n: f"Group {n}")


class ActivityFactory(DjangoModelFactory):
    """An activity of a week ago for the whole area; `groups` are those that were heard."""

    class Meta:
        model = Activity
        skip_postgeneration_save = True

    partnership = factory.SubFactory(PartnershipFactory)
    held_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=7))
    place = factory.Sequence(lambda n: f"Hall {n}")
    heard = "The bus stops too early."

    @factory.post_generation
    def groups(self, create, extracted, **_):
        if create:
            self.groups.set(extracted or [])


class PromiseFactory(DjangoModelFactory):
    """A promise that is due in a month."""

    class Meta:
        model = Promise

    activity = factory.SubFactory(ActivityFactory)
    text = factory.Sequence(lambda n: f"We shall do thing {n}")
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
