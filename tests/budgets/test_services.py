from decimal import Decimal

import pytest
from django.db.models import ProtectedError

from budgets import services
from budgets.enums import BudgetState, FundKind, LocalityMethod, Setting, SpendCategory
from budgets.models import Budget, BudgetLine, Contribution, LocalityShare
from budgets.refusals import (
    AgainstTheAct,
    AllocationRefused,
    BudgetIsAgreed,
    ChangedMeanwhile,
    LineFigures,
    LineIsUsed,
    LinesChangedMeanwhile,
    LineTitleTaken,
    MoneyRefused,
    NotAnAmount,
    NothingToAgree,
    OutsideThePartnership,
    SplitExceedsLine,
    YearIsOpenAlready,
)
from budgets.services import LineChange
from foundation.audit.models import Entry
from tests.factories import DelegatedFunctionFactory, IntegrationModelPeriodFactory
from tests.localities.factories import LocalityFactory

from .factories import BudgetFactory, BudgetLineFactory, ContributionFactory, LocalityShareFactory

pytestmark = pytest.mark.django_db


def last_entry(action: str) -> Entry:
    return Entry.objects.filter(action=action).latest("pk")


def fields(**changes):
    return {
        "title": "Care at home",
        "category": SpendCategory.OTHER_SOCIAL_CARE,
        "setting": Setting.SOCIAL_CARE,
        "amount": Decimal("250.00"),
    } | changes


# Years


def test_a_year_is_opened_once(partnership, finance_officer):
    budget = services.open_budget(partnership=partnership, year=2026, by=finance_officer)
    assert budget.state == BudgetState.DRAFT
    assert budget.year_label == "2026/27"
    entry = last_entry("budgets.opened")
    assert (entry.actor_id, entry.tenant, entry.after["year"]) == (finance_officer.pk, "angus", "2026/27")
    with pytest.raises(YearIsOpenAlready, match="2026/27"):
        services.open_budget(partnership=partnership, year=2026, by=finance_officer)
    assert Budget.objects.count() == 1


@pytest.mark.parametrize("year", [2014, 2101, -1])
def test_a_year_outside_the_act_is_refused(partnership, finance_officer, year):
    with pytest.raises(MoneyRefused, match="2015/16"):
        services.open_budget(partnership=partnership, year=year, by=finance_officer)
    assert not Budget.objects.exists()


def test_a_new_year_takes_over_lines_without_what_belongs_to_the_old_one(line, finance_officer, north):
    line.actual = Decimal("900.00")
    line.revision = 7
    line.locality_method = LocalityMethod.POSTCODE
    line.save()
    LocalityShareFactory(line=line, locality=north)
    budget = services.open_budget(
        partnership=line.budget.partnership, year=2027, by=finance_officer, lines_from=line.budget
    )
    copy = budget.lines.get()
    assert (copy.title, copy.amount, copy.delivered_by) == (line.title, Decimal("1000.00"), line.delivered_by)
    assert (copy.actual, copy.locality_method, copy.revision) == (None, "", 1)
    assert not copy.locality_shares.exists()
    assert line.budget.lines.count() == 1


def test_lines_come_from_a_budget_of_the_same_partnership(partnership, other_partnership, finance_officer):
    foreign = BudgetFactory(partnership=other_partnership)
    with pytest.raises(MoneyRefused, match="Angus"):
        services.open_budget(partnership=partnership, year=2026, by=finance_officer, lines_from=foreign)
    assert not Budget.objects.filter(partnership=partnership).exists()


def test_an_agreed_budget_stands_still_for_everybody(
    budget, line, board, north, finance_officer, chief_finance_officer
):
    ContributionFactory(budget=budget)
    agreed = services.agree_budget(budget=budget, by=chief_finance_officer)
    assert agreed.is_agreed
    assert agreed.agreed_by == chief_finance_officer
    assert last_entry("budgets.agreed").after == {"state": "agreed"}

    by = finance_officer
    for attempt in (
        lambda: services.agree_budget(budget=budget, by=by),
        lambda: services.set_contribution(
            budget=budget, body=board, kind=FundKind.PAYMENT, amount=Decimal(1), by=by, revision=1
        ),
        lambda: services.add_line(budget=budget, by=by, delivered_by=board, **fields()),
        lambda: services.change_line(line=line, revision=1, by=by, amount=Decimal(1)),
        lambda: services.remove_line(line=line, revision=1, by=by),
        lambda: services.split_line_by_locality(line=line, shares={}, method="", revision=1, by=by),
        lambda: services.allocate_lines(
            budget=budget,
            changes=[LineChange(line.pk, LineFigures(line.amount, None), LineFigures(Decimal(1), None))],
            by=by,
        ),
    ):
        with pytest.raises(BudgetIsAgreed, match="reopen"):
            attempt()
    line.refresh_from_db()
    assert line.amount == Decimal("1000.00")


