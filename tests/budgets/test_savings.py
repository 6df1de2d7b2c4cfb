from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from budgets import services
from budgets.enums import Arm, Assessment, SavingState
from budgets.models import MoneyPolicy, Saving
from budgets.refusals import ChangedMeanwhile, MoneyRefused, NameTaken, NotAnAmount, OutsideThePartnership
from budgets.rules import saving_rule_words, saving_state
from budgets.selectors import savings_of
from budgets.services import directions as directing
from budgets.services.savings import RELATIONS, SAVING_RECORDED
from foundation.audit.models import Entry
from tests.browser.checks import markup_faults
from tests.factories import DelegatedFunctionFactory

from .directing import draft, issued
from .factories import BudgetLineFactory, DirectionFactory, SavingFactory

pytestmark = pytest.mark.django_db


def fields(**changes):
    return {
        "reference": "S1",
        "title": "Fewer agency shifts",
        "lead": "Head of nursing",
        "arm": Arm.HEALTH_BOARD,
        "target": Decimal(600),
        "is_recurring": True,
        "delivered": Decimal(100),
        "forecast": Decimal(500),
        "note": "",
        "assessment": Assessment.NONE,
        "assessment_reference": "",
        "lines": [],
    } | changes


@pytest.fixture
def finance(finance_officer, sign_in):
    return sign_in(finance_officer)


def at(name, *more):
    return reverse(f"budgets:{name}", args=["angus", 2026, *more])


def target_of(budget, amount, by):
    return services.set_savings_target(budget=budget, amount=Decimal(amount), minute="", revision=0, by=by)


def test_the_gap_is_what_no_saving_is_named_for(budget, finance_officer):
    assert savings_of(budget).unidentified is None
    target_of(budget, 1000, finance_officer)
    assert savings_of(budget).unidentified == 1000
    services.add_saving(budget=budget, by=finance_officer, **fields())
    SavingFactory(budget=budget, target=Decimal(150))
    SavingFactory(target=Decimal(99))
    found = savings_of(budget)
    assert (found.identified, found.unidentified) == (750, 250)
    assert found.gap_words == "Savings: £250 of the £1,000 is not identified yet."
    assert (found.delivered, found.forecast, found.shortfall) == (100, 500, 100)
    assert (found.count, found.not_forecast, found.not_assessed) == (2, 1, 2)
    assert "Two savings for £750 of a target of £1,000" in found.sentence


def test_more_than_the_target_leaves_no_gap(budget, finance_officer):
    target_of(budget, 500, finance_officer)
    SavingFactory(budget=budget, target=Decimal(800))
    assert savings_of(budget).unidentified == 0
    assert savings_of(budget).gap_words == "Savings: all of the £500 is identified."


def test_a_forecast_above_one_target_does_not_hide_the_shortfall_of_another(budget):
    SavingFactory(budget=budget, target=100, forecast=300)
    SavingFactory(budget=budget, target=100, forecast=40)
    assert savings_of(budget).shortfall == 60


def test_the_gap_costs_one_query(budget):
    SavingFactory.create_batch(3, budget=budget)
    with CaptureQueriesContext(connection) as queries:
        savings_of(budget)
    assert len(queries) == 1


@pytest.mark.parametrize(
    ("forecast", "state"),
    [
        (None, SavingState.NOT_FORECAST),
        ("950", SavingState.ON_TRACK),
        ("949.99", SavingState.AT_RISK),
        ("750", SavingState.AT_RISK),
        ("749.99", SavingState.OFF_TRACK),
        ("-1", SavingState.OFF_TRACK),
    ],
)
def test_the_state_of_a_saving_follows_from_the_policy(forecast, state):
    given = None if forecast is None else Decimal(forecast)
    assert saving_state(Decimal(1000), given, MoneyPolicy()) == state


def test_the_rule_is_said_in_words():
    words = saving_rule_words(MoneyPolicy(on_track_from=Decimal(90), at_risk_from=Decimal("62.5")))
    assert "at least 90% of its target" in words
    assert "from 62.5%" in words


