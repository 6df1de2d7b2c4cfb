"""Real processes for tests: a database of their own, and web, worker and beat that can be killed."""

import atexit
import contextlib
import functools
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from integration_portal.local import programs
from integration_portal.local.programs import CHECKOUT
from integration_portal.local.supervisor import Program, end_with_parent

READY_WITHIN_SECONDS = 60.0


@dataclass
class Process:
    """One program that runs until it is told otherwise. Its output is in `log`."""

    program: Program
    log: Path
    _process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.program.command,
                env=dict(self.program.environment),
                cwd=self.program.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent(self.program.when_orphaned),  # noqa: PLW1509 - no thread of ours forks
            )

    def kill(self) -> None:
        """As by the kernel when memory runs out: no warning, nothing is tidied up."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(self.program.ends_with)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()


@dataclass
class System:
    """A running portal. `environment` is what its processes see; `owner_url` is for looking behind its back."""

    url: str
    environment: dict[str, str]
    owner_url: str
    folder: Path
    web: Process
    worker: Process
    beat: Process

    def manage(self, *arguments: str) -> str:
        """What `manage.py` said. Fails the test if it failed."""
        return manage(self.environment, *arguments)

    def sign_in(self, page: Any, email: str) -> None:
        """The page belongs to the demonstration person with this address, and shows their first page."""
        from integration_portal.demonstration import PASSWORD

        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(lambda address: "/accounts/login" not in address)

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows from the database, read as its owner."""
        with psycopg.connect(self.owner_url) as connection:
            return connection.execute(statement, values).fetchall()  # type: ignore[arg-type]


@contextlib.contextmanager
def start_system(folder: Path) -> Iterator[System]:
    """The whole system, with reference data and the demonstration, ready; gone afterwards."""
    with own_database() as (owner_url, application_url):
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "integration_portal.settings.local",
            "DATABASE_URL": application_url,
            "REDIS_URL": own_redis_database(),
            "PORTAL_URL": url,
            "PORTAL_VAR": str(folder / "var"),
            "STATIC_ROOT": collected_static_files(),
            "PORTAL_DEMONSTRATION": "1",
            "PORTAL_SECOND_FACTOR_REQUIRED": "0",
            "PYTHONUNBUFFERED": "1",
        }
        release(environment | {"DATABASE_OWNER_URL": owner_url})
        manage(environment, "load_demonstration")
        environment.pop("DATABASE_OWNER_URL", None)
        system = System(
            url=url,
            environment=environment,
            owner_url=owner_url,
            folder=folder,
            web=Process(programs.web(environment, bind=f"127.0.0.1:{port}"), folder / "web.log"),
            worker=Process(programs.worker(environment, name=f"system{os.getpid()}"), folder / "worker.log"),
            beat=Process(programs.beat(environment), folder / "beat.log"),
        )
        parts = [system.web, system.worker, system.beat]
        try:
            for part in parts:
                part.start()
            wait_until_ready(url, explain=lambda: "\n".join(part.output[-3000:] for part in parts))
            yield system
        finally:
            for part in reversed(parts):
                part.stop()


@contextlib.contextmanager
def own_database(server_url: str = "") -> Iterator[tuple[str, str]]:
    """A new database: its addresses for the owner and for a role of the application's. Dropped afterwards.

    On the server of this address, or on the one that the environment names.
    """
    owner = server_url or os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    name = f"portal_{os.getpid()}_{secrets.token_hex(4)}"
    password = secrets.token_urlsafe(24)
    role = f"{name}_app"
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            parts = urlsplit(owner)
            owner_url = urlunsplit(parts._replace(path=f"/{name}"))
            server = parts.netloc.rpartition("@")[2]
            application_url = urlunsplit(
                parts._replace(path=f"/{name}", netloc=f"{role}:{quote(password)}@{server}")
            )
            yield owner_url, application_url
        finally:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
            connection.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(role)))


def own_redis_database(number: int = 0) -> str:
    """The broker that the environment names, in another of its numbered databases, emptied. One a worker of pytest."""
    import redis

    number = number or 3 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    url = os.environ["REDIS_URL"]
    if url.startswith("redis+socket://"):
        path = urlsplit(url).path
        client = redis.Redis(unix_socket_path=path, db=number)
        own = f"redis+socket://{path}?virtual_host={number}"
    else:
        own = urlunsplit(urlsplit(url)._replace(path=f"/{number}"))
        client = redis.Redis.from_url(own)
    with client:
        client.flushdb()
    return own


@functools.cache
def collected_static_files() -> str:
    """The folder of the collected static files: made once for all systems of one run."""
    folder = tempfile.mkdtemp(prefix="portal-static-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = {"DJANGO_SETTINGS_MODULE": "integration_portal.settings.local", "STATIC_ROOT": folder}
    manage({**os.environ, **settings}, "collectstatic", "--noinput")
    return folder


def release(environment: Mapping[str, str]) -> str:
    """script/release ran: role, tables, rights and reference data. Returns what it said."""
    return run([str(CHECKOUT / "script" / "release")], {**environment, "PYTHON": sys.executable})


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    return run([sys.executable, str(CHECKOUT / "manage.py"), *arguments], environment)


def run(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        command, env=dict(environment), cwd=CHECKOUT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def ask(url: str, *, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
    """Status of an address, and its JSON or its bytes; status 0 when nothing answers."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=dict(headers or {})), timeout=10
        ) as answer:
            return answer.status, _read(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, _read(error.read())
    except OSError:
        return 0, None


def _read(body: bytes) -> Any:
    return json.loads(body) if body.startswith(b"{") else body


def wait_until_ready(url: str, *, explain: Callable[[], str] = lambda: "") -> None:
    answer: tuple[int, Any] = (0, None)

    def is_ready() -> bool:
        nonlocal answer
        answer = ask(f"{url}/health/ready")
        return answer[0] == 200

    wait_for(
        is_ready, f"{url} is ready", seconds=READY_WITHIN_SECONDS, explain=lambda: f"{answer}\n{explain()}"
    )


def wait_for(
    claim: Callable[[], Any], what: str, *, seconds: float = 20.0, explain: Callable[[], str] = lambda: ""
) -> Any:
    """What the claim returned once it was true. Fails the test when it never became true."""
    until = time.monotonic() + seconds
    while True:
        if found := claim():
            return found
        assert time.monotonic() < until, f"Not within {seconds:.0f} s: {what}\n{explain()}"
        time.sleep(0.1)