def test_an_empty_budget_is_not_agreed(budget, line, chief_finance_officer):
    with pytest.raises(NothingToAgree):
        services.agree_budget(budget=budget, by=chief_finance_officer)
    line.delete()
    ContributionFactory(budget=budget)
    with pytest.raises(NothingToAgree):
        services.agree_budget(budget=budget, by=chief_finance_officer)


def test_an_unbalanced_budget_can_be_agreed(budget, line, chief_finance_officer):
    ContributionFactory(budget=budget, amount="1.00")
    assert services.agree_budget(budget=budget, by=chief_finance_officer).is_agreed


def test_a_budget_is_reopened_with_a_reason(budget, line, chief_finance_officer):
    ContributionFactory(budget=budget)
    services.agree_budget(budget=budget, by=chief_finance_officer)
    with pytest.raises(MoneyRefused, match="Say why"):
        services.reopen_budget(budget=budget, by=chief_finance_officer, reason="  ")
    opened = services.reopen_budget(budget=budget, by=chief_finance_officer, reason=" Late health offer ")
    assert not opened.is_agreed
    assert opened.agreed_at is None
    assert last_entry("budgets.reopened").reason == "Late health offer"
    with pytest.raises(MoneyRefused, match="draft already"):
        services.reopen_budget(budget=budget, by=chief_finance_officer, reason="Again")


# Contributions


def test_a_contribution_is_recorded_and_then_changed(budget, council, finance_officer):
    first = services.set_contribution(
        budget=budget, body=council, kind=FundKind.PAYMENT, amount=Decimal("80000000"), by=finance_officer
    )
    assert first.revision == 1
    changed = services.set_contribution(
        budget=budget,
        body=council,
        kind=FundKind.PAYMENT,
        amount=Decimal("81000000.50"),
        method="Base and 2.5%",
        by=finance_officer,
        revision=1,
    )
    assert (changed.pk, changed.revision) == (first.pk, 2)
    entry = last_entry("budgets.contribution_set")
    assert entry.before["amount"] == "80000000.00"
    assert entry.after["amount"] == "81000000.50"


@pytest.mark.parametrize("read", [None, 1])
def test_a_contribution_changed_meanwhile_is_not_overwritten(budget, finance_officer, board, read):
    theirs = ContributionFactory(budget=budget, amount="5.00", revision=2)
    with pytest.raises(ChangedMeanwhile) as refused:
        services.set_contribution(
            budget=budget,
            body=board,
            kind=FundKind.PAYMENT,
            amount=Decimal(9),
            by=finance_officer,
            revision=read,
        )
    assert refused.value.current == theirs
    theirs.refresh_from_db()
    assert theirs.amount == Decimal("5.00")


def test_a_council_setting_aside_is_refused(budget, council, finance_officer):
    with pytest.raises(AgainstTheAct, match=r"s\.14"):
        services.set_contribution(
            budget=budget, body=council, kind=FundKind.SET_ASIDE, amount=Decimal(1), by=finance_officer
        )
    assert not Contribution.objects.exists()


def test_the_model_of_the_budgets_year_counts(partnership, board, finance_officer):
    IntegrationModelPeriodFactory(partnership=partnership, model="a", ends_on="2025-03-31")
    IntegrationModelPeriodFactory(partnership=partnership, model="b", starts_on="2025-04-01")
    joint, lead = (BudgetFactory(partnership=partnership, year=year) for year in (2024, 2025))

    def put(budget, kind):
        return services.set_contribution(
            budget=budget, body=board, kind=kind, amount=Decimal(1), by=finance_officer
        )

    assert put(joint, FundKind.SET_ASIDE)
    assert put(lead, FundKind.OWN_RESOURCE)
    with pytest.raises(AgainstTheAct):
        put(lead, FundKind.SET_ASIDE)
    with pytest.raises(AgainstTheAct):
        put(joint, FundKind.OWN_RESOURCE)


def test_a_body_of_another_partnership_puts_in_nothing(budget, other_partnership, finance_officer):
    with pytest.raises(OutsideThePartnership, match="NHS Grampian"):
        services.set_contribution(
            budget=budget,
            body=other_partnership.health_board,
            kind=FundKind.PAYMENT,
            amount=Decimal(1),
            by=finance_officer,
        )


