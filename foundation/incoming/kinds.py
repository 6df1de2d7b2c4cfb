"""What an app says about the files that it takes in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any, Generic, TypeVar

from .models import IncomingFile

# No worker begins a file more often than this.
ATTEMPTS_LIMIT = 3
# Reading may take this long, then it is refused.
READING_SECONDS = 120
ENDED_SECONDS = READING_SECONDS + 20  # for one that does not hear
# A worker that reads keeps saying so; one that has not for HELD has died.
HELD = timedelta(seconds=20)

NOT_ARRIVED = "The file did not reach the portal whole. Choose it again."

Progress = Callable[[str], None]
M = TypeVar("M", bound=IncomingFile)


@dataclass(frozen=True)
class Words:
    """What people are told of a file that could not be read, in the words of what they were doing."""

    unchanged: str  # Nothing in the budget was changed.
    save_again: str  # Save the file again in Excel and upload that
    divide: str  # Divide it into smaller files and upload them one by one.

    @property
    def interrupted(self) -> str:
        return (
            f"The portal began to read this file {ATTEMPTS_LIMIT} times and was interrupted each time. "
            f"{self.unchanged} {self.save_again}; if it fails again, divide it into smaller files."
        )

    @property
    def too_long(self) -> str:
        return f"Reading this file took longer than two minutes. {self.divide}"

    def fault(self, reference: object) -> str:
        return (
            f"This file could not be read because of a fault in the portal. {self.unchanged} "
            f"Tell the portal's administrator the reference {reference}."
        )


@dataclass(frozen=True)
class Found:
    """What the row says once its file was read, its state among it; `keep` keeps what stands in rows of its own."""

    facts: Mapping[str, Any]
    keep: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Kind(Generic[M]):
    """Files of one kind. `read` looks at one and changes nothing; it may raise FileRefused in words for people."""

    model: type[M]
    read: Callable[[M, IO[bytes], Progress], Found]
    words: Words
    kept_for: timedelta  # unless it was applied; stated in docs/retention.md
    keeps_file: bool  # after it was read or refused
