"""The parts of the local system that need no server: folders, stamps, locks, words."""

import asyncio
import io
import os
import re
import signal
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
import redis as redis_client

from integration_portal.local.__main__ import BENCHES
from integration_portal.local.console import Console
from integration_portal.local.errors import CannotStart
from integration_portal.local.folder import AlreadyRunning, Folder, FolderLock
from integration_portal.local.postgres import Binaries
from integration_portal.local.programs import CHECKOUT
from integration_portal.local.redis import EmbeddedRedis, find_redis
from integration_portal.local.server import open_port
from integration_portal.local.stamps import Stamp, files_below
from integration_portal.local.supervisor import Program, Supervisor

from .processes import is_alive

LONGEST_SOCKET_ADDRESS = 107
T = TypeVar("T")


def run(scenario: Coroutine[Any, Any, T]) -> T:
    """What the scenario returned. In a thread of its own: browser tests leave an event loop in this one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, scenario).result(60)


@pytest.mark.parametrize("name", ["plain", "with blanks", "x" * 120, "quote'and\"comma,", "ùnïcode"])
def test_sockets_fit_whatever_the_folder_is_called(tmp_path, name):
    sockets = Folder.at(tmp_path / name / "var").sockets
    assert len(str(sockets / "postgres" / ".s.PGSQL.5432")) <= LONGEST_SOCKET_ADDRESS
    assert re.fullmatch(r"[A-Za-z0-9/._-]+", str(sockets))
    assert sockets.is_dir()
    if tmp_path not in sockets.parents:
        sockets.rmdir()


def test_two_folders_never_share_their_sockets(tmp_path):
    first = Folder.at(tmp_path / "a b").sockets
    second = Folder.at(tmp_path / "a  b").sockets
    assert first != second
    first.rmdir()
    second.rmdir()


def test_a_secret_is_made_once_and_private(tmp_path):
    folder = Folder.at(tmp_path / "var")
    secret = folder.kept_secret("password")
    assert len(secret) >= 32
    assert folder.kept_secret("password") == secret
    assert (tmp_path / "var" / "password").stat().st_mode & 0o777 == 0o600


def test_a_folder_is_held_once(tmp_path):
    folder = Folder.at(tmp_path / "var")
    first = FolderLock(folder)
    first.take()
    with pytest.raises(AlreadyRunning, match="already starting"):
        FolderLock(folder).take()
    first.describe("http://127.0.0.1:8000")
    with pytest.raises(AlreadyRunning, match=rf"http://127.0.0.1:8000/, process {os.getpid()}"):
        FolderLock(folder).take()


def test_work_is_skipped_only_while_its_inputs_are_the_same(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "a.csv").write_text("1")
    stamp = tmp_path / "stamp"
    Stamp(stamp, files_below(data)).set()
    assert Stamp(stamp, files_below(data)).is_current
    (data / "a.csv").write_text("2")
    assert not Stamp(stamp, files_below(data)).is_current
    (data / "a.csv").write_text("1")
    (data / "b.csv").write_text("")
    assert not Stamp(stamp, files_below(data)).is_current


@pytest.mark.parametrize("port", [70000, -1])
def test_an_impossible_port_is_said_in_words(port):
    with pytest.raises(CannotStart, match=f"Port {port} cannot be used"):
        open_port(port)


def test_every_measurement_has_its_command_and_can_be_started_by_it():
    scripts = [
        path.read_text() for path in (CHECKOUT / "bench").iterdir() if path.is_file() and not path.suffix
    ]
    started = {
        re.search(r"integration_portal\.local bench(?: (\S+))?$", text, re.M)[1] or "bench"
        for text in scripts
    }
    assert started == set(BENCHES)


def test_steps_read_well_without_a_terminal():
    stream = io.StringIO()
    console = Console(stream)
    with console.step("Starting Redis"):
        console.log("redis", "ready")
    with pytest.raises(CannotStart), console.step("Loading"):
        raise CannotStart("no")
    assert re.sub(r"\d\.\d s", "N s", stream.getvalue()).splitlines() == [
        "redis    | ready",
        "  done  Starting Redis (N s)",
        "failed  Loading (N s)",
    ]
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize(
    ("says", "major"),
    [
        ("postgres (PostgreSQL) 18.6", 18),
        ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15),
        ("postgres (PostgreSQL) 19beta1", 19),
    ],
)
def test_the_servers_version_is_read_from_its_own_words(tmp_path, monkeypatch, says, major):
    server = tmp_path / "postgres"
    server.write_text(f"#!/bin/sh\necho '{says}'\n")
    server.chmod(0o755)
    (tmp_path / "initdb").touch()
    monkeypatch.setenv("PORTAL_PG_BIN", str(tmp_path))
    assert Binaries.found() == Binaries(tmp_path, major)


def test_redis_runs_in_a_folder_with_any_name(tmp_path):
    async def scenario() -> None:
        lines: list[str] = []
        supervisor = Supervisor(lambda name, text: lines.append(f"{name} {text}"))
        server = EmbeddedRedis(Folder.at(tmp_path / 'it\'s a "folder" of mine'), find_redis())
        server.start(supervisor)
        try:
            await server.ready(supervisor)
            with redis_client.Redis(unix_socket_path=str(server.socket)) as client:
                assert client.config_get("appendonly") == {"appendonly": "yes"}
            assert server.socket.stat().st_mode & 0o077 == 0
        finally:
            await supervisor.stop()
        assert lines == []
        server.socket.parent.rmdir()

    run(scenario())


def shell(script: str, **settings: object) -> Program:
    return Program("program", ["sh", "-c", script], {"PATH": os.environ["PATH"]}, **settings)  # type: ignore[arg-type]


def test_a_failed_step_shows_what_the_program_said():
    async def scenario() -> None:
        await Supervisor(lambda *_: None).run(shell("echo the disk is full; exit 3"))

    with pytest.raises(CannotStart, match=r"exit status 3. It said:\s+the disk is full"):
        run(scenario())


def test_a_program_that_will_not_stop_is_killed():
    async def scenario() -> list[str]:
        lines: list[str] = []
        supervisor = Supervisor(lambda _, text: lines.append(text))
        supervisor.keep_running(
            shell("trap '' TERM; echo up; while :; do sleep 0.1; done", patience_seconds=0.5)
        )
        while "up" not in lines:
            await asyncio.sleep(0.02)
        await supervisor.stop()
        return lines

    assert run(scenario())[-1] == "program did not stop in time and is killed"


def test_what_a_dead_program_left_behind_is_ended_before_it_starts_again(tmp_path):
    left = tmp_path / "pid"

    async def scenario() -> None:
        lines: list[str] = []
        supervisor = Supervisor(lambda _, text: lines.append(text))
        supervisor.keep_running(shell(f"sleep 60 & echo $! > '{left}'; sleep 0.2; exit 1"))
        while not any("starting it again" in line for line in lines):
            await asyncio.sleep(0.02)
        await supervisor.stop()

    run(scenario())
    assert not is_alive(int(left.read_text()))


def test_a_program_that_is_missing_is_said_once():
    async def scenario() -> list[str]:
        lines: list[str] = []
        supervisor = Supervisor(lambda _, text: lines.append(text))
        supervisor.keep_running(Program("redis", ["/nowhere/redis-server"], {}))
        while not supervisor.has_failed("redis"):
            await asyncio.sleep(0.02)
        await supervisor.stop()
        return lines

    assert run(scenario()) == [
        "redis cannot be started: [Errno 2] No such file or directory: '/nowhere/redis-server'"
    ]


def test_signals_have_names_in_the_log():
    async def scenario() -> list[str]:
        lines: list[str] = []
        supervisor = Supervisor(lambda _, text: lines.append(text))
        supervisor.keep_running(shell("kill -SEGV $$"))
        while not lines:
            await asyncio.sleep(0.02)
        await supervisor.stop()
        return lines

    assert run(scenario())[0] == f"program was ended by {signal.SIGSEGV.name}; starting it again in 0.3 s"


def pins(name: str) -> set[str]:
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text()
    return set(re.findall(r"^([A-Za-z0-9_.-]+==\S+)", text, re.MULTILINE))


def test_the_development_lock_holds_everything_of_the_others_in_the_same_versions():
    """script/bootstrap takes an environment with the development lock for one with the local lock too."""
    assert pins("production") < pins("local") < pins("dev")


@pytest.mark.parametrize("name", ["production", "local", "dev"])
def test_every_locked_package_has_hashes_and_no_address(name):
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text()
    assert text.count("==") <= text.count("--hash=sha256:")
    assert "://" not in text


def test_every_script_is_plain_shell_or_python_and_executable():
    for path in sorted((CHECKOUT / "script").iterdir()):
        first = path.read_text().splitlines()[0]
        if first.startswith("#!"):
            assert first in {"#!/bin/sh", "#!/usr/bin/env python3"}, path
            assert os.access(path, os.X_OK), path


def test_the_continuous_integration_runs_what_people_run():
    assert Path(CHECKOUT, ".ci", "run").read_text() == "#!/bin/sh\nexec script/test\n"
    assert sys.version_info >= (3, 11)
