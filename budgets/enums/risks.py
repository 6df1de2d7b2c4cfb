from django.db.models import TextChoices


class Likelihood(TextChoices):
    """How likely a risk is, in the words of the partners' risk registers."""

    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
