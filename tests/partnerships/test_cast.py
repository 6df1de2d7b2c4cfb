"""The cast itself: each person holds what the name says, and nobody belongs elsewhere."""

from partnerships.enums import Role
from partnerships.permissions import standing_of


def test_everybody_holds_the_role_they_are_named_for(cast, partnership):
    held = {role: standing_of(user, partnership).roles for role, user in cast.items()}
    nobody_here = Role.NATIONAL_VIEWER
    assert held == {role: frozenset({role} - {nobody_here}) for role in Role}


def test_nobody_of_the_cast_belongs_to_the_other_partnership(cast, other_partnership):
    assert not any(standing_of(user, other_partnership).is_member for user in cast.values())


def test_the_outsider_holds_every_role_there_and_none_here(outsider, partnership, other_partnership):
    assert standing_of(outsider, other_partnership).roles == set(Role) - {Role.SUPPORT, Role.NATIONAL_VIEWER}
    assert not standing_of(outsider, partnership).is_member
