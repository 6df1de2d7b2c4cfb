"""System packages that no Python package brings: installed where we may, otherwise named in one line."""

import ctypes
import os
import shutil
from collections.abc import Mapping
from typing import Final

from .errors import CannotStart
from .supervisor import Program, Supervisor

PANGO_LIBRARIES: Final = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
)
PANGO_PACKAGES: Final = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
BROWSER_PROGRAMS: Final = {"chromium": "chromium", "pdftotext": "poppler-utils"}
# The program with which Playwright drives the browser needs it, and a bare Debian lacks it.
BROWSER_LIBRARIES: Final = {"libatomic.so.1": "libatomic1"}


def pango_is_missing() -> bool:
    """Whether WeasyPrint, which makes the PDFs, would fail to load the libraries that it draws text with."""
    return not all(_can_load(name) for name in PANGO_LIBRARIES)


def missing_browser_packages() -> list[str]:
    """The Debian packages that the browser tests need and this machine lacks."""
    programs = [package for program, package in BROWSER_PROGRAMS.items() if shutil.which(program) is None]
    libraries = [package for library, package in BROWSER_LIBRARIES.items() if not _can_load(library)]
    return programs + libraries


def install_line(packages: tuple[str, ...] | list[str]) -> str:
    """What a person types to install the packages on Debian or Ubuntu."""
    return f"apt-get install --no-install-recommends {' '.join(packages)}"


def may_install() -> bool:
    """Whether we are root on a machine with apt."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


async def install(supervisor: Supervisor, packages: tuple[str, ...] | list[str]) -> None:
    """The packages are installed.

    :raises CannotStart: apt could not, even with fresh package lists.
    """
    try:
        await supervisor.run(_apt("install", "--no-install-recommends", "-y", *packages))
    except CannotStart:  # the usual reason is lists that are missing or old
        await supervisor.run(_apt("update"))
        await supervisor.run(_apt("install", "--no-install-recommends", "-y", *packages))


def _apt(*arguments: str) -> Program:
    environment: Mapping[str, str] = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return Program(
        name="apt-get",
        command=["apt-get", "-q", *arguments],
        environment=environment,
        patience_seconds=60,  # a half-installed package is worse than a wait
    )


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
