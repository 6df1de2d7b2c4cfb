from django.db.models import TextChoices


class DirectionState(TextChoices):
    """Where a direction stands, from its first words to whatever ended it (2014 Act ss.26-27)."""

    DRAFT = "draft", "Draft"
    READY = "ready", "Prepared"
    ISSUED = "issued", "Issued"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Completed"
    VARIED = "varied", "Varied"
    REVOKED = "revoked", "Revoked"
    SUPERSEDED = "superseded", "Superseded"


UNISSUED = frozenset({DirectionState.DRAFT, DirectionState.READY})
STANDING = frozenset({DirectionState.ISSUED, DirectionState.ACKNOWLEDGED, DirectionState.IN_PROGRESS})
ENDED = frozenset(
    {
        DirectionState.COMPLETED,
        DirectionState.VARIED,
        DirectionState.REVOKED,
        DirectionState.SUPERSEDED,
    }
)


class MoneyStated(TextChoices):
    """How a direction states its money (2014 Act s.27(1))."""

    AMOUNT = "amount", "A payment of a stated amount"
    METHOD = "method", "A payment worked out by a method"
    SET_ASIDE = "set_aside", "A sum set aside"


class Effect(TextChoices):
    """What a new direction does to an earlier one (2014 Act s.27(5)(a))."""

    VARIES = "varies", "Varies"
    SUPERSEDES = "supersedes", "Supersedes"


class Progress(TextChoices):
    """How a body says that it gets on with a direction."""

    ON_TRACK = "on_track", "On track"
    AT_RISK = "at_risk", "At risk"
    OFF_TRACK = "off_track", "Off track"
    DONE = "done", "Done"
