"""What is saved is rendered in the background, once for several saves, and never before what somebody waits for."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as NoRedis

from foundation.documents.assembly import production
from foundation.documents.services import request_document
from strategic_plans import documents, services, tasks
from strategic_plans.selectors.plans import PLAN_PDF

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def announced(monkeypatch) -> list[dict]:
    calls: list[dict] = []
    monkeypatch.setattr(
        tasks.render_ahead, "apply_async", lambda args, **how: calls.append({"args": args, **how})
    )
    return calls


@pytest.fixture
def rendered(monkeypatch) -> list[str]:
    seen: list[str] = []
    render = production.render_chapter
    monkeypatch.setattr(
        production,
        "render_chapter",
        lambda book, one, **more: seen.append(one.title) or render(book, one, **more),
    )
    return seen


def test_several_saves_are_announced_once_and_behind_everything_else(ready_plan, announced):
    for _ in range(3):
        tasks.render_ahead_soon(ready_plan)
    (call,) = announced
    assert call["args"] == (ready_plan.pk,)
    assert call["countdown"] == tasks.AHEAD_AFTER
    assert call["priority"] == tasks.AHEAD_PRIORITY == 9
    tasks.render_ahead.apply([ready_plan.pk], throw=True)
    tasks.render_ahead_soon(ready_plan)
    assert len(announced) == 2


def test_saving_a_section_announces_it(ready_plan, officer, sign_in, announced):
    section = ready_plan.sections.get(key="arrangements")
    address = reverse("strategic_plans:section", args=["angus", ready_plan.slug, section.key])
    answer = sign_in(officer).post(
        address,
        {"body": "<p>Nurses visit the glens each day.</p>", "revision": section.revision, "reason": "Agreed"},
    )
    assert answer.status_code == 302
    assert [call["args"] for call in announced] == [(ready_plan.pk,)]


def test_the_draft_is_rendered_and_asking_for_it_only_assembles(ready_plan, officer, rendered):
    tasks.render_ahead.apply([ready_plan.pk], throw=True)
    assert rendered
    rendered.clear()
    documents.build_snapshot_pdf(services.take_snapshot(plan=ready_plan, by=officer))
    assert rendered == []


def test_only_what_changed_is_rendered_after_a_save(ready_plan, officer, rendered):
    tasks.render_ahead.apply([ready_plan.pk], throw=True)
    rendered.clear()
    section = ready_plan.sections.get(key="arrangements")
    services.save_section(
        section=section, body="<p>Other words.</p>", expected_revision=section.revision, reason="", by=officer
    )
    tasks.render_ahead.apply([ready_plan.pk], throw=True)
    assert rendered == [
        "Cover",  # it bears the fingerprint
        "3. How services will be arranged",
    ]


def test_whoever_waits_for_a_document_goes_first(ready_plan, announced, rendered):
    request_document(kind=PLAN_PDF, key="waits", label="Waits", tenant="angus", by=None)
    tasks.render_ahead.apply([ready_plan.pk], throw=True)
    assert rendered == []
    assert [call["args"] for call in announced] == [(ready_plan.pk,)]


def test_a_published_or_missing_plan_is_left_alone(ready_plan, chief_officer, rendered):
    services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Item 7")
    tasks.render_ahead.apply([ready_plan.pk], throw=True)
    tasks.render_ahead.apply([999_999], throw=True)
    assert rendered == []


@pytest.mark.parametrize("fault", [OperationalError("no broker"), NoRedis("no redis")])
def test_without_broker_or_cache_saving_goes_on(ready_plan, monkeypatch, fault, caplog):
    def refuse(*_, **__):
        raise fault

    if isinstance(fault, NoRedis):
        monkeypatch.setattr(tasks.cache, "add", refuse)
    else:
        monkeypatch.setattr(tasks.render_ahead, "apply_async", refuse)
    tasks.render_ahead_soon(ready_plan)
    assert "is not rendered ahead" in caplog.text
