"""Work that is skipped because it was done with the same inputs before."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


class Stamp:
    """A file beside the result that holds the digest of the inputs it was made from.

    It is kept with what it speaks of: whoever removes the database removes the stamps of what was loaded into it.
    """

    def __init__(self, path: Path, inputs: Iterable[Path]) -> None:
        self.path = path
        self.digest = digest_of(inputs)

    @property
    def is_current(self) -> bool:
        """Whether the work was done from exactly these inputs."""
        return self.path.exists() and self.path.read_text() == self.digest

    def set(self) -> None:
        """The work counts as done from these inputs."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.digest)


def digest_of(inputs: Iterable[Path]) -> str:
    """SHA-256 over the names and the contents of the files, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(inputs):
        digest.update(f"{path}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def files_below(*folders: Path) -> Iterable[Path]:
    """Every file below the folders, but no compiled Python."""
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                yield path
