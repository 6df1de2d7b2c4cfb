"""Accounting for the money: who may have files made."""

from partnerships.enums import Role
from partnerships.permissions import EVERY_ROLE, permission

MAKE_MONEY_PDF = permission(
    "budgets.make_pdf",
    "Making a PDF of the accounts",
    *(EVERY_ROLE - {Role.AUDITOR, Role.SUPPORT}),
)
