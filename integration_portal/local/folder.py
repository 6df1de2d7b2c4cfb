"""The folder in which one local system keeps everything: data, passwords, sockets, locks and stamps."""

import fcntl
import hashlib
import json
import os
import re
import secrets
import stat
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from .errors import CannotStart

# A unix socket's address holds 108 bytes, of which PostgreSQL's own file name takes 14.
LONGEST_SOCKET_FOLDER: Final = 80
# Addresses of sockets travel inside URLs and configuration files with rules of their own.
PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9/._-]+")
ORPHANS_MAY_TAKE_SECONDS: Final = 20.0


@dataclass(frozen=True)
class Folder:
    """`root` is the folder that PORTAL_VAR names, or var/ in the checkout."""

    root: Path

    @classmethod
    def at(cls, root: Path) -> "Folder":
        """The folder exists. It may be entered by others (PostgreSQL runs as another user when started by root);
        each file with a secret is readable by its owner only."""
        root = root.resolve()
        if not root.exists():
            root.mkdir(parents=True)
            root.chmod(0o711)
        return cls(root)

    def kept_secret(self, name: str) -> str:
        """A random password, made once and kept in a file that only its owner can read."""
        path = self.root / name
        if not path.exists():
            self.write_private(path, secrets.token_urlsafe(32))
        return path.read_text().strip()

    def write_private(self, path: Path, text: str) -> None:
        """The file holds the text; nobody else could read it at any moment."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)

    @property
    def sockets(self) -> Path:
        """A folder with a short, plain address for unix sockets: in this folder where its address allows,
        otherwise in a private folder of the system's temporary folder."""
        here = self.root / "run"
        if PLAIN_PATH.fullmatch(str(here)) and len(str(here)) <= LONGEST_SOCKET_FOLDER:
            return self._owned_folder(here)
        digest = hashlib.sha256(str(self.root).encode()).hexdigest()[:12]
        return self._owned_folder(Path(tempfile.gettempdir()) / f"integration-portal-{os.geteuid()}-{digest}")

    @staticmethod
    def _owned_folder(path: Path) -> Path:
        path.mkdir(mode=0o711, exist_ok=True)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise CannotStart(f"{path} belongs to someone else. Remove it, or set TMPDIR to another folder.")
        path.chmod(0o711)
        return path


class AlreadyRunning(CannotStart):
    """Another local system runs from the same folder."""


class FolderLock:
    """Held while a local system runs from a folder.

    Two files: `lock` is held by the supervisor alone and names it; `run.lock` is also held by every process that the
    supervisor started, because they inherit it. So a start after a crash can wait until the last of them is gone.
    """

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._own = self._open("lock")
        self._shared = self._open("run.lock")

    @property
    def inherited(self) -> int:
        """The file descriptor that each child keeps open."""
        return self._shared.fileno()

    def take(self) -> None:
        """The folder is ours and nothing of an earlier run is left.

        :raises AlreadyRunning: another supervisor holds it.
        :raises CannotStart: processes of an earlier run do not end.
        """
        if not _locked(self._own):
            raise AlreadyRunning(self._words_for_second_start())
        self._write({})
        self._wait_for_orphans()

    def describe(self, address: str) -> None:
        """A second start is told this address."""
        self._write({"address": address, "pid": os.getpid()})

    def _write(self, about: dict[str, Any]) -> None:
        self._own.seek(0)
        self._own.truncate()
        json.dump(about, self._own)
        self._own.flush()

    def _wait_for_orphans(self) -> None:
        until = time.monotonic() + ORPHANS_MAY_TAKE_SECONDS
        while not _locked(self._shared):
            if time.monotonic() > until:
                raise CannotStart(
                    "Processes of an earlier run are still there. Find them with:"
                    f" fuser '{self.folder.root / 'run.lock'}' and end them, then start again."
                )
            time.sleep(0.1)

    def _words_for_second_start(self) -> str:
        self._own.seek(0)
        text = self._own.read()
        about = json.loads(text) if text else {}
        if not about:  # the other one took the lock a moment ago
            return f"The portal is already starting from {self.folder.root}."
        return (
            f"The portal already runs from this folder: {about['address']}/, process {about['pid']}.\n"
            f"Use that one, or stop it with Ctrl-C in its window or: kill {about['pid']}"
        )

    def _open(self, name: str) -> IO[str]:
        path = self.folder.root / name
        try:
            path.touch(mode=0o600)
            return path.open("r+")
        except PermissionError:
            raise CannotStart(
                f"{path} belongs to another user. Start as that user, or set PORTAL_VAR to a folder of your own."
            ) from None


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
