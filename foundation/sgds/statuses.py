"""The states that a tag can show. Each has a word, a shape and a colour, so that none is told by colour alone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Status:
    """How one state looks: the word people read, the shape before it, the design system's tag colour."""

    word: str
    shape: str
    colour: str


STATUSES = {
    # Work
    "not_started": Status("Not started", "ring", "grey"),
    "draft": Status("Draft", "pencil", "grey"),
    "in_progress": Status("In progress", "half", "blue"),
    "submitted": Status("Submitted", "arrow", "blue"),
    "waiting": Status("Waiting", "half", "yellow"),
    "returned": Status("Returned", "arrow-back", "orange"),
    "agreed": Status("Agreed", "tick", "green"),
    "confirmed": Status("Confirmed", "tick", "green"),
    "disputed": Status("Disputed", "cross", "red"),
    "unconfirmed": Status("Unconfirmed", "ring", "yellow"),
    "not_agreed": Status("Not agreed", "cross", "red"),
    "firm": Status("Firm", "tick", "green"),
    "indicative": Status("Indicative", "half", "yellow"),
    "late": Status("Late", "triangle", "red"),
    "done": Status("Done", "tick", "green"),
    "cancelled": Status("Cancelled", "dash", "grey"),
    # Directions
    "issued": Status("Issued", "arrow", "blue"),
    "acknowledged": Status("Acknowledged", "half", "blue"),
    "completed": Status("Completed", "tick", "green"),
    "varied": Status("Varied", "dash", "grey"),
    "revoked": Status("Revoked", "cross", "grey"),
    # Editions
    "published": Status("Published", "tick", "green"),
    "superseded": Status("Superseded", "dash", "grey"),
    "provisional": Status("Provisional", "half", "yellow"),
    "not_reported": Status("Not reported", "dash", "grey"),
    # Periods and rounds
    "open": Status("Open", "ring", "blue"),
    "closed": Status("Closed", "lock", "grey"),
    "locked": Status("Locked", "lock", "grey"),
    "due": Status("Due", "half", "yellow"),
    "overdue": Status("Overdue", "triangle", "red"),
    # Promises
    "to_tell_back": Status("Tell back", "half", "yellow"),
    "kept": Status("Kept", "tick", "green"),
    # Progress against a target
    "on_track": Status("On track", "tick", "green"),
    "at_risk": Status("At risk", "triangle", "yellow"),
    "off_track": Status("Off track", "cross", "red"),
    # Checks
    "met": Status("Met", "tick", "green"),
    "missing": Status("Missing", "cross", "red"),
    "not_applicable": Status("Does not apply", "dash", "grey"),
    # Long work
    "queued": Status("Queued", "ring", "grey"),
    "running": Status("Running", "half", "blue"),
    "ready": Status("Ready", "tick", "green"),
    "failed": Status("Failed", "cross", "red"),
}

# What each shape is drawn with, in a 12 by 12 box, filled with the tag's own text colour.
SHAPES = {
    "ring": "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1Zm0 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z",
    "half": "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1Zm0 2v6a3 3 0 0 1 0-6Z",
    "tick": "M4.6 10.2.8 6.4l1.6-1.6 2.2 2.2 5-5 1.6 1.6Z",
    "cross": "M2.6 1 6 4.4 9.4 1 11 2.6 7.6 6 11 9.4 9.4 11 6 7.6 2.6 11 1 9.4 4.4 6 1 2.6Z",
    "triangle": "M6 .8 11.6 11H.4ZM5.2 4.4v3.2h1.6V4.4Zm0 4.2v1.4h1.6V8.6Z",
    "dash": "M1 4.9h10v2.2H1Z",
    "lock": "M3 5V3.8a3 3 0 0 1 6 0V5h1v6H2V5Zm1.6 0h2.8V3.8a1.4 1.4 0 0 0-2.8 0Z",
    "pencil": "M8.6.8 11.2 3.4 4 10.6l-3.2.6.6-3.2Z",
    "arrow": "M6.4 1.6 10.8 6l-4.4 4.4-1.5-1.5 1.8-1.8H1V4.9h5.7L4.9 3.1Z",
    "arrow-back": "M5.6 1.6 1.2 6l4.4 4.4 1.5-1.5-1.8-1.8H11V4.9H5.3l1.8-1.8Z",
}


def status_named(name: str, word: str = "") -> Status:
    """The named status, with `word` in place of its usual word; an unknown name gives a plain grey ring."""
    status = STATUSES.get(name) or Status(name.replace("_", " ").capitalize(), "ring", "grey")
    return Status(word, status.shape, status.colour) if word else status
