from .people import Invitation, User, UserManager
from .schemes import DelegatedFunction, IntegrationModelPeriod, IntegrationScheme, PostHolder
from .tenancy import (
    LONGEST_AUDITOR_TERM,
    LONGEST_SUPPORT,
    Body,
    DatedQuerySet,
    Membership,
    Partnership,
    PartnershipQuerySet,
    ScopedQuerySet,
    SupportGrant,
    holding,
)

__all__ = [
    "LONGEST_AUDITOR_TERM",
    "LONGEST_SUPPORT",
    "Body",
    "DatedQuerySet",
    "DelegatedFunction",
    "IntegrationModelPeriod",
    "IntegrationScheme",
    "Invitation",
    "Membership",
    "Partnership",
    "PartnershipQuerySet",
    "PostHolder",
    "ScopedQuerySet",
    "SupportGrant",
    "User",
    "UserManager",
    "holding",
]
