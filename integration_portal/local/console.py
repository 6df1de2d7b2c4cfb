"""What the person at the terminal sees: steps with their time, then one prefixed line for each line of log."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from typing import Final, TextIO

RESET: Final = "\x1b[0m"
BOLD: Final = "\x1b[1m"
RED: Final = "\x1b[31m"
GREEN: Final = "\x1b[32m"
# One steady colour a program, readable on dark and on light terminals.
PROGRAM_COLOURS: Final = {
    "portal": "\x1b[1m",
    "postgres": "\x1b[34m",
    "redis": "\x1b[31m",
    "web": "\x1b[32m",
    "worker": "\x1b[35m",
    "beat": "\x1b[36m",
}
NAME_WIDTH: Final = max(map(len, PROGRAM_COLOURS))


class Console:
    """Writes whole lines, coloured on a terminal only (and not when NO_COLOR is set)."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        self.is_terminal = self.stream.isatty()
        self.coloured = self.is_terminal and "NO_COLOR" not in os.environ
        self._unfinished = False

    def say(self, text: str = "", *, colour: str = "") -> None:
        """The text stands on lines of its own."""
        self._break_unfinished_line()
        self._write(self._paint(text, colour) + "\n")

    def log(self, program: str, text: str) -> None:
        """One line that a program wrote, with the program's name before it."""
        self._break_unfinished_line()
        name = self._paint(f"{program:<{NAME_WIDTH}} |", PROGRAM_COLOURS.get(program, ""))
        self._write(f"{name} {text}\n")

    @contextlib.contextmanager
    def step(self, label: str) -> Iterator[None]:
        """The step is announced, and afterwards shown with the seconds it took or as failed."""
        started = time.monotonic()
        self._begin(label)
        try:
            yield
        except BaseException:
            self._finish(f"{self._paint('failed', RED)}  {label}", started)
            raise
        self._finish(f"{self._paint('  done', GREEN)}  {label}", started)

    def _begin(self, label: str) -> None:
        self._break_unfinished_line()
        if self.is_terminal:
            self._write(f"   ...  {label}")
            self._unfinished = True

    def _finish(self, text: str, started: float) -> None:
        if self._unfinished:
            self._write("\r")
            self._unfinished = False
        self._write(f"{text} ({time.monotonic() - started:.1f} s)\n")

    def _break_unfinished_line(self) -> None:
        if self._unfinished:
            self._write("\n")
            self._unfinished = False

    def _paint(self, text: str, colour: str) -> str:
        return f"{colour}{text}{RESET}" if self.coloured and colour else text

    def _write(self, text: str) -> None:
        # The terminal may be gone (closed window, closed pipe): stopping in order matters more than the words.
        with contextlib.suppress(BrokenPipeError, OSError):
            self.stream.write(text)
            self.stream.flush()
