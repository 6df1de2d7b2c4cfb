from django.db.models import TextChoices


class SavingState(TextChoices):
    """How a saving stands to its target, by the shares that the board has set. The word says it, not a colour."""

    ON_TRACK = "on_track", "On track"
    AT_RISK = "at_risk", "At risk"
    OFF_TRACK = "off_track", "Off track"
    NOT_FORECAST = "not_forecast", "Not forecast yet"


class Assessment(TextChoices):
    """Where the assessment of a saving's effect on people stands (Equality Act 2010 s.149; 2010 Act s.1)."""

    NONE = "none", "Not assessed"
    UNDER_WAY = "under_way", "Under way"
    DONE = "done", "Assessed"
    NOT_NEEDED = "not_needed", "Screened: none is needed"
