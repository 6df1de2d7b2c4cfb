"""The side navigation of a year says where one is."""

import pytest
from django.urls import reverse

from tests.budgets.factories import BudgetFactory

pytestmark = pytest.mark.django_db


def parts_at(client, route, partnership, *more):
    return client.get(reverse(route, args=[partnership.slug, 2026, *more])).context["parts"]


def test_a_page_below_a_part_belongs_to_it(sign_in, finance_officer, partnership):
    BudgetFactory(partnership=partnership)
    parts = parts_at(sign_in(finance_officer), "budgets:add_line", partnership)
    forming = next(part for part in parts if part.label == "Forming the budget")
    assert [item.label for item in forming.items if item.current] == ["Lines"]
    assert not parts[0].current


def test_the_overview_is_current_on_its_own_page_only(sign_in, finance_officer, partnership):
    BudgetFactory(partnership=partnership)
    parts = parts_at(sign_in(finance_officer), "budgets:detail", partnership)
    assert parts[0].current


def test_what_one_may_not_do_is_not_offered(sign_in, auditor, partnership):
    BudgetFactory(partnership=partnership)
    parts = parts_at(sign_in(auditor), "budgets:detail", partnership)
    assert "Allocate" not in [item.label for part in parts[1:] for item in part.items]
