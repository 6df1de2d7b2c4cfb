"""The pages' weight, their source, and who sees the gallery."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from lxml import html as markup

from foundation.sgds.statuses import STATUSES
from partnerships.models import User
from tests.browser.checks import markup_faults

MOST = 65_000
pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings):
    settings.PORTAL_DEMONSTRATION = True


def weight(data):
    return len(gzip.compress(data, 6))


def static_bytes(address, settings):
    found = finders.find(address.removeprefix(f"/{settings.STATIC_URL.lstrip('/')}"))
    assert found, address
    return Path(found).read_bytes()


@pytest.mark.parametrize("path", ["/about/", "/gallery/workspace/", "/accounts/login/"])
def test_a_page_with_all_that_it_loads_stays_light(client, demonstration, settings, path):
    response = client.get(path)
    page = markup.fromstring(response.content)
    addresses = [*page.xpath("//link[@rel='stylesheet']/@href"), *page.xpath("//script/@src")]
    if page.xpath("//*[starts-with(@data-module, 'ds-')]"):
        addresses += page.xpath("//script/@data-components")
    parts = {address: weight(static_bytes(address, settings)) for address in addresses}
    total = weight(response.content) + sum(parts.values())
    assert total < MOST, parts


PUBLIC = [
    "/about/",
    "/about/accessibility/",
    "/about/privacy/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/no/such/page/at-all/",
]


@pytest.mark.parametrize("path", ["/gallery/", "/gallery/workspace/", "/gallery/public/", *PUBLIC])
def test_no_page_has_what_the_policy_refuses(client, demonstration, path):
    response = client.get(path)
    assert markup_faults(response.content.decode()) == []
    page = markup.fromstring(response.content)
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("string(/html/@lang)") == "en-GB"
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_policy_lets_nothing_inline_pass(client):
    policy = client.get("/about/").headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "default-src 'none'" in policy


def test_the_gallery_is_shown_in_a_demonstration_and_to_staff_and_to_nobody_else(client, settings):
    settings.PORTAL_DEMONSTRATION = False
    assert client.get("/gallery/").status_code == 404
    client.force_login(User.objects.create_user("somebody@example.scot", "Somebody"))
    assert client.get("/gallery/").status_code == 404
    client.force_login(User.objects.create_user("builder@example.scot", "Builder", is_staff=True))
    assert client.get("/gallery/").status_code == 200
    client.logout()
    settings.PORTAL_DEMONSTRATION = True
    assert client.get("/gallery/").status_code == 200


def test_the_gallery_shows_every_state_and_keeps_what_was_typed(client, demonstration):
    page = markup.fromstring(client.post("/gallery/", {"title": "Open a centre", "due_on": "soon"}).content)
    shown = {tag.text_content().strip() for tag in page.xpath("//span[contains(@class, 'portal-tag')]")}
    assert {status.word for status in STATUSES.values()} <= shown
    assert page.xpath("string(//input[@name='due_on']/@value)") == "soon"
    assert page.xpath("string(//title)").startswith("Error: ")


def test_the_base_page_stands_without_any_context():
    """An error page has no user, no partnership and no navigation."""
    source = (
        engines["django"]
        .from_string('{% extends "base.html" %}{% block content %}words{% endblock %}')
        .render({})
    )
    page = markup.fromstring(source)
    assert page.xpath("//main")[0].text_content().strip() == "words"
    assert not page.xpath("//nav")


@pytest.mark.parametrize("template", ["500.html", "400.html", "403_csrf.html"])
def test_pages_for_a_broken_portal_need_nothing_of_it(template):
    source = engines["django"].get_template(template).render({})
    assert markup_faults(source) == []
    assert markup.fromstring(source).xpath("//h1")
    assert not re.search(r"href=['\"]['\"]", source)


def test_the_reason_of_a_refusal_is_shown(rf):
    source = (
        engines["django"]
        .get_template("403.html")
        .render({"exception": "Publishing needs the Chief Officer role"}, rf.get("/"))
    )
    assert "Publishing needs the Chief Officer role" in source


def test_every_static_file_that_a_style_names_is_there(tmp_path, settings):
    """Hashed storage refuses a reference to a missing file; better here than at deployment."""
    from django.core.management import call_command

    hashed = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": hashed}
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()
