"""What is sent after the sign-in has ended is not lost."""

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import PostHolder, User
from partnerships.unsent import PERSON_COOKIE, UNSENT_SESSION_KEY
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
TYPED = {
    "post": "chief_officer",
    "name": "Morag “M” Sinclair",
    "starts_on": "1/4/2026",
    "ends_on": "",
    "revision": 1,
}


@pytest.fixture
def form(partnership):
    return reverse("partnerships:add_holder", args=[partnership.slug])


@pytest.fixture
def ended(form, clerk, sign_in) -> Client:
    """A browser in which the clerk sent the form after the sign-in had ended."""
    client = sign_in(clerk)
    client.get(form)
    client.session.flush()
    turned_away = client.post(form, TYPED)
    assert turned_away.url == f"/accounts/login/?next={form}"
    assert "What you sent is kept" in client.get(turned_away.url).content.decode()
    return client


def sign_in_again(client: Client, person: User) -> Client:
    person.emailaddress_set.get_or_create(email=person.email, verified=True, primary=True)
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(person.pk)
    return client


@pytest.fixture
def client_again(ended, clerk):
    return sign_in_again(ended, clerk)


def test_a_form_that_was_sent_without_a_sign_in_is_offered_and_sent_again(client_again, form):
    offered = client_again.get(form).content.decode()
    assert 'name="name" value="Morag “M” Sinclair"' in offered
    assert not PostHolder.objects.exists()
    assert client_again.post(form, TYPED).status_code == 302
    assert PostHolder.objects.get().name == TYPED["name"]
    assert "Not saved yet" not in client_again.get(form).content.decode()


def test_what_was_not_sent_can_be_dropped(client_again, form):
    assert client_again.get(f"{form}?drop-unsent").url == form
    assert "Not saved yet" not in client_again.get(form).content.decode()


def test_nobody_else_is_offered_it(ended, form, officer):
    somebody_else = sign_in_again(ended, officer)
    assert "Morag" not in somebody_else.get(form).content.decode()
    assert UNSENT_SESSION_KEY not in somebody_else.session


def test_what_a_script_sent_or_keeps_itself_and_what_came_without_a_form_is_not_kept(clerk, form, sign_in):
    client = sign_in(clerk)
    client.get(form)
    client.session.flush()
    client.post(form, TYPED, headers={"Sec-Fetch-Mode": "cors"})
    client.post(form, TYPED | {"kept-on-device": "on"})
    client.get(form)
    assert UNSENT_SESSION_KEY not in client.session


@pytest.mark.parametrize("cookie", ["", "7", "Nw:1x:forged"])
def test_nothing_is_kept_of_somebody_who_was_not_signed_in_here(form, cookie):
    client = Client()
    client.cookies[PERSON_COOKIE] = cookie
    client.post(form, TYPED)
    assert UNSENT_SESSION_KEY not in client.session


def test_a_password_is_not_kept(clerk, form, sign_in):
    client = sign_in(clerk)
    client.get(form)
    client.session.flush()
    assert client.post(reverse("account_change_password"), {"oldpassword": PASSWORD}).status_code == 302
    assert UNSENT_SESSION_KEY not in client.session


def test_reading_in_public_sets_no_cookie():
    assert not Client().get("/about/").cookies
