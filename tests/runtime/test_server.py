"""script/server on real processes, in a copy of the checkout whose path holds blanks.

The tests of one file run in order on one system: it is started from nothing, its parts are killed one by one, it is
stopped, started again, and at last the supervisor itself is killed.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from integration_portal.local.programs import CHECKOUT

from .processes import child_running, descendants, find_child, is_alive
from .running import ask, free_port, wait_for

COLD_START_SECONDS = 300
WARM_START_SECONDS = 10
ADDRESS = re.compile(r"The portal runs at (http://127\.0\.0\.1:\d+)/")
# Two starts share two cores with whatever else runs; the figure above is for a quiet machine.
PATIENCE = 6


class Server:
    """script/server as somebody started it in a terminal: its output is read, it is stopped with signals."""

    def __init__(self, checkout: Path, port: int, *options: str, var: Path | None = None) -> None:
        clean = {name: value for name, value in os.environ.items() if name not in REPLACED}
        if var is not None:
            clean["PORTAL_VAR"] = str(var)
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [str(checkout / "script" / "server"), "--port", str(port), *options],
            env=clean,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
            # As in a window of its own, whatever the window of the tests ignores.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        )
        self.checkout = checkout
        self.url = f"http://127.0.0.1:{port}"
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def wait_for_words(self, words: str, seconds: float) -> None:
        wait_for(
            lambda: words in self.output or self.process.poll() is not None,
            words,
            seconds=seconds,
            explain=lambda: self.output,
        )
        assert words in self.output, self.output

    def wait_until_ready(self, seconds: float) -> float:
        """Seconds from the start until the address was printed."""
        wait_for(
            lambda: ADDRESS.search(self.output) or self.process.poll() is not None,
            "the address is printed",
            seconds=seconds,
            explain=lambda: self.output,
        )
        assert ADDRESS.search(self.output), self.output
        return time.monotonic() - self.began

    def is_ready(self) -> bool:
        return ask(f"{self.url}/health/ready")[0] == 200

    def environment(self) -> dict[str, str]:
        """What the portal's own processes are started with, as script/manage reads it."""
        text = (self.checkout / "var" / "environment").read_text()
        return dict(re.findall(r"^export (\w+)='(.*)'$", text, re.MULTILINE))

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        code = self.process.wait(120)
        self._reader.join(5)
        return code

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))


# What script/test set for the suite itself must not reach the system under test: it brings its own servers.
REPLACED = {
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "PORTAL_VAR",
    "STATIC_ROOT",
    "DJANGO_SETTINGS_MODULE",
}


@pytest.fixture(scope="module")
def checkout() -> Iterator[Path]:
    """A copy of this checkout in a folder with blanks, which PostgreSQL's own user may enter."""
    root = Path(tempfile.mkdtemp(prefix="portal run "))
    root.chmod(0o755)
    copy = root / "my portal"
    ignored = shutil.ignore_patterns(".git", ".venv", "var", "staticfiles", "__pycache__", ".*_cache")
    shutil.copytree(CHECKOUT, copy, ignore=ignored)
    (copy / ".venv").symlink_to(sys.prefix)
    yield copy
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def server(checkout: Path, port: int) -> Iterator[Server]:
    running = Server(checkout, port)
    try:
        running.wait_until_ready(COLD_START_SECONDS)
        yield running
    finally:
        if running.process.poll() is None:
            running.end(signal.SIGTERM)


def test_the_first_start_shows_its_steps_and_ends_with_address_and_logins(server):
    for step in ("Creating a database", "Starting Redis", "Bringing the tables", "Loading the demonstration"):
        assert re.search(rf"done  {step}.* \(\d+\.\d s\)", server.output), server.output
    assert "demonstration-only" in server.output  # the logins' password
    assert ask(f"{server.url}/health/live") == (200, {"live": True})


def test_web_and_worker_come_as_a_role_that_owns_nothing(server):
    environment = server.environment()
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        rights = "select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user"
        assert connection.execute(rights).fetchone() == (False, False, False)
        owned = "select count(*) from pg_tables where tableowner = current_user"
        assert connection.execute(owned).fetchone() == (0,)
    web = Path(f"/proc/{child_running(server.pid, 'gunicorn')}/environ").read_bytes()
    assert b"DATABASE_OWNER_URL" not in web


