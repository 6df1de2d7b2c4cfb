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


def test_the_statement_of_the_plan_is_where_an_auditor_looks_for_it(sign_in, auditor, partnership):
    budget = BudgetFactory(partnership=partnership)
    client = sign_in(auditor)
    accounting = parts_at(client, "budgets:detail", partnership)[-1]
    statement = reverse("strategic_plans:statement", args=[partnership.slug, 2026])
    assert statement in [item.url for item in accounting.items]
    every = reverse("strategic_plans:statements", args=[partnership.slug])
    assert every in client.get(reverse("budgets:list", args=[partnership.slug])).content.decode()
    assert budget.get_absolute_url() in client.get(statement).content.decode()


def test_what_one_may_not_do_is_not_offered(sign_in, auditor, partnership):
    BudgetFactory(partnership=partnership)
    parts = parts_at(sign_in(auditor), "budgets:detail", partnership)
    assert "Allocate" not in [item.label for part in parts[1:] for item in part.items]
