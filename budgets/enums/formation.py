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


class OfferStatus(TextChoices):
    """Whether a body is bound by its offer."""

    FIRM = "firm", "Firm"
    INDICATIVE = "indicative", "Indicative"


class Finding(TextChoices):
    """What due diligence can find of an offer."""

    NO_OFFER = "no_offer", "No offer"
    LATE = "late", "Late"
    INDICATIVE = "indicative", "Indicative only"
    BASE_DIFFERS = "base_differs", "Base differs from last year’s recurring budget"
    BELOW_BASE = "below_base", "Below last year’s recurring budget"
    BELOW_OUTTURN = "below_outturn", "Below last year’s outturn"
    NO_PRESSURES = "no_pressures", "Nothing for pressures"
    SAVINGS_ASKED = "savings_asked", "Savings asked"
    NO_CONDITIONS = "no_conditions", "Funding without its conditions"
    NO_LAST_YEAR = "no_last_year", "No last year to compare with"
    NO_OUTTURN = "no_outturn", "Last year’s outturn not recorded"


class Meanwhile(TextChoices):
    """What stands while the partners have not agreed."""

    LAST_YEAR = "last_year", "Last year’s recurring amounts"
    OFFERS = "offers", "The newest offers, until they are agreed"
    SCHEME = "scheme", "What the integration scheme says"
