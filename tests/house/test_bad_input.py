"""Nonsense sent to every form: an answer in words, never a stack trace, and what was typed is still there."""

import html
import re

import pytest
from django.db import transaction
from django.urls import reverse

from partnerships.enums import Role

from .routes import our_routes

SCRIPT = '<script>alert("x")</script>'
SENTENCE = "Carers asked for a break"
NONSENSE = {
    "empty": "",
    "spaces": "   ",
    "script": SCRIPT,
    "over-long": "ä" * 20_000,
    "not a number": "twelve and a half",
    "negative": "-1",
    "huge": "9" * 60,
    "not finite": "NaN",
    "nul": "a\x00b",
    "surrogate": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "right to left": "\u202e31/03/2027",
    "no such day": "31/02/2027",
    "foreign": "999999999",
    "path": "../../../../etc/passwd",
    "formula": "=HYPERLINK(1)",
}
ACTORS = (
    Role.PLANNING_OFFICER,
    Role.LOCALITY_LEAD,
    Role.CHIEF_FINANCE_OFFICER,
    Role.CHIEF_OFFICER,
    Role.ADMINISTRATOR,
)
FIELD = re.compile(r"<(input|textarea|select)\b[^>]*\bname=\"([^\"]+)\"[^>]*>", re.IGNORECASE)
# What ties a form to its place keeps its value: changing it is another test.
MACHINERY = {"csrfmiddlewaretoken"}


def fields_of(page: str, method: str = "post") -> dict[str, str]:
    """The names in the page's forms of this method, with the values they came with."""
    found = {}
    for form in re.findall(rf"<form[^>]*method=\"{method}\".*?</form>", page, re.DOTALL | re.IGNORECASE):
        for match in FIELD.finditer(form):
            value = re.search(r'\bvalue="([^"]*)"', match.group(0))
            found.setdefault(match.group(2), html.unescape(value.group(1)) if value else "")
    return {name: value for name, value in found.items() if name not in MACHINERY}


def forms(world, clients, method="post"):
    """Each address with a form, with somebody who may use it and the form's fields."""
    for route in our_routes():
        url = reverse(route.name, kwargs=world.arguments(route))
        for client in clients:
            answer = client.get(url)
            if answer.status_code == 200 and not answer.streaming and "text/html" in answer["Content-Type"]:
                page = answer.content.decode()
                main = page.partition('<main id="main-content"')[2].partition("</main>")[0]
                if fields := fields_of(main, method):
                    yield route, url, client, fields
                    break


def post(client, url, values):
    with transaction.atomic():
        response = client.post(url, values)
        transaction.set_rollback(True)
    return response


@pytest.mark.django_db
def test_forms_answer_nonsense_in_words_and_keep_what_was_typed(world, cast, sign_in):
    """One walk through all forms, with each check on every form: finding them costs as much as a check."""
    clients = [sign_in(cast[role]) for role in ACTORS]
    visited = refused = 0
    for route, url, client, fields in forms(world, clients):
        visited += 1
        all_nonsense_gets_an_answer(route, url, client, fields)
        one_bad_field_is_answered_by_itself(route, url, client, fields)
        refused += a_refused_form_still_holds_what_was_typed(route, url, client, fields)
    assert visited > 20
    assert refused > 3


def all_nonsense_gets_an_answer(route, url, client, fields):
    for what, nonsense in NONSENSE.items():
        answer = post(client, url, dict.fromkeys(fields, nonsense))
        assert answer.status_code < 500, f"{what} sent to {route}: {answer.status_code}"
        text = answer.content.decode(errors="replace")
        assert "Traceback" not in text
        assert SCRIPT not in text, f"{route} repeats a script as a script"


def one_bad_field_is_answered_by_itself(route, url, client, fields):
    """Each field in turn holds nonsense while the others keep what the page gave them."""
    for name in fields:
        for nonsense in ("nonsense", "a\x00b"):
            answer = post(client, url, fields | {name: nonsense})
            assert answer.status_code < 500, f"{name}={nonsense!r} sent to {route}: {answer.status_code}"


def a_refused_form_still_holds_what_was_typed(route, url, client, fields):
    """Where the answer is the form again, every text that was typed is in it. Whether it was the form again."""
    areas = set(re.findall(r"<textarea[^>]*\bname=\"([^\"]+)\"", client.get(url).content.decode()))
    if not areas:
        return False
    typed = dict.fromkeys(fields, "nonsense") | dict.fromkeys(areas, SENTENCE)
    answer = post(client, url, typed)
    if answer.status_code == 302:
        return False
    assert SENTENCE in answer.content.decode(), f"{route} lost what was typed"
    return True


@pytest.mark.django_db
def test_nonsense_in_an_address_gets_an_answer(world, cast, sign_in):
    """Filters, searches and page numbers are typed by people and by robots."""
    clients = [sign_in(cast[role]) for role in ACTORS]
    visited = set()
    for route, url, client, fields in forms(world, clients, "get"):
        visited.add(route.name)
        for what in ("script", "over-long", "not a number", "nul", "no such day", "foreign"):
            for name in {*fields, "page", "format"}:
                nonsense = NONSENSE[what]
                answer = client.get(url, {name: nonsense})
                assert answer.status_code < 500, f"{route}?{name}={what}: {answer.status_code}"
                assert answer.streaming or SCRIPT not in answer.content.decode(errors="replace")
    assert {"search", "engagement:list", "partnerships:audit"} <= visited
