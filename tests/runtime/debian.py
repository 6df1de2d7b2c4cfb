"""PostgreSQL and Redis as Debian's packages install them, on TCP ports with passwords."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import redis

from .running import free_port, wait_for


class NotInstalled(Exception):
    """This machine has no such package."""


@contextlib.contextmanager
def reachable_folder() -> Iterator[Path]:
    """A new folder that the servers' own user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="portal-debian-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def postgres(folder: Path, password: str) -> Iterator[str]:
    """The address of a new, empty server for its owner."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        raise NotInstalled("apt-get install postgresql")
    programs, data, port = found[-1], folder / "data", free_port()
    as_user = (
        {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}
        if os.geteuid() == 0
        else {}
    )
    data.mkdir()
    if as_user:
        shutil.chown(data, "nobody")
    given = folder / "password"
    given.write_text(password)
    subprocess.run(
        [programs / "initdb", "--no-sync", "--auth=scram-sha-256", f"--pwfile={given}", "-U", "portal", "-D", data],
        check=True, capture_output=True, cwd="/", **as_user,
    )  # fmt: skip
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", "", "-F"],
        cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_user,
    )  # fmt: skip
    url = f"postgresql://portal:{password}@127.0.0.1:{port}/postgres"

    def answers() -> bool:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url):
            return True
        return False

    try:
        wait_for(answers, "Debian's PostgreSQL answers")
        yield url
    finally:
        server.terminate()
        server.wait(20)


@contextlib.contextmanager
def redis_server(folder: Path, command: list[str], password: str) -> Iterator[str]:
    """The address of a server started with this command, on a port of its own."""
    if shutil.which("redis-server") is None:
        raise NotInstalled("apt-get install redis-server")
    port = free_port()
    server = subprocess.Popen(
        [*command, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    url = f"redis://:{password}@127.0.0.1:{port}/0"

    def answers() -> bool:
        with contextlib.suppress(redis.RedisError), redis.Redis.from_url(url) as client:
            return bool(client.ping())
        return False

    try:
        wait_for(answers, "Debian's Redis answers")
        yield url
    finally:
        server.terminate()
        server.wait(20)
