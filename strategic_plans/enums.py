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
