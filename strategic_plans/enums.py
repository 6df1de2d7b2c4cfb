from datetime import date
from typing import Self

from django.db.models import TextChoices


class PlanState(TextChoices):
    """Where a plan stands. The steps of the 2014 Act s.33 between draft and published are recorded apart from it."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    SUPERSEDED = "superseded", "Superseded"


class StartReason(TextChoices):
    """Why a plan was started (2014 Act ss.29, 37, 38)."""

    FIRST = "first", "The first plan for this area (section 29)"
    REVIEW = "review", "A review decided to replace the plan (section 37)"
    DIRECTED = "directed", "The constituent authorities directed a replacement (section 38)"


class ImportState(TextChoices):
    """Where a Word file is on its way into a draft. The sweep looks after those that wait."""

    WAITING = "waiting", "Waiting to be read"
    READ = "read", "Read, to be looked through"
    REFUSED = "refused", "Refused"
    APPLIED = "applied", "In the plan"


class ActionStatus(TextChoices):
    """Where an action stands. People report all but LATE, which the calendar says."""

    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    LATE = "late", "Late"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"

    @classmethod
    def reported(cls) -> list[tuple[str, str]]:
        """The choices of whoever reports."""
        return [(str(status.value), str(status.label)) for status in cls if status is not cls.LATE]

    @classmethod
    def on(cls, day: date, status: str, due_on: date | None) -> Self:
        """The status as reported; late when it is still open on a day after the one by which it was promised."""
        reported = cls(status)
        return cls("late") if reported.is_open and due_on and due_on < day else reported

    @property
    def is_open(self) -> bool:
        return self not in {ActionStatus.DONE, ActionStatus.CANCELLED}

    @property
    def tag(self) -> str:
        """The tag that shows it (foundation.sgds.statuses)."""
        return "overdue" if self is ActionStatus.LATE else str(self.value)


class BlockKind(TextChoices):
    """What can be shown in a text, live in the draft and frozen when it is published."""

    INDICATOR = "indicator", "Indicators"
    BUDGET = "budget", "Integrated budget"
    LOCALITY = "locality", "Localities"
    OUTCOMES = "outcomes", "National outcomes"
    PRINCIPLES = "principles", "Integration principles"
    ENGAGEMENT = "engagement", "You said, we did"


class WrittenForm(TextChoices):
    """The forms of a plan that people write, each in one language."""

    EASY_READ = "easy-read", "Easy read"
    GAELIC = "gaelic", "Gaelic (Gàidhlig)"

    @property
    def language(self) -> str:
        return "gd" if self is WrittenForm.GAELIC else "en-GB"