@pytest.mark.parametrize("amount", ["-1", "1000000000000", "0.001", "NaN"])
def test_an_amount_that_a_budget_cannot_hold(budget, board, finance_officer, amount):
    with pytest.raises(NotAnAmount):
        services.set_contribution(
            budget=budget, body=board, kind=FundKind.PAYMENT, amount=Decimal(amount), by=finance_officer
        )


def test_only_a_set_aside_is_notional(budget, board, finance_officer):
    with pytest.raises(MoneyRefused, match="really paid"):
        services.set_contribution(
            budget=budget,
            body=board,
            kind=FundKind.PAYMENT,
            amount=Decimal(1),
            is_notional=True,
            by=finance_officer,
        )


# Lines


def test_a_line_is_added_after_the_others(budget, line, council, finance_officer):
    added = services.add_line(budget=budget, by=finance_officer, delivered_by=council, **fields())
    assert added.position == line.position + 1
    assert added.fund == FundKind.PAYMENT
    assert last_entry("budgets.line_added").after["amount"] == "250.00"


def test_a_line_is_changed_with_one_entry_of_before_and_after(line, council, finance_officer):
    changed = services.change_line(
        line=line, revision=1, by=finance_officer, delivered_by=council, **fields(actual=Decimal("-3.20"))
    )
    assert (changed.revision, changed.actual, changed.changed_by) == (2, Decimal("-3.20"), finance_officer)
    entry = last_entry("budgets.line_changed")
    assert (entry.before["title"], entry.after["title"]) == ("District nursing", "Care at home")


def test_a_line_changed_meanwhile_is_not_overwritten(line, finance_officer):
    BudgetLine.objects.filter(pk=line.pk).update(revision=2, amount=5)
    with pytest.raises(ChangedMeanwhile) as refused:
        services.change_line(line=line, revision=1, by=finance_officer, amount=Decimal(9))
    assert refused.value.current.amount == Decimal(5)


@pytest.mark.parametrize("function", ["none", "small"])
def test_set_aside_outside_a_large_hospital_is_refused(budget, board, finance_officer, function):
    small = DelegatedFunctionFactory(partnership=budget.partnership)
    with pytest.raises(AgainstTheAct, match=r"s\.1\(14\)"):
        services.add_line(
            budget=budget,
            by=finance_officer,
            delivered_by=board,
            **fields(fund=FundKind.SET_ASIDE, function=small if function == "small" else None),
        )
    assert not BudgetLine.objects.exists()


def test_set_aside_for_a_large_hospital_is_taken(budget, board, large_hospital, finance_officer):
    added = services.add_line(
        budget=budget,
        by=finance_officer,
        delivered_by=board,
        **fields(fund=FundKind.SET_ASIDE, function=large_hospital),
    )
    assert added.fund == FundKind.SET_ASIDE


def test_a_joint_board_has_no_resource_of_its_own(budget, board, finance_officer):
    with pytest.raises(AgainstTheAct, match="lead agency"):
        services.add_line(
            budget=budget, by=finance_officer, delivered_by=board, **fields(fund=FundKind.OWN_RESOURCE)
        )


def test_bodies_and_functions_of_another_partnership_are_refused(
    budget, board, other_partnership, finance_officer
):
    with pytest.raises(OutsideThePartnership):
        services.add_line(
            budget=budget, by=finance_officer, delivered_by=other_partnership.health_board, **fields()
        )
    foreign = DelegatedFunctionFactory(partnership=other_partnership)
    with pytest.raises(OutsideThePartnership):
        services.add_line(budget=budget, by=finance_officer, delivered_by=board, **fields(function=foreign))


def test_two_lines_of_a_body_have_two_titles(budget, line, board, council, finance_officer):
    with pytest.raises(LineTitleTaken):
        services.add_line(
            budget=budget, by=finance_officer, delivered_by=board, **fields(title="DISTRICT nursing")
        )
    assert services.add_line(
        budget=budget, by=finance_officer, delivered_by=council, **fields(title="District nursing")
    )


def test_a_line_does_not_sink_below_what_localities_have(line, north, finance_officer):
    LocalityShareFactory(line=line, locality=north, amount="600.00")
    with pytest.raises(SplitExceedsLine, match="£600"):
        services.change_line(line=line, revision=1, by=finance_officer, amount=Decimal("599.99"))
    assert services.change_line(line=line, revision=1, by=finance_officer, amount=Decimal("600"))


def test_a_line_is_removed_and_the_trail_keeps_it(line, north, finance_officer):
    LocalityShareFactory(line=line, locality=north)
    services.remove_line(line=line, revision=1, by=finance_officer)
    assert not BudgetLine.objects.exists()
    assert not LocalityShare.objects.exists()
    entry = last_entry("budgets.line_removed")
    assert entry.before["title"] == "District nursing"
    assert "District nursing" in entry.subject_label


