"""A backup of a portal with work in it, restored into an empty second one, holds the same rows and the same files."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from integration_portal.local.programs import CHECKOUT

from .running import manage, own_database, own_redis_database, release, run

FILES = {
    "documents/ab/abcd.pdf": b"%PDF-1.7 a plan " * 5000,
    "documents/cd/cdef.csv": "Locality,Payment\nAn Teallach,£1,234\n".encode(),
}


def portal(folder: Path, owner_url: str, application_url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "integration_portal.settings.local",
        "DATABASE_URL": application_url,
        "DATABASE_OWNER_URL": owner_url,
        "REDIS_URL": own_redis_database(12),
        "PORTAL_VAR": str(folder),
        "PYTHON": sys.executable,
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Iterator[dict[str, str]]:
    """A portal with reference data, a table that only grows, and two files."""
    folder = tmp_path_factory.mktemp("first")
    with own_database() as addresses:
        environment = portal(folder, *addresses)
        release(environment)
        for name, data in FILES.items():
            path = folder / "files" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        yield environment


@pytest.fixture(scope="module")
def backup(first, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("backups") / "2027-03-31"
    assert "2 files" in manage(first, "backup", str(folder))
    return folder


@pytest.fixture(scope="module")
def second(tmp_path_factory) -> Iterator[dict[str, str]]:
    """A portal with nothing in it, not even tables."""
    with own_database() as addresses:
        yield portal(tmp_path_factory.mktemp("second"), *addresses)


def count(url: str, table: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return row[0]


def test_a_restored_portal_holds_the_same(first, backup, second):
    assert "every table and every file is as the backup says" in manage(second, "restore", str(backup))
    assert "No migrations to apply" in release(second)  # it gives the application's role its rights
    for table in ("partnerships_partnership", "localities_locality", "outcomes_indicatorvalue"):
        assert count(second["DATABASE_URL"], table) == count(first["DATABASE_URL"], table) > 0
    for name, data in FILES.items():
        assert (Path(second["PORTAL_VAR"]) / "files" / name).read_bytes() == data


def test_a_restore_refuses_a_portal_with_something_in_it(first, backup):
    with pytest.raises(AssertionError, match=r"This portal is not empty.*--replace"):
        manage(first, "restore", str(backup))


def test_what_differs_after_a_restore_is_named(backup, tmp_path):
    spoilt = tmp_path / "spoilt"
    run(["cp", "-r", str(backup), str(spoilt)], dict(os.environ))
    (spoilt / "files" / "documents/cd/cdef.csv").write_bytes(b"something else")
    manifest = json.loads((spoilt / "manifest.json").read_text())
    manifest["tables"]["localities_locality"]["rows"] += 1
    (spoilt / "manifest.json").write_text(json.dumps(manifest))
    with own_database() as addresses, pytest.raises(AssertionError) as refusal:
        manage(portal(tmp_path / "var", *addresses), "restore", str(spoilt))
    assert "table localities_locality" in str(refusal.value)
    assert "file documents/cd/cdef.csv" in str(refusal.value)
    assert "table partnerships_partnership" not in str(refusal.value)


def test_a_replaced_portal_keeps_nothing_of_its_own(backup, second):
    stray = Path(second["PORTAL_VAR"]) / "files" / "stray.pdf"
    stray.write_bytes(b"of before")
    assert "Restored" in manage(second, "restore", str(backup), "--replace")
    assert not stray.exists()


def test_a_backup_never_writes_over_another(first, backup):
    with pytest.raises(AssertionError, match="is not empty"):
        manage(first, "backup", str(backup))


def test_a_backup_is_private(backup):
    assert backup.stat().st_mode & 0o077 == 0
    assert CHECKOUT not in backup.parents
