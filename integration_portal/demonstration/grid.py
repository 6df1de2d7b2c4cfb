"""The demonstration's ledgers: a saved layout for each partner, and a file that was brought in with one of them."""

from __future__ import annotations

from django.core.files.base import ContentFile

from budgets.enums import Setting, Sign, SpendCategory, Unit
from budgets.imports.amounts import Convention
from budgets.imports.matching import Layout
from budgets.models import Budget
from budgets.services.imports import apply_import, read_import, start_import
from budgets.services.layouts import save_layout
from partnerships.enums import BodyKind
from partnerships.models import User

FILE_NAME = "Demonstration council ledger.csv"


def bring_in_ledger(budget: Budget, by: User) -> None:
    """Both partners' ledgers are known, and the council's lines have the codes of its ledger, from a file."""
    partnership = budget.partnership
    council = partnership.councils.get()
    council_ledger = save_layout(
        partnership=partnership,
        name="Council ledger",
        layout=Layout(
            {"cost centre": "code", "narrative": "title", "revised budget": "amount", "year to date": ""},
            Convention(Unit.THOUSANDS, Sign.SPENDING_PLAIN),
            3,
            {
                "delivered_by_id": council.name,
                "category": SpendCategory.OTHER_SOCIAL_CARE.value,
                "setting": Setting.SOCIAL_CARE.value,
            },
        ),
        by=by,
    )
    save_layout(
        partnership=partnership,
        name="Health board ledger",
        layout=Layout(
            {"account": "code", "service": "title", "annual budget": "amount", "outturn": "actual"},
            Convention(Unit.POUNDS, Sign.SPENDING_MINUS),
            1,
            {
                "delivered_by_id": partnership.health_board.name,
                "category": SpendCategory.OTHER_HEALTH.value,
                "setting": Setting.COMMUNITY.value,
            },
        ),
        by=by,
    )
    lines = budget.lines.filter(delivered_by__kind=BodyKind.COUNCIL)
    rows = [
        f"{50_000 + number};{line.title};0;{line.amount / 1000:,.2f}" for number, line in enumerate(lines, 1)
    ]
    head = ("Demonstration;;;", ";;;", "Cost centre;Narrative;Year to date;Revised budget (£000)")
    file = ContentFile("\r\n".join((*head, *rows)).encode(), name=FILE_NAME)
    brought = start_import(budget=budget, file=file, layout=council_ledger, by=by)
    read_import(brought.pk)
    apply_import(line_import=brought, by=by)