def test_a_line_changed_meanwhile_is_not_removed(line, finance_officer):
    with pytest.raises(ChangedMeanwhile):
        services.remove_line(line=line, revision=9, by=finance_officer)
    assert BudgetLine.objects.exists()


def test_a_line_that_something_counts_on_stays(line, board, finance_officer, monkeypatch):
    """The link tables stand in the apps above; here the database's refusal is enough."""

    def refuse(_line):
        raise ProtectedError("in use", {board})

    monkeypatch.setattr(BudgetLine, "delete", refuse)
    with pytest.raises(LineIsUsed, match="bodies"):
        services.remove_line(line=line, revision=1, by=finance_officer)
    assert not Entry.objects.filter(action="budgets.line_removed").exists()


# The grid


def change(line, opened, wanted):
    """(amount, actual) as opened and as wanted."""
    return LineChange(
        line.pk,
        *(
            LineFigures(Decimal(amount), None if actual is None else Decimal(actual))
            for amount, actual in (opened, wanted)
        ),
    )


def test_the_grid_saves_every_change_with_one_entry(budget, finance_officer):
    one, two, three = BudgetLineFactory.create_batch(3, budget=budget)
    saved = services.allocate_lines(
        budget=budget,
        changes=[
            change(one, ("100", None), ("110.10", "90")),
            change(two, ("100", None), ("100", None)),
            change(three, ("100", None), ("0", None)),
        ],
        by=finance_officer,
    )
    assert saved == 2
    one, two, three = BudgetLine.objects.order_by("position")
    assert (one.amount, one.actual, one.revision) == (Decimal("110.10"), Decimal("90.00"), 2)
    assert (two.revision, three.amount, three.revision) == (1, 0, 2)
    assert one.changed_by == finance_officer
    assert Entry.objects.filter(action="budgets.lines_allocated").count() == 1
    entry = last_entry("budgets.lines_allocated")
    assert set(entry.after) == {str(one.pk), str(three.pk)}
    assert entry.before[str(one.pk)]["amount"] == "100.00"


def test_nothing_changed_is_nothing_recorded(budget, line, finance_officer):
    opened = ("1000", None)
    assert (
        services.allocate_lines(budget=budget, changes=[change(line, opened, opened)], by=finance_officer)
        == 0
    )
    assert not Entry.objects.filter(action="budgets.lines_allocated").exists()


@pytest.mark.parametrize(
    ("wanted", "column"),
    [
        (("-1", None), "amount"),
        (("1000000000000", None), "amount"),
        (("1", "1000000000000"), "actual"),
        (("0.001", None), "amount"),
    ],
)
def test_one_bad_cell_saves_nothing(budget, finance_officer, wanted, column):
    good, bad = BudgetLineFactory.create_batch(2, budget=budget)
    with pytest.raises(AllocationRefused) as refused:
        services.allocate_lines(
            budget=budget,
            changes=[change(good, ("100", None), ("5", None)), change(bad, ("100", None), wanted)],
            by=finance_officer,
        )
    assert set(refused.value.faults) == {bad.pk}
    assert set(refused.value.faults[bad.pk]) == {column}
    assert set(BudgetLine.objects.values_list("amount", flat=True)) == {Decimal(100)}


def test_a_foreign_line_saves_nothing(budget, line, other_partnership, finance_officer):
    foreign = BudgetLineFactory(budget__partnership=other_partnership)
    with pytest.raises(AllocationRefused) as refused:
        services.allocate_lines(
            budget=budget, changes=[change(foreign, ("100", None), ("5", None))], by=finance_officer
        )
    assert set(refused.value.faults) == {foreign.pk}
    foreign.refresh_from_db()
    assert foreign.amount == Decimal(100)


def test_the_grid_does_not_sink_below_what_localities_have(budget, line, north, finance_officer):
    LocalityShareFactory(line=line, locality=north, amount="600.00")
    with pytest.raises(AllocationRefused) as refused:
        services.allocate_lines(
            budget=budget, changes=[change(line, ("1000", None), ("599", None))], by=finance_officer
        )
    assert "£600" in refused.value.faults[line.pk]["amount"]


def test_what_only_somebody_else_changed_is_left_alone(budget, line, finance_officer):
    """I typed what was spent; meanwhile somebody changed the budget of the same line. Both stay."""
    BudgetLine.objects.filter(pk=line.pk).update(amount="1200", revision=2)
    services.allocate_lines(
        budget=budget, changes=[change(line, ("1000", None), ("1000", "950"))], by=finance_officer
    )
    line.refresh_from_db()
    assert (line.amount, line.actual) == (Decimal(1200), Decimal(950))


