from decimal import Decimal

import pytest

from budgets.models import Budget, BudgetLine
from foundation.audit.models import Entry
from strategic_plans import services
from strategic_plans.models import Priority

pytestmark = pytest.mark.django_db


def add(plan, by, title="Care at home first", **details):
    return services.add_priority(plan=plan, details=services.PriorityDetails(title=title, **details), by=by)


def test_a_priority_comes_last_with_its_links_and_its_money(ready_plan, officer, outcomes, principles, line):
    ready_plan.priorities.all().delete()
    plan = ready_plan
    add(plan, officer, "First")
    priority = add(
        plan,
        officer,
        "Second",
        outcomes={outcomes[1]: "People stay at home."},
        principles=principles[:2],
        funding={line: Decimal("12.50")},
    )
    assert priority.number == 2
    assert [link.explanation for link in priority.outcome_links.all()] == ["People stay at home."]
    assert list(priority.principles.all()) == principles[:2]
    funding = priority.funding.get()
    assert funding.amount == Decimal("3750000.00")


def test_adding_is_recorded_in_words(plan, officer, outcomes, line):
    add(plan, officer, outcomes={outcomes[0]: "Because."}, funding={line: Decimal(10)})
    entry = Entry.objects.get(action="strategic_plans.priority_added")
    assert entry.after["outcomes"] == {"Outcome 1: Outcome title 1": "Because."}
    assert entry.after["funding"] == {"Care at home": "10.00"}


def test_a_change_replaces_the_links(plan, officer, outcomes, indicator, line):
    priority = add(
        plan, officer, outcomes={outcomes[0]: "Old."}, indicators=[indicator], funding={line: Decimal(50)}
    )
    changed = services.change_priority(
        priority=priority,
        details=services.PriorityDetails(
            title="New title", outcomes={outcomes[4]: "New."}, funding={line: Decimal(100)}
        ),
        expected_revision=1,
        by=officer,
    )
    assert (changed.title, changed.revision) == ("New title", 2)
    assert [link.outcome.number for link in changed.outcome_links.all()] == [5]
    assert not changed.indicators.exists()
    assert changed.funding.get().share == 100


def test_a_change_over_somebody_elses_is_refused_with_what_is_saved(plan, officer, chief_officer):
    priority = add(plan, officer)
    details = services.PriorityDetails
    services.change_priority(
        priority=priority, details=details(title="Theirs"), expected_revision=1, by=chief_officer
    )
    with pytest.raises(services.PriorityChanged) as refusal:
        services.change_priority(
            priority=priority, details=details(title="Mine"), expected_revision=1, by=officer
        )
    assert refusal.value.priority.title == "Theirs"


def test_shares_of_a_line_total_at_most_the_whole(plan, officer, line):
    add(plan, officer, "First", funding={line: Decimal(60)})
    with pytest.raises(services.FundingOverWhole) as refusal:
        add(plan, officer, "Second", funding={line: Decimal("40.01")})
    assert "40.01%" in str(refusal.value)
    assert "leave 40%" in str(refusal.value)
    assert not Priority.objects.filter(title="Second").exists()
    add(plan, officer, "Second", funding={line: Decimal(40)})


def test_a_priority_may_keep_its_own_share(plan, officer, line):
    priority = add(plan, officer, funding={line: Decimal(100)})
    services.change_priority(
        priority=priority,
        details=services.PriorityDetails(title="Same money", funding={line: Decimal(100)}),
        expected_revision=1,
        by=officer,
    )


def test_shares_are_counted_in_each_plan_apart(partnership, plan, officer, line):
    other = services.start_plan(partnership=partnership, title="Another plan", by=officer)
    add(other, officer, funding={line: Decimal(100)})
    add(plan, officer, funding={line: Decimal(100)})


def test_another_partnerships_money_is_refused(plan, officer, other_partnership):
    foreign = BudgetLine.objects.create(
        budget=Budget.objects.create(partnership=other_partnership, year=2026),
        title="Theirs",
        delivered_by=other_partnership.health_board,
        category="B",
        setting="community",
        amount=1,
    )
    with pytest.raises(services.ForeignLine):
        add(plan, officer, funding={foreign: Decimal(1)})


def titles(plan):
    return list(plan.priorities.values_list("number", "title"))


def test_priorities_change_places(plan, officer):
    rows = {title: add(plan, officer, title) for title in ("A", "B", "C")}
    services.move_priority(priority=rows["C"], direction="up", by=officer)
    assert titles(plan) == [(1, "A"), (2, "C"), (3, "B")]
    services.move_priority(priority=rows["A"], direction="down", by=officer)
    assert titles(plan) == [(1, "C"), (2, "A"), (3, "B")]
    assert Entry.objects.filter(action="strategic_plans.priority_moved").count() == 2


def test_the_first_goes_no_higher_and_the_last_no_lower(plan, officer):
    rows = {title: add(plan, officer, title) for title in ("A", "B")}
    services.move_priority(priority=rows["A"], direction="up", by=officer)
    services.move_priority(priority=rows["B"], direction="down", by=officer)
    assert titles(plan) == [(1, "A"), (2, "B")]
    assert not Entry.objects.filter(action="strategic_plans.priority_moved").exists()


def test_a_removed_priority_leaves_no_gap_and_stays_in_the_audit(plan, officer, line):
    rows = {title: add(plan, officer, title) for title in ("A", "B", "C")}
    services.remove_priority(priority=rows["B"], by=officer)
    assert titles(plan) == [(1, "A"), (2, "C")]
    entry = Entry.objects.get(action="strategic_plans.priority_removed")
    assert (entry.subject_label, entry.before["title"]) == ("2. B", "B")
