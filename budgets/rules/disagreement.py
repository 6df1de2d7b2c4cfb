"""What the scheme's way to settle a dispute says, step by step."""

from __future__ import annotations

import re

BULLET = re.compile(r"^\s*(?:[-*•–]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+", re.IGNORECASE)
LONGEST_STEP = 300


def steps_in(policy: str) -> list[str]:
    """The steps that a policy names, in order: one a line, without its number or bullet."""
    lines = (BULLET.sub("", line).strip() for line in policy.splitlines())
    return [line if len(line) <= LONGEST_STEP else f"{line[: LONGEST_STEP - 1]}…" for line in lines if line]
