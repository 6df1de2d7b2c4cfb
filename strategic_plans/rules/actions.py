"""What an update on an action has to say."""

from collections.abc import Sequence

from ..enums import ActionStatus

# Saying nothing new is an answer, but not for ever.
QUIET_AT_MOST = 2

_WANTED = {
    ActionStatus.NOT_STARTED: "Say in a sentence why it has not started after all",
    ActionStatus.IN_PROGRESS: "Say in a sentence what has begun",
    ActionStatus.DONE: "Say in a sentence what was achieved",
    ActionStatus.CANCELLED: "Say in a sentence why it is cancelled",
}


def why_words_are_wanted(
    words: str, *, before: ActionStatus, now: ActionStatus, quiet: Sequence[bool]
) -> str:
    """Why the update needs a sentence, or nothing: the status changes, or nobody has said anything for long.

    `quiet` tells of the newest updates whether each was without words, the newest first.
    """
    if words.strip():
        return ""
    if now != before:
        return _WANTED[now]
    if len(quiet) >= QUIET_AT_MOST and all(quiet[:QUIET_AT_MOST]):
        return "The last two updates had no words either. Say in a sentence how it stands"
    return ""
