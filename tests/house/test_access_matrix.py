"""Who gets which answer, for every address, method and person.

The table is access_matrix.txt beside this file; a route that it does not list fails. After adding a route run
WRITE_ACCESS_MATRIX=1 pytest tests/house/test_access_matrix.py and read each changed line before committing it.
"""

import os
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.enums import Role

from .routes import Route, our_routes

TABLE = Path(__file__).with_name("access_matrix.txt")
HEADING = """\
# One line for each route and method. The letters, in this order of people:
#   1 anonymous  2 signed in, belongs nowhere  3 every role in another partnership  4 national viewer  5 support
#   6 auditor  7 partner officer  8 planning group member  9 clerk  10 locality lead  11 finance officer
#   12 planning officer  13 chief finance officer  14 chief officer  15 administrator
# L sign in first, N not found, F forbidden with the reason, M method not allowed, A answered
"""
MEMBERS = [
    Role.NATIONAL_VIEWER,
    Role.SUPPORT,
    Role.AUDITOR,
    Role.PARTNER_OFFICER,
    Role.PLANNING_GROUP_MEMBER,
    Role.CLERK,
    Role.LOCALITY_LEAD,
    Role.FINANCE_OFFICER,
    Role.PLANNING_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
    Role.CHIEF_OFFICER,
    Role.ADMINISTRATOR,
]
# What is taken away is recorded, so these write one entry of the audit trail.
RECORDED_READINGS = {"partnerships:audit_download", "documents:download"}
READERS_ONLY = (Role.NATIONAL_VIEWER, Role.SUPPORT, Role.AUDITOR)
WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")


def listed() -> dict[tuple[str, str], str]:
    rows = {}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            name, method, letters = line.split()
            rows[name, method] = letters
    return rows


@pytest.fixture
def people(world, cast, stranger, outsider, sign_in) -> list[Client]:
    return [Client(), sign_in(stranger), sign_in(outsider), *[sign_in(cast[role]) for role in MEMBERS]]


def letter(client: Client, method: str, url: str) -> str:
    with transaction.atomic():
        response = getattr(client, method.lower())(url, follow=False)
        if hasattr(response, "streaming_content"):
            list(response.streaming_content)
        transaction.set_rollback(True)
    if response.status_code == 302 and response.url.startswith("/accounts/login"):
        return "L"
    # 503 is what /health/ready answers where no worker runs.
    assert response.status_code < 500 or response.status_code == 503, (
        f"{method} {url}: {response.status_code}"
    )
    return {404: "N", 403: "F", 405: "M"}.get(response.status_code, "A")


def test_every_route_is_listed():
    wanted = {(route.name, method) for route in our_routes() for method in ("GET", "POST")}
    if not os.environ.get("WRITE_ACCESS_MATRIX"):
        assert set(listed()) == wanted


@pytest.mark.django_db
def test_answers_are_as_listed(world, people):
    found = {}
    for route in our_routes():
        url = reverse(route.name, kwargs=world.arguments(route))
        for method in ("GET", "POST"):
            found[route.name, method] = "".join(letter(person, method, url) for person in people)
    if os.environ.get("WRITE_ACCESS_MATRIX"):
        width = max(len(name) for name, _ in found)
        lines = [
            f"{name:<{width}}  {method:<4}  {letters}" for (name, method), letters in sorted(found.items())
        ]
        TABLE.write_text(HEADING + "\n".join(lines) + "\n")
    assert found == listed()


def _of_a_partnership() -> list[Route]:
    return [route for route in our_routes() if route.address.startswith("<slug:partnership>/")]


def test_strangers_learn_nothing():
    """Whoever is not a member gets "not found" (or is asked to sign in), whatever the address and the method."""
    for route in _of_a_partnership():
        for method in ("GET", "POST"):
            anonymous, stranger, outsider, national = listed()[route.name, method][:4]
            assert anonymous in "LM", f"{method} {route.name}"
            assert {stranger, outsider, national} <= set("NM"), f"{method} {route.name}"


def test_who_only_reads_writes_nothing():
    columns = [3 + MEMBERS.index(role) for role in READERS_ONLY]
    for route in _of_a_partnership():
        letters = listed()[route.name, "POST"]
        for column in columns:
            assert letters[column] in "NFM", f"POST {route.name} answers a reader with {letters[column]}"


@pytest.mark.django_db
def test_reading_writes_nothing(world, cast, sign_in):
    """A GET leaves no trace in the database but the session's (and, for support, the record of the reading)."""
    readers = [
        sign_in(cast[Role.CHIEF_OFFICER]),
        sign_in(cast[Role.PLANNING_OFFICER]),
        sign_in(cast[Role.AUDITOR]),
    ]
    for route in our_routes():
        url = reverse(route.name, kwargs=world.arguments(route))
        for client in readers:
            client.get(url)  # the first visit may touch the session
            with CaptureQueriesContext(
                connection,
            ) as queries:
                response = client.get(url)
                if hasattr(response, "streaming_content"):
                    list(response.streaming_content)
            written = [
                q["sql"]
                for q in queries
                if q["sql"].lstrip().upper().startswith(WRITES) and "django_session" not in q["sql"]
            ]
            assert not written or route.name in RECORDED_READINGS, f"GET {route.name} writes: {written[:1]}"
