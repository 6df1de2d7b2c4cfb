from django.db.models import TextChoices


class ReserveKind(TextChoices):
    """What holds a reserve: a condition of the funder, the board's own decision, or nothing in particular."""

    GENERAL = "general", "General"
    RING_FENCED = "ring_fenced", "Ring-fenced"
    EARMARKED = "earmarked", "Earmarked by the board"


class ReserveFlow(TextChoices):
    """How a reserve changes. What it first held is said once; after that each year carries on from the last."""

    OPENING = "opening", "Held when first recorded"
    IN = "in", "Transferred in"
    USED = "used", "Used"
