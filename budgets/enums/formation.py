from django.db.models import TextChoices


class Word(TextChoices):
    """What a party says of a figure."""

    CONFIRMED = "confirmed", "Confirmed"
    DISPUTED = "disputed", "Disputed"


class Agreement(TextChoices):
    """How the partners stand to one figure today."""

    AGREED = "agreed", "Agreed"
    DISPUTED = "disputed", "Disputed"
    UNCONFIRMED = "unconfirmed", "Unconfirmed"