def test_secrets_are_readable_by_their_owner_only(server):
    var = server.checkout / "var"
    for name in ("postgres-owner-password", "postgres-application-password", "environment"):
        assert (var / name).stat().st_mode & 0o077 == 0, name


def test_a_second_start_says_that_it_runs_already(server, checkout):
    second = Server(checkout, free_port())
    assert second.process.wait(30) == 1
    second._reader.join(5)
    assert f"already runs from this folder: {server.url}/, process {server.pid}" in second.output
    assert server.is_ready()


def test_a_taken_port_is_said_in_words(server, port, tmp_path):
    other = Server(server.checkout, port, var=tmp_path / "another")
    assert other.process.wait(30) == 1
    other._reader.join(5)
    assert f"Port {port} is taken by another program." in other.output
    assert f"--port {port + 1}" in other.output
    assert "Traceback" not in other.output


def test_a_killed_database_comes_back_with_every_row(server):
    url = server.environment()["DATABASE_OWNER_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create table kept (number int)")
        connection.execute("insert into kept select generate_series(1, 500)")
    os.kill(child_running(server.pid, "postgres"), signal.SIGKILL)
    server.wait_for_words("postgres was ended by SIGKILL; starting it again", 10)
    wait_for(server.is_ready, "the portal is ready again", explain=lambda: server.output)
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (500,)
        connection.execute("drop table kept")


def test_a_killed_broker_comes_back_with_what_it_held(server):
    path = server.environment()["REDIS_URL"].removeprefix("redis+socket://").partition("?")[0]
    with redis.Redis(unix_socket_path=path) as client:
        client.set("kept", "yes")
    os.kill(child_running(server.pid, "redis"), signal.SIGKILL)
    server.wait_for_words("redis was ended by SIGKILL; starting it again", 10)
    wait_for(server.is_ready, "the portal is ready again", explain=lambda: server.output)
    with redis.Redis(unix_socket_path=path) as client:
        assert client.get("kept") == b"yes"


@pytest.mark.parametrize(("name", "words"), [("worker", " worker "), ("web", "gunicorn"), ("beat", " beat ")])
def test_a_killed_program_leaves_no_children_and_is_started_again(server, name, words):
    killed = child_running(server.pid, words)
    below = descendants(killed)
    os.kill(killed, signal.SIGKILL)
    server.wait_for_words(f"{name} was ended by SIGKILL; starting it again", 10)
    wait_for(lambda: not any(is_alive(pid) for pid in below), f"the children of {name} are gone")
    wait_for(lambda: find_child(server.pid, words) not in {None, killed}, f"{name} runs again")
    wait_for(server.is_ready, "the portal is ready again", explain=lambda: server.output)


def test_a_stop_ends_every_process_and_a_second_start_is_quick(server, checkout, port):
    everything = descendants(server.pid)
    assert server.end(signal.SIGTERM) == 0
    assert server.lines[-1] == "Everything has stopped."
    assert not [command for pid, command in everything.items() if is_alive(pid)]

    again = Server(checkout, port)
    try:
        seconds = again.wait_until_ready(WARM_START_SECONDS * PATIENCE)
        print(f"second start: {seconds:.1f} s")  # noqa: T201 - a figure for the reader of the run
        assert "Loading" not in again.output
        assert "Bringing the tables" not in again.output
    finally:
        assert again.end(signal.SIGINT) == 0  # as Ctrl-C does


def test_a_killed_supervisor_leaves_nothing_behind(server, checkout, port):
    running = Server(checkout, port)
    running.wait_until_ready(WARM_START_SECONDS * PATIENCE)
    with psycopg.connect(running.environment()["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute("create table kept_too (number int)")
        connection.execute("insert into kept_too values (7)")
    everything = descendants(running.pid)
    assert len(everything) > 8  # postgres, redis, web, worker and beat, and what they started

    running.process.kill()
    running.process.wait()
    wait_for(
        lambda: not any(is_alive(pid) for pid in everything),
        "every process is gone",
        explain=lambda: str({pid: command for pid, command in everything.items() if is_alive(pid)}),
    )
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))  # free again

    after = Server(checkout, port)
    try:
        after.wait_until_ready(WARM_START_SECONDS * PATIENCE)
        with psycopg.connect(after.environment()["DATABASE_OWNER_URL"]) as connection:
            assert connection.execute("select number from kept_too").fetchone() == (7,)
    finally:
        assert after.end(signal.SIGTERM) == 0