def test_two_people_on_one_figure_lose_neither(budget, line, finance_officer):
    other = BudgetLineFactory(budget=budget)
    BudgetLine.objects.filter(pk=line.pk).update(amount="1200")
    with pytest.raises(LinesChangedMeanwhile) as refused:
        services.allocate_lines(
            budget=budget,
            changes=[
                change(line, ("1000", None), ("900", None)),
                change(other, ("100", None), ("101", None)),
            ],
            by=finance_officer,
        )
    (conflict,) = refused.value.conflicts
    assert (conflict.line, conflict.column) == (line, "amount")
    assert (conflict.theirs, conflict.mine) == (Decimal(1200), Decimal(900))
    assert set(BudgetLine.objects.values_list("amount", flat=True)) == {Decimal(1200), Decimal(100)}


def test_two_people_who_want_the_same_do_not_quarrel(budget, line, finance_officer):
    BudgetLine.objects.filter(pk=line.pk).update(amount="900")
    saved = services.allocate_lines(
        budget=budget, changes=[change(line, ("1000", None), ("900", None))], by=finance_officer
    )
    assert saved == 0


# Localities


def test_a_line_is_split_and_the_rest_stays_area_wide(line, north, south, finance_officer):
    split = services.split_line_by_locality(
        line=line,
        shares={north: Decimal("600.25"), south: Decimal(0)},
        method=LocalityMethod.POSTCODE,
        note=" Of 2025 ",
        revision=1,
        by=finance_officer,
    )
    assert list(split.locality_shares.values_list("locality__name", "amount")) == [
        ("North", Decimal("600.25"))
    ]
    assert (split.locality_words, split.revision) == ("Postcode of the people served (Of 2025)", 2)
    entry = last_entry("budgets.line_split")
    assert (entry.before["shares"], entry.after["shares"]) == ({}, {"North": "600.25"})


def test_a_split_replaces_the_one_before(line, north, south, finance_officer):
    LocalityShareFactory(line=line, locality=north, amount="600.00")
    split = services.split_line_by_locality(
        line=line,
        shares={south: Decimal(1000)},
        method=LocalityMethod.TEAM_BASE,
        revision=1,
        by=finance_officer,
    )
    assert list(split.locality_shares.values_list("locality", "amount")) == [(south.pk, Decimal(1000))]


def test_a_split_can_be_taken_back(line, north, finance_officer):
    LocalityShareFactory(line=line, locality=north)
    split = services.split_line_by_locality(
        line=line, shares={}, method=LocalityMethod.POSTCODE, revision=1, by=finance_officer
    )
    assert not split.locality_shares.exists()
    assert split.locality_method == ""


def test_localities_do_not_get_more_than_the_line_has(line, north, south, finance_officer):
    with pytest.raises(SplitExceedsLine, match=r"£0\.01 more"):
        services.split_line_by_locality(
            line=line,
            shares={north: Decimal("999.99"), south: Decimal("0.02")},
            method=LocalityMethod.POSTCODE,
            revision=1,
            by=finance_officer,
        )
    assert not LocalityShare.objects.exists()


def test_a_split_says_how_it_was_made(line, north, finance_officer):
    with pytest.raises(MoneyRefused, match="worked out"):
        services.split_line_by_locality(
            line=line, shares={north: Decimal(1)}, method=" ", revision=1, by=finance_officer
        )


def test_a_locality_of_another_partnership_gets_nothing(line, other_partnership, finance_officer):
    foreign = LocalityFactory(partnership=other_partnership)
    with pytest.raises(OutsideThePartnership):
        services.split_line_by_locality(
            line=line,
            shares={foreign: Decimal(1)},
            method=LocalityMethod.POSTCODE,
            revision=1,
            by=finance_officer,
        )


def test_a_negative_part_is_refused_at_its_locality(line, north, finance_officer):
    with pytest.raises(NotAnAmount) as refused:
        services.split_line_by_locality(
            line=line,
            shares={north: Decimal(-1)},
            method=LocalityMethod.POSTCODE,
            revision=1,
            by=finance_officer,
        )
    assert set(refused.value.message_dict) == {f"share-{north.pk}"}


def test_a_split_of_a_line_changed_meanwhile_is_refused(line, north, finance_officer):
    with pytest.raises(ChangedMeanwhile):
        services.split_line_by_locality(
            line=line,
            shares={north: Decimal(1)},
            method=LocalityMethod.POSTCODE,
            revision=5,
            by=finance_officer,
        )
    assert not LocalityShare.objects.exists()
