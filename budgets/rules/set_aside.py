"""What is owed when less or more of the set-aside was used than specified, and who says so."""

from __future__ import annotations

from decimal import Decimal

from partnerships.enums import Role
from partnerships.permissions import Answer, Standing, permission

from ..models import SetAsideReport

ASK_SET_ASIDE = permission(
    "budgets.ask_set_aside",
    "Asking the health board to report on the set-aside",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
    source="2014 Act s.28(5)",
)
REPORT_SET_ASIDE = permission(
    "budgets.report_set_aside",
    "Reporting on the set-aside",
    Role.PARTNER_OFFICER,
    source="2014 Act s.28(5)",
)
CLAIM_SET_ASIDE = permission(
    "budgets.claim_set_aside",
    "Requiring or settling what is owed for the set-aside",
    Role.CHIEF_FINANCE_OFFICER,
    needs_second_factor=True,
    source="2014 Act s.28(3)-(4)",
)


def reports_for_the_board(standing: Standing) -> Answer:
    """Whether this person is the health board's own officer."""
    answer = standing.may(REPORT_SET_ASIDE)
    if answer and standing.partnership.health_board_id not in standing.body_ids:
        return Answer(False, "The health board reports on the set-aside, and you speak for another body.")
    return answer


def may_report_set_aside(standing: Standing, report: SetAsideReport) -> Answer:
    """The board's own officer reports, once: the authority asks again for what must be put right."""
    answer = reports_for_the_board(standing)
    if answer and report.reported_at is not None:
        return Answer(
            False, "This report is made. If a figure is wrong, ask the partnership to open it again."
        )
    return answer


def set_aside_claim(specified: Decimal, used: Decimal) -> Decimal:
    """What the authority may require the board to pay, in pounds: set aside and not used (2014 Act s.28(3))."""
    return max(Decimal("0.00"), specified - used)


def set_aside_reimbursement(specified: Decimal, used: Decimal) -> Decimal:
    """What the board may require the authority to reimburse, in pounds: used beyond it (2014 Act s.28(4))."""
    return max(Decimal("0.00"), used - specified)
