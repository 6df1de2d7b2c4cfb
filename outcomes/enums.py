from django.db.models import TextChoices


class IndicatorSet(TextChoices):
    """Which published list an indicator belongs to. The sets are computed differently and are never merged."""

    NATIONAL = "national", "Core suite of integration indicators"
    MINISTERIAL = "ministerial", "Ministerial strategic group indicators"
    LOCAL_GOVERNMENT = "local_government", "Local government benchmarking framework"
    COMMUNITY_PLANNING = "community_planning", "Community planning outcomes profile"
    PUBLIC_HEALTH = "public_health", "Public Health Scotland publications"
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


class Direction(TextChoices):
    """What the latest value says beside the earlier one it is compared with. Never said without grounds."""

    BETTER = "better", "Better"
    WORSE = "worse", "Worse"
    HIGHER = "higher", "Higher"
    LOWER = "lower", "Lower"
    NO_CLEAR_CHANGE = "no_clear_change", "No clear change"
    NOT_COMPARABLE = "not_comparable", "Not comparable"
    ONE_VALUE = "one_value", "One value only"
    NO_VALUE = "no_value", "No value"
