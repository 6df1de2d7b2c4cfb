"""The page behind the link in the mail."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partnerships.models import User
from partnerships.permissions import standing_of
from tests.factories import InvitationFactory

GOOD = "seven otters under ice"


@pytest.fixture
def invitation(partnership, administrator):
    return InvitationFactory(
        partnership=partnership, email="nora@angus.gov.uk", name="Nora New", invited_by=administrator
    )


def page_of(invitation):
    return f"/invitations/{invitation.token}/"


def text_of(response):
    return " ".join(response.content.decode().split())


def test_a_new_person_reads_the_offer_and_joins(client, invitation, partnership):
    page = text_of(client.get(page_of(invitation)))
    for words in (
        "Angus Integration Joint Board",
        "Planning officer",
        "Adam Administrator",
        "nora@angus.gov.uk",
    ):
        assert words in page
    response = client.post(page_of(invitation), {"name": "Nora Newton", "password1": GOOD, "password2": GOOD})
    assert response.url == "/angus/"
    nora = User.objects.get(email="nora@angus.gov.uk")
    assert nora.name == "Nora Newton"
    assert standing_of(nora, partnership).role_names == "Planning officer"
    assert "You hold the Planning officer role in Angus" in text_of(client.get("/angus/documents/"))


def test_the_page_is_kept_by_nobody(client, invitation):
    assert "no-store" in client.get(page_of(invitation))["Cache-Control"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"password2": "something else entirely"}, "The two passwords differ"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password1": "Nora Newton!!", "password2": "Nora Newton!!"}, "too similar to the name"),
        ({"password1": "nora@angus.gov.uk", "password2": "nora@angus.gov.uk"}, "too similar to the e-mail"),
        ({"name": ""}, "Enter your name"),
    ],
)
def test_faults_are_said_and_the_name_stays(client, invitation, wrong, words):
    answers = {"name": "Nora Newton", "password1": GOOD, "password2": GOOD} | wrong
    response = client.post(page_of(invitation), answers)
    assert response.status_code == 422
    assert words in text_of(response)
    if "name" not in wrong:
        assert "Nora Newton" in text_of(response)
    assert not User.objects.filter(email="nora@angus.gov.uk").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"accepted_at": timezone.now()}, "This invitation has been used. Sign in"),
        ({"withdrawn_at": timezone.now()}, "This invitation was withdrawn. Ask Adam Administrator"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "This invitation ran out on"),
    ],
)
def test_a_link_that_is_over_says_why(client, invitation, change, words):
    type(invitation).objects.filter(pk=invitation.pk).update(**change)
    for response in (
        client.get(page_of(invitation)),
        client.post(page_of(invitation), {"name": "N", "password1": GOOD, "password2": GOOD}),
    ):
        assert response.status_code == 410
        assert words in text_of(response)
    assert not User.objects.filter(email="nora@angus.gov.uk").exists()


@pytest.mark.parametrize("token", ["nonsense", "1.nonsense", "%00", "x" * 3000, "1"])
def test_a_made_up_link_leads_to_no_invitation(client, invitation, token):
    response = client.get(f"/invitations/{token}/")
    assert response.status_code == 404
    assert "leads to no invitation" in text_of(response)


def test_somebody_with_an_account_signs_in_and_accepts(client, sign_in, invitation, stranger, partnership):
    type(invitation).objects.update(email=stranger.email.upper())
    invitation.refresh_from_db()
    page = client.get(page_of(invitation))
    assert f"/accounts/login/?next=%2Finvitations%2F{invitation.token}%2F" in text_of(page)
    assert not standing_of(stranger, partnership).is_member
    theirs = sign_in(stranger)
    assert "Accept the role" in text_of(theirs.get(page_of(invitation)))
    assert not standing_of(stranger, partnership).is_member
    assert theirs.post(page_of(invitation)).url == "/angus/"
    assert standing_of(stranger, partnership).is_member


def test_whoever_is_signed_in_as_somebody_else_accepts_nothing(sign_in, invitation, stranger, partnership):
    client = sign_in(stranger)
    page = text_of(client.get(page_of(invitation)))
    assert "you are signed in as stranger@example.scot" in page
    assert "Accept the role" not in page
    response = client.post(page_of(invitation))
    assert response.status_code == 409
    assert not standing_of(stranger, partnership).is_member


def test_a_role_that_one_holds_already_is_said(sign_in, officer, partnership):
    invitation = InvitationFactory(partnership=partnership, email=officer.email)
    response = sign_in(officer).post(page_of(invitation))
    assert response.status_code == 409
    assert "holds the Planning officer role already" in text_of(response)


def test_locality_leads_read_who_gives_them_localities(client, partnership):
    invitation = InvitationFactory(partnership=partnership, role="locality_lead")
    client.post(page_of(invitation), {"name": "Lea", "password1": GOOD, "password2": GOOD})
    assert "says which localities you lead" in text_of(client.get("/angus/documents/"))
