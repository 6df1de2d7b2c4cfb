from django.db.models import TextChoices


class Role(TextChoices):
    """What a person does for an integration authority (2014 Act ss.10, 13, 32; SSI 2014/285 art 3)."""

    CHIEF_OFFICER = "chief_officer", "Chief officer"
    CHIEF_FINANCE_OFFICER = "chief_finance_officer", "Chief finance officer"
    PLANNING_OFFICER = "planning_officer", "Planning officer"
    FINANCE_OFFICER = "finance_officer", "Finance officer"
    LOCALITY_LEAD = "locality_lead", "Locality lead"
    CLERK = "clerk", "Board clerk"
    PLANNING_GROUP_MEMBER = "planning_group_member", "Strategic planning group member"
    PARTNER_OFFICER = "partner_officer", "Partner officer"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"
    NATIONAL_VIEWER = "national_viewer", "National viewer"
    SUPPORT = "support", "Support"


class BodyKind(TextChoices):
    """A constituent authority (2014 Act s.61)."""

    HEALTH_BOARD = "health_board", "Health board"
    COUNCIL = "council", "Council"


class IntegrationModel(TextChoices):
    """How functions are delegated (2014 Act s.1(4))."""

    BODY_CORPORATE = "a", "Integration joint board"
    LEAD_HEALTH_BOARD = "b", "Lead agency: health board"
    LEAD_COUNCIL = "c", "Lead agency: council"
    LEAD_BOTH = "d", "Lead agency: council and health board each lead for the other"


class FunctionSetting(TextChoices):
    """Where a delegated function is carried out (SSI 2014/344 sch 3 parts 2 and 3; SSI 2014/345)."""

    HOSPITAL = "hospital", "Hospital"
    COMMUNITY = "community", "Community health"
    SOCIAL_CARE = "social_care", "Social care"


class Post(TextChoices):
    """A post that the law or the scheme asks for (2014 Act s.10; SSI 2014/285 arts 3, 4)."""

    CHIEF_OFFICER = "chief_officer", "Chief officer"
    CHIEF_FINANCE_OFFICER = (
        "chief_finance_officer",
        "Chief finance officer (section 95 officer)",
    )
    CHAIR = "chair", "Chair"
    VICE_CHAIR = "vice_chair", "Vice chair"
    STANDARDS_OFFICER = "standards_officer", "Standards officer"
