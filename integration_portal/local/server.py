"""script/server: one local system, from nothing to an address and logins."""

import argparse
import asyncio
import errno
import json
import os
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from . import packages, programs
from .console import BOLD, Console
from .errors import CannotStart
from .folder import Folder, FolderLock
from .preparation import Preparation
from .services import Services, start_services
from .supervisor import Supervisor

ADDRESS: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8000
READY_WITHIN_SECONDS: Final = 120.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="the port of the web address (8000)")
    parser.add_argument(
        "--fresh-demo",
        action="store_true",
        help="put the demonstration back to its first day; nothing else is touched",
    )


async def serve(
    arguments: argparse.Namespace, folder: Folder, console: Console, supervisor: Supervisor, lock: FolderLock
) -> None:
    """The portal runs until the caller cancels.

    :raises CannotStart: with the reason in words.
    """
    began = time.monotonic()
    console.say(f"Integration Portal: starting from {programs.CHECKOUT}", colour=BOLD)
    lock.take()
    with open_port(arguments.port) as listener:
        address = f"http://{ADDRESS}:{listener.getsockname()[1]}"
        lock.describe(address)
        await _ensure_pango(console, supervisor)
        services = await start_services(folder, console, supervisor)
        environment = portal_environment(folder, services, address)
        _write_environment_file(folder, services, environment)
        preparation = Preparation(
            folder=folder,
            services=services,
            environment=environment,
            console=console,
            supervisor=supervisor,
        )
        logins = await _prepare(preparation, fresh_demonstration=arguments.fresh_demo)
        supervisor.keep_running(
            programs.web(environment, bind=f"fd://{listener.fileno()}", keeps_open=(listener.fileno(),))
        )
        supervisor.keep_running(programs.worker(environment))
        with console.step("Waiting until web and worker answer"):
            await _until_ready(listener.getsockname()[1])
        supervisor.keep_running(programs.beat(environment))
        console.say()
        console.say(
            f"The portal runs at {address}/  (ready after {time.monotonic() - began:.1f} s)", colour=BOLD
        )
        console.say(logins.rstrip())
        console.say(
            f"Ctrl-C stops everything. Data stays in {folder.root}{_database_elsewhere(folder, services)}"
        )
        console.say()
        await asyncio.Event().wait()


def _database_elsewhere(folder: Folder, services: Services) -> str:
    postgres = services.postgres
    if postgres is None:
        return " and in the database that DATABASE_URL names"
    return "" if folder.root in postgres.home.parents else f" and {postgres.home}"


def open_port(port: int) -> socket.socket:
    """A socket that listens on the port of this machine; web inherits it, so a restart of web loses no request.

    :raises CannotStart: the port is taken or may not be used.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((ADDRESS, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"Port {port} is taken by another program. Choose another one, for example:"
                f" script/server --port {port + 1 if port < 65535 else DEFAULT_PORT}"
            ) from None
        if isinstance(error, PermissionError):
            raise CannotStart(f"Port {port} needs more rights. Choose one above 1023 with --port.") from None
        raise CannotStart(f"Port {port} cannot be used ({error}). Choose another one with --port.") from None
    return listener


def portal_environment(folder: Folder, services: Services, address: str) -> dict[str, str]:
    """What web, worker and beat read. The owner's address is not in it: they must not be able to change tables."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "integration_portal.settings.local",
        "DATABASE_URL": services.application_url,
        "REDIS_URL": services.redis_url,
        "PORTAL_URL": address,
        "PORTAL_VAR": str(folder.root),
        "STATIC_ROOT": str(folder.root / "static"),
        "PYTHONUNBUFFERED": "1",
    }
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
    demonstration = {"PORTAL_DEMONSTRATION": "1", "PORTAL_SECOND_FACTOR_REQUIRED": "0"}
    return demonstration | inherited | ours


def _write_environment_file(folder: Folder, services: Services, environment: Mapping[str, str]) -> None:
    """script/manage, script/backup and script/restore read it to reach the running system."""
    shown = ["DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "PORTAL_URL", "PORTAL_VAR", "STATIC_ROOT"]
    values = {name: environment[name] for name in shown} | {"DATABASE_OWNER_URL": services.owner_url}
    lines = [f"export {name}='{value.replace(chr(39), _QUOTE_IN_SHELL)}'\n" for name, value in values.items()]
    folder.write_private(folder.root / "environment", "".join(lines))


_QUOTE_IN_SHELL: Final = "'\\''"


async def _ensure_pango(console: Console, supervisor: Supervisor) -> None:
    if not packages.pango_is_missing():
        return
    if packages.may_install():
        with console.step("Installing Pango, which draws the text of PDF documents"):
            await packages.install(supervisor, packages.PANGO_PACKAGES)
        return
    raise CannotStart(
        "PDF documents need Pango. Install it once (on Debian or Ubuntu) and start again:\n"
        f"  sudo {packages.install_line(packages.PANGO_PACKAGES)}"
    )


async def _prepare(preparation: Preparation, *, fresh_demonstration: bool) -> str:
    """The database and the files are ready for web and worker. Returns the demonstration's logins."""
    await preparation.tables()
    await preparation.static_files()
    await preparation.reference_data()
    await preparation.demonstration(fresh=fresh_demonstration)
    return await preparation.demonstration_logins()


async def _until_ready(port: int) -> None:
    until = time.monotonic() + READY_WITHIN_SECONDS
    answer: dict[str, Any] = {}
    while time.monotonic() < until:
        status, answer = await _ask(port, "/health/ready")
        if status == 200:
            return
        await asyncio.sleep(0.2)
    raise CannotStart(
        f"The portal did not become ready within two minutes. Its own words: {json.dumps(answer)}"
    )


async def _ask(port: int, path: str) -> tuple[int, dict[str, Any]]:
    """The status and the JSON that a page answers; status 0 when nothing answers yet."""
    try:
        reader, writer = await asyncio.open_connection(ADDRESS, port)
    except OSError:
        return 0, {}
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: {ADDRESS}\r\n\r\n".encode())
        data = await asyncio.wait_for(reader.read(), timeout=30)
    except (OSError, TimeoutError):
        return 0, {}
    finally:
        writer.close()
    head, _, body = data.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    try:
        return int(words[1]), json.loads(body)
    except (IndexError, ValueError):
        return 0, {"answer": data[:200].decode(errors="replace")}


def default_folder() -> Path:
    """PORTAL_VAR, or var/ in the checkout."""
    return Path(os.environ.get("PORTAL_VAR") or programs.CHECKOUT / "var")
