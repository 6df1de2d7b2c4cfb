"""The system that the other tests of this folder use is a real one."""

import os

import psycopg

from tests.runtime.processes import descendants, is_alive
from tests.runtime.running import ask, wait_for, wait_until_ready

OFFICER = "officer@demo.example"


def test_web_worker_and_beat_are_processes_of_their_own(system):
    pids = {system.web.pid, system.worker.pid, system.beat.pid}
    assert len(pids) == 3
    assert os.getpid() not in pids
    assert ask(f"{system.url}/health/ready")[0] == 200


def test_the_application_is_not_the_owner_of_its_tables(system):
    with psycopg.connect(system.environment["DATABASE_URL"]) as connection:
        row = connection.execute(
            "select count(*) from pg_tables where schemaname = 'public' and tableowner = current_user"
        ).fetchone()
    assert row == (0,)
    assert "DATABASE_OWNER_URL" not in system.environment


def test_a_person_of_the_demonstration_signs_in(system, page):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    system.sign_in(page, OFFICER)
    page.goto("/edinburgh/")
    assert page.locator("h1").inner_text()
    assert complaints == []


def test_a_killed_worker_leaves_nothing_and_can_be_started_again(system):
    pool = descendants(system.worker.pid)
    assert pool
    system.worker.kill()
    wait_for(lambda: not any(is_alive(pid) for pid in pool), "the pool is gone with its worker")
    system.worker.start()
    wait_until_ready(system.url, explain=lambda: system.worker.output)
    assert system.query("select count(*) from partnerships_partnership")[0][0] == 31
