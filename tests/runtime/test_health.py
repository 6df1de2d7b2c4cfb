"""The health pages: public, without secrets, and wrong when something is wrong."""

import time
from datetime import timedelta

import pytest
import redis
from django.db import DatabaseError
from django.utils import timezone

from foundation.documents.models import Document
from integration_portal import health, heartbeat
from integration_portal.local.programs import CHECKOUT


@pytest.fixture
def broker(settings):
    """The real broker, in a database of its own so that no real worker's sign is seen."""
    from .running import own_redis_database

    url = own_redis_database(11)
    settings.REDIS_CLIENT_URL = url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    with heartbeat.client() as client:
        yield client


def test_live_needs_neither_database_nor_session(client):
    response = client.get("/health/live")  # without the db fixture any query would raise
    assert (response.status_code, response.json()) == (200, {"live": True})
    assert "Set-Cookie" not in response.headers
    assert "no-store" in response.headers["Cache-Control"]


def test_ready_when_everything_answers(client, db, broker):
    heartbeat.give_sign(heartbeat.WORKERS, "worker@here")
    response = client.get("/health/ready")
    assert response.status_code == 200
    answer = response.json()
    seconds = answer["checks"]["worker"].pop("seconds")
    assert 0 <= seconds < heartbeat.GONE_AFTER_SECONDS
    assert answer == {
        "ready": True,
        "checks": {
            "database": {"well": True, "seconds": None},
            "broker": {"well": True, "seconds": None},
            "worker": {"well": True},
            "queue": {"well": True, "seconds": None},
        },
    }


def test_not_ready_without_a_worker(client, db, broker):
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["checks"]["worker"] == {"well": False, "seconds": None}


def test_not_ready_when_the_workers_last_sign_is_old(client, db, broker):
    broker.zadd(heartbeat.WORKERS, {"worker@here": time.time() - 40})
    response = client.get("/health/ready")
    assert response.status_code == 503
    found = response.json()["checks"]["worker"]
    assert not found["well"]
    assert found["seconds"] >= 40


def test_a_worker_that_took_its_leave_is_not_waited_for(client, db, broker):
    heartbeat.give_sign(heartbeat.WORKERS, "worker@here")
    heartbeat.take_leave(heartbeat.WORKERS, "worker@here")
    assert client.get("/health/ready").status_code == 503


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 503)])
def test_a_document_that_waits_too_long_is_told(client, db, broker, minutes, status):
    heartbeat.give_sign(heartbeat.WORKERS, "worker@here")
    waiting_since = timezone.now() - timedelta(minutes=minutes)
    Document.objects.create(kind="plan", key="1", label="A plan", requested_at=waiting_since)
    response = client.get("/health/ready")
    assert response.status_code == status
    assert response.json()["checks"]["queue"]["seconds"] == pytest.approx(minutes * 60, abs=30)


def test_a_broker_that_does_not_answer_is_told_without_its_address(client, db, settings):
    settings.REDIS_CLIENT_URL = "redis://:hidden@127.0.0.1:1/0"
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["checks"]["broker"] == {"well": False, "seconds": None}
    assert b"hidden" not in response.content


def test_a_database_that_does_not_answer_is_told(client, db, broker, monkeypatch):
    class Gone:
        def cursor(self):
            raise DatabaseError("the server at 10.0.0.1 is gone")

    monkeypatch.setattr(health, "connection", Gone())
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["checks"]["database"] == {"well": False, "seconds": None}
    assert response.json()["checks"]["queue"] == {"well": False, "seconds": None}
    assert b"10.0.0.1" not in response.content


def test_giving_a_sign_survives_a_broker_that_is_away(settings, caplog):
    settings.REDIS_CLIENT_URL = "redis://127.0.0.1:1/0"
    heartbeat.give_sign(heartbeat.WORKERS, "worker@here")
    assert "No sign of life" in caplog.text


def test_the_probe_reads_what_workers_write():
    """script/probe repeats two names and a figure because it must not load Django."""
    probe = (CHECKOUT / "script" / "probe").read_text()
    for name in (heartbeat.WORKERS, heartbeat.CLOCKS, f"GONE_AFTER_SECONDS = {heartbeat.GONE_AFTER_SECONDS}"):
        assert name in probe


def test_only_reading_is_allowed(client):
    assert client.post("/health/live").status_code == 405


def test_signs_are_forgotten(broker):
    broker.zadd(heartbeat.WORKERS, {"long gone": time.time() - heartbeat.FORGOTTEN_AFTER_SECONDS - 1})
    heartbeat.give_sign(heartbeat.WORKERS, "worker@here")
    assert broker.zrange(heartbeat.WORKERS, 0, -1) == [b"worker@here"]
    assert 0 < broker.ttl(heartbeat.WORKERS) <= heartbeat.FORGOTTEN_AFTER_SECONDS


def test_readiness_looks_at_four_things(db, broker):
    assert [check.name for check in health.readiness()] == ["database", "broker", "worker", "queue"]
    assert isinstance(broker, redis.Redis)
