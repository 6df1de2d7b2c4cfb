import pytest
from django.urls import reverse

from partnerships.enums import Role
from tests.factories import MembershipFactory

HOME = "/"


def test_anybody_may_read_the_welcome_page(client, db):
    response = client.get(HOME)
    assert response.status_code == 200
    assert "Sign in" in response.content.decode()


def test_a_member_of_one_partnership_goes_straight_there(officer, partnership, sign_in):
    response = sign_in(officer).get(HOME)
    assert response.status_code == 302
    assert response.url == reverse("partnerships:home", args=[partnership.slug])


def test_a_member_of_two_chooses(officer, partnership, other_partnership, sign_in):
    MembershipFactory(user=officer, partnership=other_partnership, role=Role.PLANNING_OFFICER)
    text = sign_in(officer).get(HOME).content.decode()
    assert partnership.name in text
    assert other_partnership.name in text


def test_somebody_without_a_role_is_told_whom_to_ask(stranger, sign_in):
    text = sign_in(stranger).get(HOME).content.decode()
    assert "You belong to no partnership yet" in text
    assert stranger.email in text


def test_a_national_viewer_goes_to_the_national_table(national_viewer, sign_in):
    assert sign_in(national_viewer).get(HOME).url == reverse("national")


@pytest.mark.parametrize("address", ["/nowhere/", "/nowhere/plan/", "/angus/plan/../../etc/passwd"])
def test_an_address_that_leads_nowhere_is_not_found(officer, sign_in, address):
    response = sign_in(officer).get(address)
    assert response.status_code == 404
    assert "Traceback" not in response.content.decode()
