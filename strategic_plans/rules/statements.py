"""Who signs and who publishes the annual financial statement."""

from __future__ import annotations

from partnerships.enums import Role
from partnerships.permissions import Answer, Standing, permission

from ..models import FinancialStatement

SIGN_STATEMENT = permission(
    "strategic_plans.sign_statement",
    "Signing the annual financial statement",
    Role.CHIEF_FINANCE_OFFICER,
    needs_second_factor=True,
    source="2014 Act s.39",
)
PUBLISH_STATEMENT = permission(
    "strategic_plans.publish_statement",
    "Publishing the annual financial statement",
    Role.CHIEF_OFFICER,
    needs_second_factor=True,
    source="2014 Act s.39",
)


def may_publish_statement(standing: Standing, statement: FinancialStatement) -> Answer:
    """A chief officer publishes what somebody else signed."""
    answer = standing.may(PUBLISH_STATEMENT)
    if answer and statement.signed_by_id == standing.user.pk:
        return Answer(
            False,
            "Whoever signs the statement does not publish it: two people answer for what becomes public.",
        )
    return answer