def test_what_is_refused(budget, finance_officer):
    add = {"budget": budget, "by": finance_officer}
    with pytest.raises(NotAnAmount, match="saves nothing"):
        services.add_saving(**add, **fields(target=Decimal(0)))
    with pytest.raises(NotAnAmount):
        services.add_saving(**add, **fields(forecast=Decimal("1.005")))
    for assessment in (Assessment.DONE, Assessment.NOT_NEEDED):
        with pytest.raises(MoneyRefused, match="where the assessment is kept"):
            services.add_saving(**add, **fields(assessment=assessment))
    with pytest.raises(OutsideThePartnership):
        services.add_saving(**add, **fields(lines=[BudgetLineFactory()]))
    services.add_saving(**add, **fields())
    with pytest.raises(NameTaken, match="another saving of 2026/27"):
        services.add_saving(**add, **fields(reference="s1"))
    assert Saving.objects.count() == 1


def test_a_saving_is_changed_and_removed_with_a_trace(budget, finance_officer):
    line = BudgetLineFactory(budget=budget)
    saving = services.add_saving(budget=budget, by=finance_officer, **fields())
    changed = services.change_saving(
        saving=saving, revision=1, by=finance_officer, **fields(lines=[line], target=Decimal(700))
    )
    assert list(changed.lines.all()) == [line]
    entry = Entry.objects.get(action="budgets.saving_changed")
    assert (entry.before["lines"], entry.after["lines"]) == ([], [line.pk])
    with pytest.raises(ChangedMeanwhile):
        services.change_saving(saving=saving, revision=1, by=finance_officer, **fields())
    with pytest.raises(MoneyRefused, match="Auditors"):
        services.remove_saving(saving=saving, revision=2, reason="", by=finance_officer)
    services.remove_saving(saving=saving, revision=2, reason="Withdrawn by the board", by=finance_officer)
    assert not Saving.objects.exists()


def test_the_target_is_set_by_one_person_at_a_time(budget, finance_officer):
    target_of(budget, 1000, finance_officer)
    with pytest.raises(ChangedMeanwhile):
        target_of(budget, 900, finance_officer)


# The pages


@pytest.mark.parametrize("name", ["detail", "lines", "contributions", "reserves", "savings", "allocate"])
def test_the_gap_stands_on_every_page_of_the_year(budget, finance, finance_officer, name):
    BudgetLineFactory(budget=budget)
    words = "£1,000 of the £1,000 is not identified yet"
    assert words not in finance.get(at(name)).content.decode()
    target_of(budget, 1000, finance_officer)
    assert words in finance.get(at(name)).content.decode()


def test_a_saving_without_an_assessment_says_so(budget, finance):
    saving = SavingFactory(budget=budget)
    assert "One saving has no finished impact assessment" in finance.get(at("savings")).content.decode()
    assert "Not assessed. Nobody can say yet whom" in finance.get(at("saving", saving.pk)).content.decode()


def answers(**changes):
    return {
        "reference": "S1",
        "title": "Fewer agency shifts",
        "lead": "Head of nursing",
        "arm": "health_board",
        "target": "£600",
        "assessment": "none",
    } | changes


def test_an_officer_adds_and_changes_a_saving(budget, finance):
    line = BudgetLineFactory(budget=budget)
    finance.post(at("add_saving"), answers(lines=[line.pk]))
    saving = Saving.objects.get()
    assert (saving.target, saving.delivered, saving.forecast, saving.is_recurring) == (600, 0, None, False)
    page = finance.get(at("saving", saving.pk)).content.decode()
    assert line.title in page
    assert "Not forecast yet" in page
    Saving.objects.update(revision=4)
    response = finance.post(at("change_saving", saving.pk), answers(revision="1", title="Mine"))
    assert response.status_code == 409
    assert "Fewer agency shifts" in response.content.decode()
    assert "Mine" in response.content.decode()
    finance.post(at("change_saving", saving.pk), answers(revision="4", forecast="300"))
    assert "Off track" in finance.get(at("savings")).content.decode()
    finance.post(at("remove_saving", saving.pk), {"reason": "", "revision": "5"})
    assert Saving.objects.exists()
    response = finance.post(at("remove_saving", saving.pk), {"reason": "Twice", "revision": "4"})
    page = response.content.decode()
    assert "Somebody changed the saving while this page was open" in page and "Twice" in page
    assert Saving.objects.exists()
    finance.post(at("remove_saving", saving.pk), {"reason": "Twice", "revision": "5"})
    assert not Saving.objects.exists()


