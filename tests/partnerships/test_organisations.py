"""Signing in through a council: the provider is played by an object that answers like one."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.contrib.messages import get_messages
from django.core.cache import cache

from foundation.audit import SYSTEM
from partnerships import services
from partnerships.checks import organisations_name_their_domains
from partnerships.models import User
from tests.factories import InvitationFactory

COUNCIL = {
    "provider_id": "angus-council",
    "name": "Angus Council",
    "client_id": "portal",
    "secret": "kept",
    "settings": {"server_url": "https://login.angus.gov.uk", "verified_email": ["angus.gov.uk"]},
}
LOGIN = "/accounts/oidc/angus-council/login/"


class Answer:
    status_code = 200
    headers = {"content-type": "application/json"}

    def __init__(self, data):
        self.data = data
        self.text = json.dumps(data)

    def json(self):
        return self.data

    def raise_for_status(self):
        pass


class Provider:
    """Says of everybody who comes that they are `claims`."""

    def __init__(self, claims):
        self.claims = claims

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def get(self, url, **_):
        host = COUNCIL["settings"]["server_url"]
        if url.endswith("/.well-known/openid-configuration"):
            names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
            return Answer({"issuer": host, **{name: f"{host}/{name}" for name in names}})
        assert url == f"{host}/userinfo_endpoint"
        return Answer(self.claims)

    def request(self, method, url, **_):
        assert (method, urlsplit(url).path) == ("POST", "/token_endpoint")
        return Answer({"access_token": "token", "token_type": "Bearer"})


@pytest.fixture(autouse=True)
def council(settings):
    cache.clear()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [COUNCIL], "OAUTH_PKCE_ENABLED": True}}


@pytest.fixture
def come_as(monkeypatch, client):
    """come_as(email, name=...) signs in at the council and comes back to the portal."""

    def coming(email, **claims):
        claims = {"sub": f"id of {email}", "email": email, "name": "Nora of the Council"} | claims
        monkeypatch.setattr(DefaultSocialAccountAdapter, "get_requests_session", lambda _: Provider(claims))
        gone = client.post(LOGIN)
        assert gone.status_code == 302, gone.content
        there = urlsplit(gone.url)
        assert there.hostname == "login.angus.gov.uk"
        state = parse_qs(there.query)["state"][0]
        return client.get(f"{LOGIN}callback/", {"code": "code", "state": state})

    return coming


def person(email):
    return services.create_person(email=email, name="Nora", password="a password of hers", by=SYSTEM)


def said(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def signed_in(client):
    return client.session.get("_auth_user_id")


def test_somebody_known_comes_in_and_is_linked_once(client, come_as, db):
    nora = person("nora@angus.gov.uk")
    assert come_as("Nora@Angus.gov.uk", sub="42").url == "/"
    assert signed_in(client) == str(nora.pk)
    nora.refresh_from_db()
    assert nora.check_password("a password of hers")
    client.logout()
    come_as("nora@angus.gov.uk", sub="42")
    assert signed_in(client) == str(nora.pk)
    assert SocialAccount.objects.filter(user=nora).count() == 1


def test_somebody_linked_stays_who_they_are_when_the_council_changes_the_address(client, come_as, db):
    nora = person("nora@angus.gov.uk")
    come_as("nora@angus.gov.uk", sub="42")
    client.logout()
    come_as("nora.newton@angus.gov.uk", sub="42")
    assert signed_in(client) == str(nora.pk)


def test_a_council_vouches_for_its_own_domain_only(client, come_as, db):
    person("parveen@nhs.scot")
    response = come_as("parveen@nhs.scot", email_verified=True)
    assert response.url == "/accounts/login/"
    assert "nobody has invited that address" in said(response)
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()


def test_nobody_is_let_in_uninvited(client, come_as, db):
    response = come_as("stranger@angus.gov.uk")
    assert response.url == "/accounts/login/"
    assert "Angus Council signed you in as stranger@angus.gov.uk, but nobody has invited" in said(response)
    assert not User.objects.exists()


def test_without_an_address_nobody_is_let_in(client, come_as, db):
    response = come_as("", sub="7")
    assert "somebody without an e-mail address" in said(response)
    assert not User.objects.exists()


def test_a_closed_account_stays_closed(client, come_as, db):
    nora = person("nora@angus.gov.uk")
    User.objects.update(is_active=False)
    come_as("nora@angus.gov.uk")
    assert not signed_in(client)
    assert nora.pk


def test_an_invited_person_joins_with_the_councils_sign_in(client, come_as, partnership):
    invitation = InvitationFactory(partnership=partnership, email="nora@angus.gov.uk")
    page = client.get(f"/invitations/{invitation.token}/")
    assert b"Sign in with Angus Council" in page.content
    come_as("nora@angus.gov.uk")
    nora = User.objects.get()
    assert signed_in(client) == str(nora.pk)
    assert (nora.name, nora.has_usable_password()) == ("Nora of the Council", False)
    assert nora.memberships.get().partnership == partnership
    assert client.get("/angus/documents/").status_code == 200


def test_an_invitation_for_somebody_else_lets_nobody_in(client, come_as, partnership):
    invitation = InvitationFactory(partnership=partnership, email="nora@angus.gov.uk")
    client.get(f"/invitations/{invitation.token}/")
    come_as("other@angus.gov.uk")
    assert not User.objects.exists()


def test_a_used_invitation_lets_nobody_in(client, come_as, partnership):
    invitation = InvitationFactory(partnership=partnership, email="nora@angus.gov.uk")
    client.get(f"/invitations/{invitation.token}/")
    invitation.__class__.objects.update(withdrawn_at=invitation.invited_at)
    come_as("nora@angus.gov.uk")
    assert not User.objects.exists()


def test_the_second_step_is_asked_for_all_the_same(client, come_as, partnership):
    from allauth.mfa.totp.internal import auth as totp

    nora = person("nora@angus.gov.uk")
    totp.TOTP.activate(nora, totp.generate_totp_secret())
    assert come_as("nora@angus.gov.uk").url == "/accounts/2fa/authenticate/"
    assert not signed_in(client)


def test_another_persons_address_cannot_be_connected(client, come_as, sign_in, stranger, monkeypatch):
    """While signed in, one connects the council's account of one's own address only."""
    client.force_login(stranger)
    monkeypatch.setattr(
        DefaultSocialAccountAdapter,
        "get_requests_session",
        lambda _: Provider({"sub": "9", "email": "nora@angus.gov.uk"}),
    )
    gone = client.post(f"{LOGIN}?process=connect")
    state = parse_qs(urlsplit(gone.url).query)["state"][0]
    client.get(f"{LOGIN}callback/", {"code": "code", "state": state})
    assert not SocialAccount.objects.exists()


def test_a_provider_that_names_no_domain_is_a_fault(settings):
    assert organisations_name_their_domains() == []
    for wrong in (None, True, [], "angus.gov.uk"):
        app = COUNCIL | {"settings": {"server_url": "https://x", "verified_email": wrong}}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        (fault,) = organisations_name_their_domains()
        assert "Angus Council" in fault.msg


def test_a_provider_that_names_no_domain_lets_nobody_in(client, come_as, settings, db):
    person("nora@angus.gov.uk")
    app = COUNCIL | {"settings": {"server_url": "https://login.angus.gov.uk", "verified_email": True}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    come_as("nora@angus.gov.uk", email_verified=True)
    assert not signed_in(client)
