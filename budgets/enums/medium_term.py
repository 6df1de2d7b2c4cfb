from django.db.models import TextChoices


class Scenario(TextChoices):
    """How the years ahead may turn out."""

    WORST = "worst", "Worst case"
    EXPECTED = "expected", "Expected case"
    BEST = "best", "Best case"


class PlanItem(TextChoices):
    """What a figure of the medium-term plan is."""

    BASE = "base", "Base budget"
    PRESSURE = "pressure", "Pressure"
    FUNDING = "funding", "Funding assumed"
    SAVINGS = "savings", "Savings identified"


class Pressure(TextChoices):
    """What makes the same services cost more from one year to the next."""

    PAY = "pay", "Pay award"
    NATIONAL_INSURANCE = "national_insurance", "Employer national insurance"
    NON_PAY = "non_pay", "Non-pay inflation"
    DEMOGRAPHY = "demography", "Demography: more people who need care"
    PRESCRIBING = "prescribing", "Prescribing: volume and price"
    CARE_HOMES = "care_homes", "Care home placements"
    CARE_AT_HOME = "care_at_home", "Care at home demand"
    LEARNING_DISABILITY = "learning_disability", "Learning disability packages"
    TRANSITION = "transition", "Transition from children’s services"
    AGENCY = "agency", "Agency and locum staff"
    CONTRACTS = "contracts", "Contract uplifts: living wage, care home contract"
    NEW_DUTIES = "new_duties", "New duties"
    UNDELIVERED = "undelivered", "Savings not delivered in earlier years"
    UNFUNDED_BEDS = "unfunded_beds", "Unfunded beds"
    OTHER = "other", "Other pressures"
