"""Words of the year's monitoring: periods, variances, movements, recovery."""

from django.db.models import TextChoices


class PeriodState(TextChoices):
    """A period takes figures until it is closed; unlocked, it takes those that its unlock names."""

    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    UNLOCKED = "unlocked", "Unlocked"


class MovementState(TextChoices):
    """A virement or an in-year allocation. Only an applied one has changed the budget."""

    PROPOSED = "proposed", "Proposed"
    APPLIED = "applied", "Applied"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ThresholdKind(TextChoices):
    """How the two parts of a variance threshold work together."""

    EITHER = "either", "Either: the amount or the percentage is passed"
    BOTH = "both", "Both: the amount and the percentage are passed"


class Cause(TextChoices):
    """What drives a variance; the pressures that integration authorities report."""

    PAY = "pay", "Pay award or employer costs"
    PRESCRIBING = "prescribing", "Prescribing: volume or price"
    CARE_HOMES = "care_homes", "Care-home placements"
    CARE_AT_HOME = "care_at_home", "Demand for care at home"
    PACKAGES = "packages", "Care packages, learning disability or complex needs"
    TRANSITION = "transition", "Young people moving from children’s services"
    AGENCY = "agency", "Agency or locum staff"
    VACANCIES = "vacancies", "Vacancies or late recruitment"
    CONTRACTS = "contracts", "Inflation on contracts"
    SAVINGS = "savings", "Savings not delivered or late"
    BEDS = "beds", "Beds opened without funding"
    INCOME = "income", "Income above or below plan"
    TIMING = "timing", "Timing: it evens out within the year"
    ONE_OFF = "one_off", "One-off cost or refund"
    OTHER = "other", "Something else"


class Rag(TextChoices):
    """How a line's forecast stands against its budget, by the partnership's stored rule."""

    GREEN = "green", "Within budget"
    AMBER = "amber", "Watch"
    RED = "red", "Overspending"
    UNKNOWN = "unknown", "No forecast"


class LadderStep(TextChoices):
    """What is done about a forecast overspend, in this order (integration scheme; finance guidance 2014)."""

    CORRECTIVE_ACTION = "corrective_action", "Corrective action by the chief officer"
    RECOVERY_PLAN = "recovery_plan", "Recovery plan agreed with the partners"
    OTHER_ARM = "other_arm", "Underspend on the other arm"
    RESERVES = "reserves", "Use of reserves"
    ADDITIONAL_PAYMENT = "additional_payment", "Additional payment by the partners"


class StepState(TextChoices):
    NOT_REACHED = "not_reached", "Not reached"
    CONSIDERED = "considered", "Considered and not used"
    IN_USE = "in_use", "In use"
    DONE = "done", "Done"


class ActionConfidence(TextChoices):
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class ActionProgress(TextChoices):
    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"
