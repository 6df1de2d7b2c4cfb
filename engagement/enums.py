from __future__ import annotations

from datetime import date

from django.db.models import TextChoices


class Method(TextChoices):
    MEETING = "meeting", "Meeting"
    DROP_IN = "drop_in", "Drop-in or stall"
    VISIT = "visit", "Visit to a group"
    SURVEY = "survey", "Survey"
    CALL = "call", "Phone or video call"
    ONLINE = "online", "Online event"
    OTHER = "other", "Something else"

    def at(self, place: str) -> str:
        """The occasion in words: Survey at the library. Of something else the place says enough."""
        return place if self is Method.OTHER else f"{self.label} at {place}"


class PromiseState(TextChoices):
    """How far a promise has come. Who made it is told when it falls due; who heard it is told when it is done."""

    OVERDUE = "overdue", "Overdue"
    DUE = "due", "Due"
    TO_TELL_BACK = "to_tell_back", "Done, not yet told back"
    KEPT = "kept", "Kept and told back"

    @classmethod
    def of(cls, due_on: date, done_on: date | None, told_back_on: date | None, day: date) -> PromiseState:
        """Where a promise stands on a day; done is not kept until the people were told."""
        if told_back_on:
            return cls.KEPT
        if done_on:
            return cls.TO_TELL_BACK
        return cls.OVERDUE if due_on < day else cls.DUE
