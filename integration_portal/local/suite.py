"""script/test and bench/run: against a PostgreSQL and a Redis of their own, which are thrown away."""

import contextlib
import os
import shutil
import sys
from pathlib import Path
from typing import Final

from . import packages
from .console import Console
from .errors import CannotStart
from .folder import Folder, FolderLock
from .programs import CHECKOUT
from .services import Services, start_services
from .supervisor import LogLine, Program, Supervisor

FOLDER: Final = "test"


def throw_away_folder() -> Folder:
    """The folder for this run's servers and files."""
    return Folder.at(Path(os.environ.get("PORTAL_VAR") or CHECKOUT / "var") / FOLDER)


def log_to_file(folder: Folder) -> LogLine:
    """What the servers say goes to a file: tests provoke errors on purpose."""
    path = folder.root / "services.log"

    def log(program: str, text: str) -> None:
        # A full disk must not keep the servers from being stopped in order.
        with contextlib.suppress(OSError), path.open("a") as file:
            file.write(f"{program:<8} | {text}\n")

    return log


async def run(
    pytest_arguments: list[str], folder: Folder, console: Console, supervisor: Supervisor, lock: FolderLock
) -> int:
    """The checks passed (skipped when arguments choose some tests), then the tests ran. Returns the exit status.

    :raises CannotStart: with the reason in words.
    """
    environment = await _with_own_servers(folder, console, supervisor, lock)
    if not pytest_arguments:
        status = await supervisor.run_attached(
            Program("script/check", [str(CHECKOUT / "script" / "check")], environment, folder=str(CHECKOUT))
        )
        if status:
            return status
    # All tests: file by file on two workers, as a file starts its servers and systems once; in the order of their
    # names, as the last of them publishes the demonstration draft, which the others read.
    # The slowest are told, as the whole has fifteen minutes on two cores.
    chosen = pytest_arguments or ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "--durations=30"]
    command = [sys.executable, "-m", "pytest", *chosen]
    return await supervisor.run_attached(
        Program("pytest", command, environment, patience_seconds=30, folder=str(CHECKOUT))
    )


async def measure(
    program: str, folder: Folder, console: Console, supervisor: Supervisor, lock: FolderLock
) -> int:
    """bench/run and bench/pdf: the program ran on a portal of its own with the demonstration. Returns its exit status.

    :raises CannotStart: with the reason in words.
    """
    environment = await _with_own_servers(folder, console, supervisor, lock)
    environment["DJANGO_SETTINGS_MODULE"] = "integration_portal.settings.local"
    environment["PORTAL_DEMONSTRATION"] = "1"
    environment["PORTAL_SECOND_FACTOR_REQUIRED"] = "0"
    return await supervisor.run_attached(
        Program("bench", [sys.executable, "-m", program], environment, folder=str(CHECKOUT))
    )


async def _with_own_servers(
    folder: Folder, console: Console, supervisor: Supervisor, lock: FolderLock
) -> dict[str, str]:
    """An empty database and an empty broker answer. Returns the environment that names them."""
    lock.take()
    _empty(folder)
    await _install_what_is_missing(console, supervisor)
    services = await start_services(folder, console, supervisor, _without_own_names(), durable=False)
    return _environment(folder, services)


def _environment(folder: Folder, services: Services) -> dict[str, str]:
    """Tests create and drop databases, so they come as the owner; tests of the application's role take that role."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {
        **os.environ,
        "PATH": path,
        "DATABASE_URL": services.owner_url,
        "DATABASE_OWNER_URL": services.owner_url,
        "REDIS_URL": services.redis_url,
        "PORTAL_VAR": str(folder.root),
        "STATIC_ROOT": str(folder.root / "static"),
        "DJANGO_SETTINGS_MODULE": "integration_portal.settings.test",
    }


def _without_own_names() -> dict[str, str]:
    """The tests would empty a database that DATABASE_URL names, so only TEST_DATABASE_URL and TEST_REDIS_URL count."""
    named = {
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),
        "REDIS_URL": os.environ.get("TEST_REDIS_URL", ""),
    }
    return {name: value for name, value in named.items() if value}


def _empty(folder: Folder) -> None:
    """Nothing of an earlier run is left but the locks, which are ours by now."""
    for path in folder.root.iterdir():
        if path.name not in {"lock", "run.lock"}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


async def _install_what_is_missing(console: Console, supervisor: Supervisor) -> None:
    wanted = packages.missing_browser_packages()
    if packages.pango_is_missing():
        wanted += packages.PANGO_PACKAGES
    if not wanted:
        return
    if not packages.may_install():
        console.say(
            f"Not on this machine, so some tests are skipped or fail. As root: {packages.install_line(wanted)}"
        )
        return
    with console.step(f"Installing {', '.join(wanted)}"):
        try:
            await packages.install(supervisor, wanted)
        except CannotStart as reason:  # the tests that need them say so, one by one
            console.say(str(reason))
