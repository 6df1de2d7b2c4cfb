"""Writing, issuing, answering and ending directions, and what is directed on a day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from budgets.enums import BudgetState, DirectionState, Effect, FundKind, MoneyStated, Progress
from budgets.forms.directions import DirectionForm
from budgets.models import Budget, Direction
from budgets.refusals import ChangedMeanwhile
from budgets.refusals.directions import (
    DirectionIncomplete,
    DirectionStandsStill,
    IssuedByOnePerson,
    MoneyNotConfirmed,
    NotTheirDirection,
)
from budgets.rules.directions import NO_DIRECTION_IN_FORCE
from budgets.selectors.directions import (
    control_total,
    coverage_on,
    direction_record,
    directions_due,
    lines_to_direct,
    undirected_lines,
)
from budgets.selectors.directions.coverage import FEW_MISSING
from budgets.services import directions as services
from foundation.audit.models import Entry
from partnerships.enums import IntegrationModel, Role
from partnerships.permissions import standing_of
from tests.browser.checks import markup_faults
from tests.factories import DelegatedFunctionFactory, MembershipFactory

from .directing import draft, issued, prepared
from .factories import BudgetLineFactory

pytestmark = pytest.mark.django_db
APRIL = date(2026, 4, 1)
TODAY = timezone.localdate


@pytest.fixture
def nursing(partnership):
    return DelegatedFunctionFactory(partnership=partnership, title="District nursing")


@pytest.fixture
def direction(budget, line, nursing, finance_officer, chief_officer):
    return issued(budget, nursing, finance_officer, chief_officer, {line: Decimal("1000.00")})


# Issuing


def test_an_issued_direction_has_a_reference_a_fingerprint_and_its_names_frozen(direction, nursing):
    assert direction.reference == f"ANGUS-{TODAY():%Y%m%d}-01"
    assert direction.amount == Decimal("1000.00")
    nursing.title = "Another name"
    nursing.save()
    record = direction_record(Direction.objects.get(pk=direction.pk))
    assert record.is_intact
    assert [function.title for function in record.content.functions] == ["District nursing"]
    assert (record.content.issued_by, record.content.prepared_by) == ("Catriona Chief", "Fiona Finance")
    assert Entry.objects.filter(action="budgets.direction_issued").count() == 1


def test_references_count_on_within_a_day(direction, budget, nursing, finance_officer, chief_officer):
    second = issued(budget, nursing, finance_officer, chief_officer, title="Second")
    assert second.reference.endswith("-02")


@pytest.mark.parametrize(
    ("gap", "section"),
    [
        ({"text": ""}, "s.27(1)"),
        ({"targets": {}}, "s.26(1)"),
        ({"functions": []}, "s.26(1)"),
        ({"amount": None}, "s.27(1)"),
        ({"budget": None}, "s.27(1)"),
        ({"money": MoneyStated.METHOD}, "s.27(1)"),
        ({"use_of_money": " "}, "s.27(1)"),
        ({"approved_on": None}, "guidance"),
        ({"minute_reference": ""}, "guidance"),
        ({"starts_on": None}, "guidance"),
        ({"review_on": None}, "guidance"),
        ({"review_on": APRIL}, "guidance"),
        ({"starts_on": date(2015, 1, 1)}, "s.26(1)"),
    ],
)
def test_what_section_27_asks_is_refused_with_its_section(budget, nursing, finance_officer, gap, section):
    made = draft(budget, nursing, finance_officer, **gap)
    with pytest.raises(DirectionIncomplete) as refusal:
        services.prepare_direction(direction=made, revision=made.revision, by=finance_officer)
    assert any(section in words for words in refusal.value.messages)


def test_a_method_in_words_needs_no_amount(budget, nursing, finance_officer):
    made = prepared(
        budget,
        nursing,
        finance_officer,
        money=MoneyStated.METHOD,
        amount=None,
        method="Actual cost.",
        budget=None,
    )
    assert made.state == DirectionState.READY


def test_a_council_never_gets_a_set_aside(budget, large_hospital, council, finance_officer):
    made = draft(budget, large_hospital, finance_officer, money=MoneyStated.SET_ASIDE, targets={council: ""})
    with pytest.raises(DirectionIncomplete, match="council never"):
        services.prepare_direction(direction=made, revision=made.revision, by=finance_officer)


def test_money_is_set_aside_for_large_hospitals_alone(budget, nursing, finance_officer):
    made = draft(budget, nursing, finance_officer, money=MoneyStated.SET_ASIDE)
    with pytest.raises(DirectionIncomplete, match=r"s\.1\(14\)"):
        services.prepare_direction(direction=made, revision=made.revision, by=finance_officer)


def test_a_direction_never_adds_payments_and_set_aside_together(
    budget, line, large_hospital, nursing, finance_officer
):
    aside = BudgetLineFactory(budget=budget, fund=FundKind.SET_ASIDE, function=large_hospital)
    made = draft(budget, nursing, finance_officer)
    made = services.set_direction_money(
        direction=made,
        amounts={line: Decimal(10), aside: Decimal(5)},
        revision=made.revision,
        by=finance_officer,
    )
    with pytest.raises(DirectionIncomplete, match="never one sum of both"):
        services.prepare_direction(direction=made, revision=made.revision, by=finance_officer)


def test_stated_amount_and_lines_must_agree(budget, line, nursing, finance_officer):
    made = draft(budget, nursing, finance_officer)
    made = services.set_direction_money(
        direction=made, amounts={line: Decimal(60)}, revision=made.revision, by=finance_officer
    )
    made = services.change_direction(
        direction=made, revision=made.revision, by=finance_officer, fields={"amount": Decimal(100)}
    )
    with pytest.raises(DirectionIncomplete, match="£40 lies between"):
        services.prepare_direction(direction=made, revision=made.revision, by=finance_officer)


def test_nobody_issues_what_they_prepared(budget, nursing, chief_officer):
    MembershipFactory(user=chief_officer, partnership=budget.partnership, role=Role.PLANNING_OFFICER)
    made = prepared(budget, nursing, chief_officer)
    with pytest.raises(IssuedByOnePerson, match="two people"):
        services.issue_direction(direction=made, revision=made.revision, by=chief_officer)


def test_a_draft_that_nobody_prepared_is_not_issued(budget, nursing, finance_officer, chief_officer):
    made = draft(budget, nursing, finance_officer)
    with pytest.raises(IssuedByOnePerson):
        services.issue_direction(direction=made, revision=made.revision, by=chief_officer)


def test_a_change_after_preparing_makes_it_a_draft_again(budget, nursing, finance_officer):
    made = prepared(budget, nursing, finance_officer)
    changed = services.change_direction(
        direction=made, revision=made.revision, by=finance_officer, fields={"title": "Other"}
    )
    assert (changed.state, changed.prepared_by) == (DirectionState.DRAFT, None)


def test_two_people_who_change_one_draft_both_keep_their_words(budget, nursing, finance_officer, officer):
    made = draft(budget, nursing, finance_officer)
    services.change_direction(direction=made, revision=1, by=officer, fields={"title": "Theirs"})
    with pytest.raises(ChangedMeanwhile) as meanwhile:
        services.change_direction(direction=made, revision=1, by=finance_officer, fields={"title": "Mine"})
    assert meanwhile.value.current.title == "Theirs"


def test_unconfirmed_money_needs_a_reason(budget, line, nursing, finance_officer, chief_officer):
    made = draft(budget, nursing, finance_officer)
    made = services.set_direction_money(
        direction=made, amounts={line: Decimal(60)}, revision=made.revision, by=finance_officer
    )
    made = services.prepare_direction(direction=made, revision=made.revision, by=finance_officer)
    with pytest.raises(MoneyNotConfirmed, match="not confirmed"):
        services.issue_direction(direction=made, revision=made.revision, by=chief_officer)
    done = services.issue_direction(
        direction=made, revision=made.revision, by=chief_officer, unconfirmed_reason="Late offer."
    )
    assert done.unconfirmed_reason == "Late offer."


def test_an_issued_direction_is_not_changed(direction, finance_officer):
    with pytest.raises(DirectionStandsStill):
        services.change_direction(
            direction=direction, revision=direction.revision, by=finance_officer, fields={"title": "Other"}
        )


# Replacing and ending


@pytest.mark.parametrize(
    ("effect", "state"),
    [(Effect.VARIES, DirectionState.VARIED), (Effect.SUPERSEDES, DirectionState.SUPERSEDED)],
)
def test_a_later_direction_ends_the_one_it_names(direction, finance_officer, chief_officer, effect, state):
    later = services.follow_direction(earlier=direction, effect=effect, by=finance_officer)
    assert (later.version, later.lines.get().amount) == (2, Decimal("1000.00"))
    later = services.change_direction(
        direction=later,
        revision=later.revision,
        by=finance_officer,
        fields={
            "starts_on": date(2026, 10, 1),
            "review_on": date(2027, 3, 1),
            "approved_on": date(2026, 9, 1),
            "minute_reference": "Minute 4",
        },
    )
    later = services.prepare_direction(direction=later, revision=later.revision, by=finance_officer)
    later = services.issue_direction(
        direction=later, revision=later.revision, by=chief_officer, unconfirmed_reason="Late."
    )
    direction.refresh_from_db()
    assert (direction.state, direction.ends_on) == (state, date(2026, 9, 30))
    assert list(Direction.objects.in_force(date(2026, 9, 30))) == [direction]
    assert list(Direction.objects.in_force(date(2026, 10, 1))) == [later]
    assert [link.direction for link in direction_record(direction).chain] == [direction, later]
    with pytest.raises(DirectionStandsStill):
        services.follow_direction(earlier=direction, effect=effect, by=finance_officer)


def test_a_completed_direction_ends_on_its_day(direction, finance_officer):
    done = services.complete_direction(
        direction=direction, on=TODAY(), reason="All teams moved.", by=finance_officer
    )
    assert (done.state, done.ends_on) == (DirectionState.COMPLETED, TODAY())


# What the bodies say


def test_a_body_acknowledges_once_and_reports_in_its_own_words(direction, board, partner_officer):
    services.acknowledge_direction(direction=direction, body=board, by=partner_officer)
    direction.refresh_from_db()
    assert direction.state == DirectionState.ACKNOWLEDGED
    with pytest.raises(ValidationError, match="already"):
        services.acknowledge_direction(direction=direction, body=board, by=partner_officer)
    services.report_progress(
        direction=direction,
        body=board,
        progress=Progress.AT_RISK,
        words="Two posts are vacant.",
        on=TODAY(),
        by=partner_officer,
    )
    direction.refresh_from_db()
    assert direction.state == DirectionState.IN_PROGRESS
    assert direction_record(direction).answers[0].last_report.words == "Two posts are vacant."


def test_a_body_answers_its_own_directions_alone(direction, council, partner_officer):
    with pytest.raises(NotTheirDirection):
        services.acknowledge_direction(direction=direction, body=council, by=partner_officer)


def test_partner_officers_see_what_was_issued_to_their_own_body(
    direction, budget, nursing, council, finance_officer, chief_officer, partner_officer, sign_in
):
    to_council = issued(
        budget, nursing, finance_officer, chief_officer, title="Care at home", targets={council: ""}
    )
    unissued = draft(budget, nursing, finance_officer, title="Not yet")
    client = sign_in(partner_officer)
    page = client.get(reverse("budgets:directions", args=["angus"])).content.decode()
    assert direction.reference in page
    assert "Care at home" not in page
    assert "Not yet" not in page
    for hidden in (to_council, unissued):
        assert client.get(hidden.get_absolute_url()).status_code == 403
    assert client.get(direction.get_absolute_url()).status_code == 200


# What is directed


def test_coverage_shows_what_is_in_force_and_what_is_missing(direction, partnership, nursing, budget):
    bare = DelegatedFunctionFactory(partnership=partnership, title="Audiology")
    rows = {row.function: row for row in coverage_on(partnership, APRIL).rows}
    assert [cell.reference for cell in rows[nursing].cells[1]] == [direction.reference] or [
        cell.reference for cell in rows[nursing].cells[0]
    ] == [direction.reference]
    assert (rows[bare].is_bare, rows[bare].words) == (True, NO_DIRECTION_IN_FORCE)
    before = {row.function: row for row in coverage_on(partnership, APRIL - timedelta(days=1)).rows}
    assert before[nursing].is_bare


def test_coverage_groups_functions_by_law_and_names_the_few_that_lack_a_direction(
    direction, partnership, joint_board, finance_officer, sign_in
):
    law = {"delegated_by": "council", "setting": "social_care"}
    for year in (2001, 2006):
        DelegatedFunctionFactory(
            partnership=partnership,
            title="Assistance for housing",
            legal_basis=f"Housing Act {year}, section 9",
            **law,
        )
    coverage = coverage_on(partnership, APRIL)
    assert [group.summary.partition(": ")[::2] for group in coverage.groups[:2]] == [
        ("Social care, Housing Act 2001", "1 function, 1 without a direction"),
        ("Social care, Housing Act 2006", "1 function, 1 without a direction"),
    ]
    assert [row for group in coverage.groups for row in group.rows if not row.is_bare]
    page = sign_in(finance_officer).get(
        reverse("budgets:coverage", args=[partnership.slug]), {"day": "1 April 2026"}
    )
    assert page.content.decode().count("Assistance for housing (section 9)") == 4
    assert markup_faults(page.content.decode()) == []
    for number in range(FEW_MISSING):
        DelegatedFunctionFactory(partnership=partnership, title=f"Another {number}")
    assert coverage_on(partnership, APRIL).few_missing == []


def test_functions_of_one_title_are_told_apart_where_one_is_chosen(partnership):
    for year in (2001, 2006):
        DelegatedFunctionFactory(
            partnership=partnership, title="Assistance", legal_basis=f"Housing Act {year}, section {year}"
        )
    choices = DirectionForm(partnership=partnership)["functions"].as_widget()
    assert "Assistance (section 2001)" in choices
    assert "Assistance (section 2006)" in choices


def test_an_exempt_function_needs_no_direction(partnership, joint_board, nursing, finance_officer):
    services.exempt_function(
        partnership=partnership,
        function=nursing,
        order="SSI 2026/1",
        starts_on=APRIL,
        ends_on=None,
        by=finance_officer,
    )
    row = coverage_on(partnership, APRIL).rows[0]
    assert (row.is_bare, row.words) == (False, "exempt (s.27(6)): SSI 2026/1")
    assert coverage_on(partnership, APRIL - timedelta(days=1)).rows[0].is_bare


def test_a_lead_agency_may_direct_and_owes_nothing(
    partnership, joint_board, nursing, budget, line, finance_officer, sign_in
):
    joint_board.model = IntegrationModel.LEAD_HEALTH_BOARD
    joint_board.save()
    row = coverage_on(partnership, APRIL).rows[0]
    assert (row.is_owed, row.words) == (False, "no direction; a lead agency may give one")
    assert directions_due(standing_of(finance_officer, partnership)) == []
    assert coverage_on(partnership, APRIL).sentence.endswith("no direction in force, and none is owed.")
    page = sign_in(finance_officer).get(reverse("budgets:directed", args=[partnership.slug, budget.year]))
    assert "do not add up to the budget. A lead agency may give directions" in page.content.decode()


def test_the_control_total_says_what_is_not_directed(direction, budget, line, council, finance_officer):
    own = BudgetLineFactory(budget=budget, delivered_by=council, amount=Decimal("300.00"), title="Audit")
    services.keep_own_cost(line=own, amount=Decimal("100.00"), purpose="External audit", by=finance_officer)
    control = control_total(budget, APRIL)
    told = {row.body: (row.budget, row.own_costs, row.directed, row.words) for row in control.rows}
    assert told == {
        "Angus Council": (Decimal(300), Decimal(100), Decimal(0), "£200 is not directed"),
        "NHS Tayside": (Decimal(1000), Decimal(0), Decimal(1000), "adds up"),
    }
    assert control.without_set_aside.difference == Decimal(200)
    assert not control.adds_up
    assert [(row.title, row.undirected) for row in undirected_lines(budget, APRIL)] == [
        ("Audit", Decimal("200.00"))
    ]


def test_set_aside_has_a_control_total_of_its_own(
    budget, line, large_hospital, finance_officer, chief_officer
):
    aside = BudgetLineFactory(
        budget=budget, fund=FundKind.SET_ASIDE, function=large_hospital, amount=Decimal("500.00")
    )
    issued(
        budget,
        large_hospital,
        finance_officer,
        chief_officer,
        {aside: Decimal("450.00")},
        money=MoneyStated.SET_ASIDE,
    )
    control = control_total(budget, APRIL)
    assert (control.set_aside.budget, control.set_aside.directed) == (Decimal(500), Decimal(450))
    assert (control.without_set_aside.budget, control.without_set_aside.directed) == (
        Decimal(1000),
        Decimal(0),
    )
    assert control.whole.budget == Decimal(1500)


def test_an_amount_without_lines_counts_for_its_body(budget, line, nursing, finance_officer, chief_officer):
    issued(budget, nursing, finance_officer, chief_officer, amount=Decimal("400.00"))
    control = control_total(budget, APRIL)
    assert [(row.body, row.directed) for row in control.rows] == [("NHS Tayside", Decimal(400))]


def test_a_draft_sees_what_others_take_of_a_line(direction, budget, line, nursing, finance_officer):
    made = draft(budget, nursing, finance_officer, title="Another", starts_on=TODAY())
    row = lines_to_direct(made)[0]
    assert (row.elsewhere, row.left) == (Decimal("1000.00"), Decimal("0.00"))


# What is due


def test_late_acknowledgements_and_bare_functions_are_due(
    direction, partnership, finance_officer, partner_officer
):
    DelegatedFunctionFactory(partnership=partnership, title="Audiology")
    later = timezone.localdate() + timedelta(days=15)
    titles = [due.title for due in directions_due(standing_of(finance_officer, partnership, later))]
    assert f"Not acknowledged: {direction}" in titles
    assert "One function has no direction in force" in titles
    mine = directions_due(standing_of(partner_officer, partnership))
    assert [(due.mine, due.action) for due in mine] == [(True, "Acknowledge")]


@pytest.mark.parametrize(
    ("own_cost", "words"),
    [(0, "2026/27: £200 is not directed"), (200, ""), (250, "2026/27: £50 too much is directed")],
)
def test_money_of_an_agreed_year_that_directions_do_not_come_to_is_due(
    direction, budget, nursing, partnership, council, finance_officer, chief_officer, own_cost, words
):
    """R-DIR-03: lines, what the authority keeps of them, and directions with an amount and no lines all count."""
    issued(budget, nursing, finance_officer, chief_officer, amount=Decimal(100))
    other = BudgetLineFactory(budget=budget, title="Home care", delivered_by=council, amount=300)
    if own_cost:
        services.keep_own_cost(line=other, amount=Decimal(own_cost), purpose="Audit", by=finance_officer)
    finance_officer.memberships.update(starts_on=APRIL)

    def told():
        dues = directions_due(standing_of(finance_officer, partnership, APRIL))
        return [due for due in dues if due.source == "2014 Act s.27(1)"]

    assert not told()
    Budget.objects.filter(pk=budget.pk).update(state=BudgetState.AGREED, agreed_at=timezone.now())
    assert [(due.title, due.due_on, due.mine) for due in told()] == ([(words, APRIL, True)] if words else [])


def test_due_takes_three_queries(direction, partnership, finance_officer, django_assert_max_num_queries):
    standing = standing_of(finance_officer, partnership)
    with django_assert_max_num_queries(3):
        directions_due(standing)


def test_a_prepared_direction_waits_for_the_chief_officer(budget, nursing, finance_officer, chief_officer):
    prepared(budget, nursing, finance_officer)
    mine = [due for due in directions_due(standing_of(chief_officer, budget.partnership)) if due.mine]
    assert [due.action for due in mine] == ["Issue"]


def test_a_direction_that_is_given_back_says_why_until_it_is_prepared_anew(
    budget, nursing, finance_officer, chief_officer, sign_in
):
    made = prepared(budget, nursing, finance_officer)
    give_back = reverse("budgets:return_direction", args=["angus", made.pk])
    services.change_direction(direction=made, revision=2, by=finance_officer, fields={"text": "Other words."})
    typed = {"reason": "The sum is last year's.", "revision": 2}
    meanwhile = sign_in(chief_officer).post(give_back, typed)
    assert meanwhile.status_code == 409
    assert all(words in meanwhile.content.decode() for words in ("last year&#x27;s", "Other words."))
    assert sign_in(chief_officer).post(give_back, typed | {"revision": 3}).status_code == 302
    page = sign_in(finance_officer).get(made.get_absolute_url()).content.decode()
    assert "The sum is last year&#x27;s." in page
    due = directions_due(standing_of(finance_officer, budget.partnership))
    assert next(one.title for one in due if one.mine) == f"Direction given back: {made.title}"
    services.prepare_direction(direction=made, revision=4, by=finance_officer)
    made.refresh_from_db()
    assert made.returned_reason == ""


# Pages


def test_a_direction_goes_from_a_draft_to_its_letter_through_the_pages(
    budget, line, nursing, board, finance_officer, chief_officer, sign_in
):
    finance, chief = sign_in(finance_officer), sign_in(chief_officer)
    answers = {
        "title": "Nursing",
        "text": "Do it.",
        "bodies": [board.pk],
        "functions": [nursing.pk],
        "money": "amount",
        "budget": budget.pk,
        "amount": "",
        "use_of_money": "Nurses.",
        "starts_on": "1 April 2026",
        "review_on": "31/01/2027",
        "approved_on": "20 March 2026",
        "minute_reference": "Minute 12",
    }
    assert finance.post(reverse("budgets:add_direction", args=["angus"]), answers).status_code == 302
    made = Direction.objects.get()
    at = {
        name: reverse(f"budgets:{name}", args=["angus", made.pk])
        for name in ("direction_money", "prepare_direction", "issue_direction")
    }
    assert "Say how much is paid" in finance.get(made.get_absolute_url()).content.decode()
    finance.post(at["direction_money"], {f"line-{line.pk}": "1,000", "revision": 1})
    finance.post(at["prepare_direction"], {"revision": 2})
    page = chief.get(at["issue_direction"]).content.decode()
    assert "Why it is issued although not all of its money is confirmed" in page
    chief.post(at["issue_direction"], {"revision": 3, "unconfirmed_reason": "Late offer."})
    made.refresh_from_db()
    assert (made.state, made.amount) == (DirectionState.ISSUED, Decimal("1000.00"))
