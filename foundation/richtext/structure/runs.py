"""Running text, tidied."""

import re
from collections.abc import Iterable
from dataclasses import replace

from .grammar import BLANK, SPACE, Run


def tidied(runs: Iterable[Run]) -> list[Run]:
    """The runs with single spaces, nothing blank at either end or around line breaks, equal neighbours joined."""
    tidy: list[Run] = []
    for run in runs:
        for text in re.findall(r"\n|[^\n]+", run.text):
            _append(tidy, replace(run, text=text) if text != "\n" else Run("\n"))
    while tidy and not tidy[-1].text.strip(BLANK):
        tidy.pop()
    if tidy:
        tidy[-1] = replace(tidy[-1], text=tidy[-1].text.rstrip(BLANK))
    return tidy


def _append(tidy: list[Run], run: Run) -> None:
    before = tidy[-1] if tidy else None
    text = run.text
    if text != "\n":
        text = SPACE.sub(" ", text)
        if before is None or before.text == "\n":
            text = text.lstrip(BLANK)
        elif before.text.endswith(" "):
            text = text.lstrip(" ")
        if not text:
            return
    elif before is None:
        return
    elif before.text != "\n":
        _strip_end(tidy)
    if (
        tidy
        and text != "\n"
        and tidy[-1].text != "\n"
        and not run.note
        and replace(tidy[-1], text="") == replace(run, text="")
    ):
        tidy[-1] = replace(run, text=tidy[-1].text + text)
    else:
        tidy.append(replace(run, text=text))


def _strip_end(tidy: list[Run]) -> None:
    """No blanks before a line break."""
    while tidy and tidy[-1].text != "\n":
        text = tidy[-1].text.rstrip(BLANK)
        if text:
            tidy[-1] = replace(tidy[-1], text=text)
            return
        tidy.pop()