def test_a_target_can_be_typed_and_a_conflict_keeps_both(budget, finance):
    finance.post(at("savings_target"), {"amount": "1,000", "minute": "Item 4", "revision": "0"})
    response = finance.post(at("savings_target"), {"amount": "2,000", "revision": "0"})
    assert response.status_code == 409
    assert "£1,000" in response.content.decode()
    assert savings_of(budget).target == 1000


def test_readers_see_no_buttons(budget, auditor, sign_in):
    SavingFactory(budget=budget)
    reader = sign_in(auditor)
    for name in ("savings", "reserves"):
        assert 'ds_button" href' not in reader.get(at(name)).content.decode()
    assert reader.get(at("add_saving")).status_code == 403


# The directions that carry a saving out


@pytest.fixture
def direction(budget, line, partnership, finance_officer, chief_officer):
    nursing = DelegatedFunctionFactory(partnership=partnership, title="District nursing")
    return issued(budget, nursing, finance_officer, chief_officer, {line: line.amount})


def test_a_saving_names_the_directions_that_carry_it_out_and_they_show_it(budget, direction, finance):
    saving = SavingFactory(budget=budget, reference="S7")
    url = at("change_saving", saving.pk)
    assert direction.reference in finance.get(url).content.decode()
    typed = {
        "reference": "S7",
        "title": "Fewer journeys",
        "lead": "Head of service",
        "arm": saving.arm,
        "target": "1,000",
        "assessment": "none",
        "directions": [direction.pk],
        "revision": saving.revision,
    }
    assert finance.post(url, typed).status_code == 302
    shown = finance.get(at("saving", saving.pk)).content.decode()
    assert direction.get_absolute_url() in shown
    page = finance.get(direction.get_absolute_url()).content.decode()
    assert "Savings that it carries out" in page
    assert saving.get_absolute_url() in page
    assert markup_faults(page) == []


def test_a_direction_to_another_body_is_named_and_not_linked(
    budget, direction, partner_officer, council, sign_in
):
    saving = SavingFactory(budget=budget, reference="S7")
    saving.directions.add(direction)
    partner_officer.memberships.update(body=council)
    shown = sign_in(partner_officer).get(at("saving", saving.pk)).content.decode()
    assert direction.reference in shown
    assert direction.get_absolute_url() not in shown


def test_only_directions_that_were_issued_here_carry_a_saving(
    budget, direction, large_hospital, finance_officer, other_partnership
):
    saving = SavingFactory(budget=budget)
    unissued = draft(budget, large_hospital, finance_officer)
    elsewhere = DirectionFactory(budget__partnership=other_partnership)
    for wrong in (unissued, elsewhere):
        with pytest.raises(OutsideThePartnership, match="Choose directions"):
            services.change_saving(
                saving=saving,
                revision=saving.revision,
                by=finance_officer,
                **{name: getattr(saving, name) for name in set(SAVING_RECORDED) - set(RELATIONS)},
                lines=[],
                directions=[wrong],
            )


def test_what_an_ended_direction_carried_stays_chosen(budget, direction, finance, finance_officer):
    saving = SavingFactory(budget=budget)
    saving.directions.add(direction)
    directing.complete_direction(
        direction=direction, on=timezone.localdate(), reason="Done.", by=finance_officer
    )
    assert direction.reference in finance.get(at("change_saving", saving.pk)).content.decode()
    other = SavingFactory(budget=budget)
    assert direction.reference not in finance.get(at("change_saving", other.pk)).content.decode()
