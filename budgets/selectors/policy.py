"""What the board has decided about reserves and savings."""

from partnerships.models import Partnership

from ..models import MoneyPolicy


def policy_of(partnership: Partnership) -> MoneyPolicy:
    """The partnership's policy; the usual one, not saved, where the board has decided nothing."""
    return MoneyPolicy.objects.filter(partnership=partnership).first() or MoneyPolicy(
        partnership=partnership, revision=0
    )
