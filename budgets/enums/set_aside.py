from django.db.models import TextChoices


class Confidence(TextChoices):
    """How far a set-aside figure can be relied on."""

    A = "A", "A: this year's activity, counted, at this year's cost"
    B = "B", "B: activity of earlier years, counted, at an average cost"
    C = "C", "C: a share of the hospital's budget, without activity of its own"
    D = "D", "D: an estimate with nothing counted behind it"


class ClaimKind(TextChoices):
    """Who owes whom once the set-aside that was used is known (2014 Act s.28(3) and (4))."""

    CLAIM = "claim", "Payment to the authority of what was not used"
    REIMBURSEMENT = "reimbursement", "Reimbursement of the board for what was used beyond it"


class ClaimState(TextChoices):
    """What became of a claim or a reimbursement."""

    REQUIRED = "required", "Required"
    SETTLED = "settled", "Settled"
    NOT_PURSUED = "not_pursued", "Not pursued"
