"""Signing in: the address and the password, the lock-out, the second step, the session."""

import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.messages import get_messages
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from foundation.audit import SYSTEM
from foundation.audit.models import Entry
from partnerships import services
from partnerships.middleware import SECOND_FACTOR_SESSION_KEY
from tests.factories import PASSWORD, MembershipFactory

LOGIN = "/accounts/login/"
MEMBERS_PAGE = "/angus/documents/"


@pytest.fixture(autouse=True)
def no_limits_left_over():
    cache.clear()
    yield
    cache.clear()


def joined(email: str, role: str, partnership):
    """Somebody who joined by invitation and holds a role."""
    user = services.create_person(email=email, name="Jo Joiner", password=PASSWORD, by=SYSTEM)
    MembershipFactory(user=user, partnership=partnership, role=role)
    return user


@pytest.fixture
def planner(partnership):
    return joined("planner@example.scot", "planning_officer", partnership)


@pytest.fixture
def decider(partnership):
    return joined("decider@example.scot", "administrator", partnership)


def attempt(client, email, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password}, **more)


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def shown(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# Address and password


def test_one_signs_in_with_the_address_in_any_case(client, planner):
    response = attempt(client, "Planner@Example.Scot")
    assert (response.status_code, response.url) == (302, "/")
    assert client.get(MEMBERS_PAGE).status_code == 200
    entry = Entry.objects.get(action="partnerships.signed_in")
    assert (entry.actor_name, entry.after) == ("Jo Joiner", {"steps": ["password"]})


def test_one_lands_where_one_wanted_to_go(client, planner):
    response = client.post(f"{LOGIN}?next={MEMBERS_PAGE}", {"login": planner.email, "password": PASSWORD})
    assert response.url == MEMBERS_PAGE


def test_nobody_is_led_to_another_site(client, planner):
    response = client.post(
        f"{LOGIN}?next=https://evil.example/", {"login": planner.email, "password": PASSWORD}
    )
    assert response.url == "/"


def test_a_wrong_password_and_an_unknown_address_read_the_same(client, planner):
    wrong, unknown = (
        attempt(client, email, "nonsense nonsense") for email in (planner.email, "no@example.scot")
    )
    for response in (wrong, unknown):
        assert response.status_code == 200
        assert "do not belong together" in response.content.decode()
        assert not is_in(client)


def test_a_closed_account_stays_outside(client, planner):
    planner.is_active = False
    planner.save()
    attempt(client, planner.email)
    assert not is_in(client)


def test_nobody_signs_up(client, db):
    page = client.get("/accounts/signup/")
    assert page.status_code == 200
    assert "<form" not in page.content.decode().partition("<main")[2].partition("</main")[0]
    from partnerships.models import User

    client.post(
        "/accounts/signup/", {"email": "me@example.scot", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short pass", "too short"),
        ("1qaz2wsx3edc", "too common"),
        ("123456789012345", "numeric"),
        ("planner.example", "similar"),
    ],
)
def test_weak_passwords_are_refused_when_they_are_changed(sign_in, planner, password, fault):
    client = sign_in(planner)
    page = client.post("/accounts/reauthenticate/?next=/accounts/password/change/", {"password": PASSWORD})
    assert page.url == "/accounts/password/change/"
    response = client.post(page.url, {"oldpassword": PASSWORD, "password1": password, "password2": password})
    assert response.status_code == 200
    assert fault in response.content.decode()
    planner.refresh_from_db()
    assert planner.check_password(PASSWORD)


def test_a_new_password_ends_all_other_sessions_and_is_recorded(sign_in, planner):
    here, elsewhere = sign_in(planner), sign_in(planner)
    new = "seven otters under ice"
    here.post("/accounts/reauthenticate/", {"password": PASSWORD})
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert here.get(MEMBERS_PAGE).status_code == 200
    assert elsewhere.get(MEMBERS_PAGE).status_code == 302
    assert Entry.objects.filter(action="partnerships.password_changed", actor_id=planner.pk).exists()
    assert [sent.to for sent in mail.outbox] == [[planner.email]]


def test_a_forgotten_password_is_replaced_by_mail_alone(client, planner):
    client.post("/accounts/password/reset/", {"email": planner.email})
    (sent,) = mail.outbox
    link = next(line for line in sent.body.split() if "/accounts/password/reset/key/" in line)
    page = client.get(link.partition("testserver")[2], follow=True)
    new = "seven otters under ice"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert not is_in(client)
    attempt(client, planner.email, new)
    assert is_in(client)


def test_somebody_who_never_had_a_password_gets_one_the_same_way(client, db):
    services.create_person(email="new@example.scot", name="Nell", by=SYSTEM)
    client.post("/accounts/password/reset/", {"email": "new@example.scot"})
    assert "/accounts/password/reset/key/" in mail.outbox[0].body


def test_asking_for_a_password_tells_nobody_who_has_an_account(client, planner):
    known = client.post("/accounts/password/reset/", {"email": planner.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.scot"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mail.outbox) == 1


def test_a_new_address_counts_when_its_link_was_opened(sign_in, planner):
    client = sign_in(planner)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"action_add": "", "email": "new@example.scot"})
    planner.refresh_from_db()
    assert planner.email == "planner@example.scot"
    (sent,) = [sent for sent in mail.outbox if sent.to == ["new@example.scot"]]
    link = next(word for word in sent.body.split() if "/accounts/confirm-email/" in word)
    client.post(link.partition("testserver")[2])
    planner.refresh_from_db()
    assert planner.email == "new@example.scot"
    assert EmailAddress.objects.get(user=planner).email == "new@example.scot"
    entry = Entry.objects.get(action="partnerships.address_changed")
    assert (entry.before, entry.after) == ({"email": "planner@example.scot"}, {"email": "new@example.scot"})


# Sessions


def test_a_session_gets_a_new_key_and_ends_with_the_browser_or_the_day(client, planner):
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    response = attempt(client, planner.email)
    cookie = response.cookies["sessionid"]
    assert cookie.value != before
    assert (cookie["expires"], cookie["max-age"]) == ("", "")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert client.session.get_expire_at_browser_close()
    assert client.session.get_expiry_age() <= 12 * 60 * 60


def test_signing_out_asks_for_a_post(sign_in, planner):
    client = sign_in(planner)
    client.get("/accounts/logout/")
    assert is_in(client)
    client.post("/accounts/logout/")
    assert not is_in(client)


# Lock-out


@pytest.fixture
def lock_out(settings):
    settings.AXES_ENABLED = True
    settings.ACCOUNT_RATE_LIMITS = False  # its own limit is tested below


def test_five_failures_from_one_place_lock_the_address_there(client, planner, lock_out):
    for _ in range(4):
        assert attempt(client, planner.email, "wrong").status_code == 200
    fifth = attempt(client, planner.email, "wrong")
    assert fifth.status_code == 429
    text = fifth.content.decode()
    assert "Too many failed attempts" in text
    assert "15 minutes" in text
    assert attempt(client, planner.email).status_code == 429
    assert not is_in(client)
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    attempt(elsewhere, planner.email)
    assert is_in(elsewhere)
    entry = Entry.objects.filter(action="partnerships.locked_out").first()
    assert (entry.actor_name, entry.subject_label) == ("The portal", "planner@example.scot")


def test_others_at_the_same_place_are_not_locked(client, planner, decider, lock_out):
    for _ in range(5):
        attempt(client, planner.email, "wrong")
    attempt(client, decider.email)
    assert is_in(client)


def test_the_case_of_the_address_does_not_help(client, planner, lock_out):
    for email in ("planner@example.scot", "PLANNER@example.scot", "Planner@Example.scot"):
        attempt(client, email, "wrong")
        attempt(client, email, "wrong")
    assert attempt(client, planner.email).status_code == 429


def test_the_lock_opens_by_itself(client, planner, lock_out):
    from axes.models import AccessAttempt
    from django.utils import timezone

    for _ in range(5):
        attempt(client, planner.email, "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=5))
    attempt(client, planner.email)
    assert is_in(client)


def test_only_trusted_proxies_say_where_somebody_is(client, planner, lock_out, settings):
    for number in range(5):
        attempt(client, planner.email, "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    assert attempt(client, planner.email).status_code == 429  # a made-up header does not help
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    attempt(client, planner.email, HTTP_X_FORWARDED_FOR="203.0.113.99")
    assert is_in(client)


def test_a_script_that_signs_somebody_in_has_no_network_address(planner, lock_out):
    client = Client()
    client.force_login(planner)
    assert client.get(MEMBERS_PAGE).status_code == 200


def test_the_portal_slows_down_whoever_tries_many_addresses(client, db):
    answers = [attempt(client, f"person{n}@example.scot", "wrong") for n in range(12)]
    assert "Too many attempts have failed" in answers[-1].content.decode()


# The second step


def code_of(secret: str, *, later: int = 0) -> str:
    counter = int(time.time()) // 30 + later
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def with_authenticator(user) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def test_a_deciding_role_without_a_second_step_is_led_to_set_it_up(client, decider):
    attempt(client, decider.email)
    for path in ("/angus/administer/", MEMBERS_PAGE):
        response = client.get(path)
        assert (response.status_code, response.url) == (302, "/accounts/2fa/")
    assert any("needs a second step" in words for words in shown(response))
    assert client.get("/accounts/2fa/").status_code == 200
    assert client.get("/about/accessibility/").status_code == 200
    assert client.post("/angus/administer/invite/", {}).status_code == 302


def test_setting_it_up_with_a_code_counts_as_taking_it(client, decider, monkeypatch):
    monkeypatch.setattr(transaction, "on_commit", lambda act, **_: act())  # the test itself never commits
    attempt(client, decider.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    secret = client.session["mfa.totp.secret"]
    client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert not Authenticator.objects.exists()
    assert client.get("/angus/administer/").status_code == 302
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert client.get("/angus/administer/").status_code == 200
    kinds = set(Authenticator.objects.filter(user=decider).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    assert secret not in str(Authenticator.objects.get(user=decider, type="totp").data)
    assert Entry.objects.filter(action="partnerships.second_step_added", after={"kind": "totp"}).exists()


def test_signing_in_asks_for_the_code(client, decider):
    secret = with_authenticator(decider)
    response = attempt(client, decider.email)
    assert response.url == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    assert client.get(MEMBERS_PAGE).url.startswith(LOGIN)
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "123456"})
    assert "The code is wrong" in wrong.content.decode()
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get("/angus/administer/").status_code == 200
    assert Entry.objects.get(action="partnerships.signed_in").after == {"steps": ["password", "totp"]}


def test_a_code_works_once(client, decider):
    secret = with_authenticator(decider)
    code = code_of(secret)
    attempt(client, decider.email)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    again = Client()
    attempt(again, decider.email)
    again.post("/accounts/2fa/authenticate/", {"code": code})
    assert not is_in(again)


def test_a_session_without_the_step_does_not_pass_once_an_authenticator_exists(decider, partnership):
    """For example a session that was open before the authenticator was set up elsewhere."""
    client = Client()
    client.force_login(decider)
    secret = with_authenticator(decider)
    response = client.get("/angus/administer/?role=clerk")
    assert response.status_code == 302
    assert response.url == "/accounts/2fa/reauthenticate/?next=%2Fangus%2Fadminister%2F%3Frole%3Dclerk"
    assert any("without your second step" in words for words in shown(response))
    response = client.post(response.url, {"code": code_of(secret)})
    assert response.url == "/angus/administer/?role=clerk"
    assert client.get(response.url).status_code == 200


def test_the_step_of_somebody_else_does_not_count(decider, planner):
    client = Client()
    client.force_login(decider)
    session = client.session
    session[SECOND_FACTOR_SESSION_KEY] = planner.pk
    session.save()
    assert client.get("/angus/administer/").status_code == 302


def test_removing_the_authenticator_takes_the_step_back(client, decider):
    secret = with_authenticator(decider)
    attempt(client, decider.email)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=decider).exists()
    assert client.get("/angus/administer/").url == "/accounts/2fa/"
    assert Entry.objects.filter(action="partnerships.second_step_removed").exists()


def test_a_recovery_code_is_a_second_step(client, decider):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    with_authenticator(decider)
    codes = RecoveryCodes.activate(decider).get_unused_codes()
    attempt(client, decider.email)
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert client.get("/angus/administer/").status_code == 200


def test_a_lost_second_step_is_reset_by_those_who_run_the_portal(client, decider):
    with_authenticator(decider)
    call_command("reset_second_step", decider.email, reason="Called back on the office number")
    assert not Authenticator.objects.exists()
    assert [sent.to for sent in mail.outbox] == [[decider.email]]
    entry = Entry.objects.get(action="partnerships.second_step_reset")
    assert (entry.before, entry.reason) == ({"kinds": ["totp"]}, "Called back on the office number")
    attempt(client, decider.email)
    assert client.get(MEMBERS_PAGE).url == "/accounts/2fa/"
    with pytest.raises(CommandError, match="has not set up"):
        call_command("reset_second_step", decider.email, reason="again")
    with pytest.raises(CommandError, match="no account"):
        call_command("reset_second_step", "nobody@example.scot", reason="x")


def test_the_role_is_looked_at_each_time(client, planner, partnership):
    attempt(client, planner.email)
    assert client.get(MEMBERS_PAGE).status_code == 200
    MembershipFactory(user=planner, partnership=partnership, role="chief_officer")
    assert client.get(MEMBERS_PAGE).url == "/accounts/2fa/"


def test_the_demonstration_may_go_without(client, decider, settings):
    settings.PORTAL_SECOND_FACTOR_REQUIRED = False
    attempt(client, decider.email)
    assert client.get("/angus/administer/").status_code == 200


def test_a_former_secret_key_still_opens_second_steps(decider, settings):
    secret = with_authenticator(decider)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one"
    kept = Authenticator.objects.get(user=decider)
    assert totp.TOTP(kept).validate_code(code_of(secret))


def test_passkeys_are_offered(client, decider):
    attempt(client, decider.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/webauthn/add/")
    assert page.status_code == 200
    assert b"Name of the passkey" in page.content
