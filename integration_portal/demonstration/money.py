"""The demonstration's budgets: the published 2020/21 figures, and a draft year to work on."""

from __future__ import annotations

from budgets.enums import FundKind
from budgets.imports import load_edinburgh_2020_21
from budgets.models import Budget
from budgets.services.budgets import agree_budget, open_budget
from budgets.services.contributions import set_contribution
from foundation.audit.services import SYSTEM
from partnerships.models import Partnership, User

from .formation import form_highland, form_year, form_years_before
from .grid import bring_in_ledger
from .people import person
from .places import SPLIT_LINES, split_by_population

DRAFT_YEAR = 2026
DRAFT_NOTE = (
    "Demonstration. The amounts published for 2020/21, carried over as a starting point to work on; "
    "not the partnership's budget for this year."
)
SPLIT_LINES_OF_THE_DRAFT = ("Care at home", "Day services")


def form_budgets(partnership: Partnership) -> None:
    """There is the published budget with some lines split by locality, and a draft year."""
    finance = person("finance@demo.example")
    published = load_edinburgh_2020_21(by=SYSTEM)
    for line in published.lines.filter(title__in=SPLIT_LINES):
        split_by_population(line, partnership, finance)
    draft = open_budget(
        partnership=partnership, year=DRAFT_YEAR, by=finance, note=DRAFT_NOTE, lines_from=published
    )
    _carry_contributions_over(published, draft, finance)
    bring_in_ledger(draft, finance)
    for line in draft.lines.filter(title__in=SPLIT_LINES_OF_THE_DRAFT):
        split_by_population(line, partnership, finance)
    agree_budget(budget=published, by=person("cfo@demo.example"))
    form_years_before(partnership, published)
    form_year(draft)
    form_highland()


def _carry_contributions_over(source: Budget, target: Budget, by: User) -> None:
    for contribution in source.contributions.select_related("body"):
        set_contribution(
            budget=target,
            body=contribution.body,
            kind=FundKind(contribution.kind),
            amount=contribution.amount,
            method=DRAFT_NOTE,
            is_notional=contribution.kind == FundKind.SET_ASIDE,
            by=by,
        )
