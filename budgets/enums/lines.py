from django.db.models import TextChoices


class FundKind(TextChoices):
    """How money reaches the integration authority (2014 Act ss.1(3)(d)-(e), 14, 18, 19)."""

    PAYMENT = "payment", "Payment"
    SET_ASIDE = "set_aside", "Set aside"
    OWN_RESOURCE = "own_resource", "Lead agency's own resource"


class Arm(TextChoices):
    """Which partner's side of the integrated budget a line belongs to (SSI 2014/326; finance guidance 2014)."""

    COUNCIL = "council", "Council"
    HEALTH_BOARD = "health_board", "Health board"
    SET_ASIDE = "set_aside", "Set aside"
    HOSTED = "hosted", "Hosted service"


class ProviderSector(TextChoices):
    """Who gives the service in the end: the authority allocates back to its partners, and they commission others."""

    BODY = "body", "The body itself"
    THIRD = "third", "Third-sector organisation"
    INDEPENDENT = "independent", "Independent-sector provider"


class LocalityMethod(TextChoices):
    """How a split by locality was worked out (SSI 2014/326 reg 6(2))."""

    POSTCODE = "postcode", "Postcode of the people served"
    TEAM_BASE = "team_base", "Base of the team"
    PRACTICE = "practice", "List of the GP practice"
    POPULATION = "population", "Population"
    NRAC = "nrac", "Population weighted by the national formula (NRAC)"
    AGREED = "agreed", "Agreed percentage"


class SpendCategory(TextChoices):
    """The categories that the annual report must show (SSI 2014/326 reg 4(2)(a)-(e)). Key care groups overlap them."""

    HOSPITAL_INPATIENTS = "A", "Health care to hospital inpatients"
    OTHER_HEALTH = "B", "Other health care"
    CARE_HOME = "C", "Social care in a care home or adult placement"
    UNPAID_CARERS = "D", "Social care to support unpaid carers"
    OTHER_SOCIAL_CARE = "E", "Other social care"


class Setting(TextChoices):
    """Where the service is given, so that the balance of care can be followed."""

    HOSPITAL = "hospital", "Hospital"
    COMMUNITY = "community", "Community health"
    SOCIAL_CARE = "social_care", "Social care"


class Subjective(TextChoices):
    """What kind of thing the money is spent on, as the subjective headings of the partners' ledgers group it."""

    EMPLOYEES = "employees", "Employee costs"
    PREMISES = "premises", "Premises"
    TRANSPORT = "transport", "Transport"
    SUPPLIES = "supplies", "Supplies and services"
    THIRD_PARTY = "third_party", "Third-party payments"
    TRANSFER = "transfer", "Transfer payments"
    FAMILY_HEALTH = "family_health", "Family health services"
    PRESCRIBING = "prescribing", "Prescribing"
    RESOURCE_TRANSFER = "resource_transfer", "Resource transfer"
    INCOME = "income", "Income"


NOT_TOLD_APART = "Not told apart"  # a line of several headings, or of one that nobody has named

INSTITUTIONAL_SETTINGS = frozenset({Setting.HOSPITAL})
INSTITUTIONAL_CATEGORIES = frozenset({SpendCategory.HOSPITAL_INPATIENTS, SpendCategory.CARE_HOME})


class BudgetState(TextChoices):
    """A draft is allocated; an agreed budget stands still until it is reopened with a reason.

    Where the partners have not agreed, the year is not without a budget: the state says so, and what stands meanwhile.
    """

    DRAFT = "draft", "Draft"
    NOT_AGREED = "not_agreed", "Not agreed by the partners"
    AGREED = "agreed", "Agreed"


class Dimension(TextChoices):
    """What the lines can be added up by."""

    HEADING = "heading", "Heading"
    FUNCTION = "function", "Delegated function"
    BODY = "body", "Delivering body"
    CATEGORY = "category", "Category of the annual report"
    SETTING = "setting", "Setting"
