"""A new portal has nobody in it: the command line lets the first person in."""

import pytest
from django.core.management import CommandError, call_command

from foundation.audit.models import Entry
from partnerships.enums import Role
from partnerships.models import Membership, User


def appoint(slug="angus", email="First.Person@angus.example", name="First Person"):
    call_command("appoint_administrator", slug, email, name, reason="Asked for by the chief officer")


def test_the_first_administrator_can_sign_in_and_is_on_record(partnership):
    appoint()
    person = User.objects.get(email="first.person@angus.example")
    membership = Membership.objects.get(user=person)
    assert (membership.partnership, membership.role) == (partnership, Role.ADMINISTRATOR)
    assert person.emailaddress_set.get().verified
    assert not person.has_usable_password()
    entry = Entry.objects.get(action="partnerships.role_granted")
    assert entry.reason == "Asked for by the chief officer"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"slug": "atlantis"}, "No partnership is called “atlantis”"),
        ({"email": "nobody"}, "is not an e-mail address"),
    ],
)
def test_a_mistake_is_said_and_changes_nothing(partnership, asked, words):
    with pytest.raises(CommandError, match=words):
        appoint(**asked)
    assert not User.objects.exists()


def test_asking_twice_is_said(partnership):
    appoint()
    with pytest.raises(CommandError, match="holds the Administrator role already"):
        appoint()
    assert Membership.objects.count() == 1
