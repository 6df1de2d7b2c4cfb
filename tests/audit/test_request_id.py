import re

import pytest
from celery import shared_task
from django.http import HttpRequest, HttpResponse

from foundation import audit
from foundation.audit.context import request_id, reset_request_id, set_request_id
from foundation.audit.middleware import RequestIdMiddleware


def answer(header: str | None = None) -> tuple[str, str]:
    """(identifier that the view saw, identifier that the browser got)"""
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request_id())
        return HttpResponse()

    request = HttpRequest()
    if header is not None:
        request.META["HTTP_X_REQUEST_ID"] = header
    response = RequestIdMiddleware(view)(request)
    return seen[0], response["X-Request-ID"]


def test_each_request_has_an_identifier_of_its_own():
    first, second = answer(), answer()
    assert first[0] == first[1] != second[0]
    assert re.fullmatch(r"[0-9a-f]{32}", first[0])


def test_a_proxys_identifier_is_kept():
    assert answer("9f2c-4bd1.77") == ("9f2c-4bd1.77", "9f2c-4bd1.77")


@pytest.mark.parametrize(
    "offered", ["", "short", "a b c d e f g h", "x" * 65, "evil\r\nSet-Cookie: a=b", "£" * 10]
)
def test_an_identifier_that_could_do_harm_is_replaced(offered):
    seen, returned = answer(offered)
    assert seen == returned != offered
    assert re.fullmatch(r"[0-9a-f]{32}", seen)


def test_nothing_is_left_behind_even_when_the_view_fails():
    def view(request: HttpRequest) -> HttpResponse:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        RequestIdMiddleware(view)(HttpRequest())
    assert request_id() == ""


def test_entries_of_one_request_share_its_identifier(db):
    token = set_request_id("one-request")
    try:
        entries = [audit.record(by=audit.SYSTEM, action="plans.changed", subject=str(n)) for n in range(2)]
    finally:
        reset_request_id(token)
    assert {entry.request_id for entry in entries} == {"one-request"}
    assert audit.record(by=audit.SYSTEM, action="plans.changed", subject="alone").request_id == ""


@shared_task
def say_request_id() -> str:
    return request_id()


def test_a_task_runs_under_its_own_identifier():
    result = say_request_id.apply()
    assert result.get() == result.id
    assert request_id() == ""
