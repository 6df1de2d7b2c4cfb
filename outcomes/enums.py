from django.db.models import TextChoices


class IndicatorSet(TextChoices):
    """Which published list an indicator belongs to. The sets are computed differently and are never merged."""

    NATIONAL = "national", "Core suite of integration indicators"
    MINISTERIAL = "ministerial", "Ministerial strategic group indicators"
    LOCAL_GOVERNMENT = "local_government", "Local government benchmarking framework"
    OTHER = "other", "Other published indicators"


class Better(TextChoices):
    UP = "up", "Higher is better"
    DOWN = "down", "Lower is better"
    NEITHER = "neither", "Neither direction is better"


class ReportingStatus(TextChoices):
    REPORTED = "reported", "Reported"
    NOT_REPORTED = "not_reported", "Not reported nationally"
    STALLED = "stalled", "No longer published"
    NOT_HELD = "not_held", "Published, but not held here yet"
