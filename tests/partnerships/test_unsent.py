"""What is sent after the sign-in has ended is not lost."""

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import PostHolder
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
def client_again(form, clerk):
    """A form was sent without a sign-in, and the person has signed in since."""
    clerk.emailaddress_set.get_or_create(email=clerk.email, verified=True, primary=True)
    client = Client()
    turned_away = client.post(form, TYPED)
    assert turned_away.url == f"/accounts/login/?next={form}"
    assert "What you sent is kept" in client.get(turned_away.url).content.decode()
    client.post(turned_away.url, {"login": clerk.email, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


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


def test_what_a_script_sent_and_what_came_without_a_form_is_not_kept(form):
    client = Client()
    client.post(form, TYPED, headers={"Sec-Fetch-Mode": "cors"})
    client.get(form)
    assert "unsent" not in client.session
