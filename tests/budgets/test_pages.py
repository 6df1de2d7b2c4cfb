from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets import services
from budgets.enums import FundKind
from budgets.forms import AllocationForm
from budgets.imports.tables import MOST_ROWS
from budgets.models import Budget, BudgetLine, Contribution
from partnerships.enums import Role

from .factories import BudgetFactory, BudgetLineFactory, ContributionFactory, LocalityShareFactory

pytestmark = pytest.mark.django_db

READERS = set(Role) - {Role.NATIONAL_VIEWER}
FINANCE = {Role.FINANCE_OFFICER, Role.CHIEF_FINANCE_OFFICER}
HOSTILE = "<script>alert(1)</script> & \"quotes\" 'n' {{ 7|add:7 }}"
PAGES = {
    "list": READERS,
    "detail": READERS,
    "lines": READERS,
    "lines_csv": READERS,
    "line": READERS,
    "contributions": READERS,
    "open": FINANCE,
    "allocate": FINANCE,
    "contribution": FINANCE,
    "add_line": FINANCE,
    "change_line": FINANCE,
    "split_line": FINANCE,
    "remove_line": FINANCE,
    "reopen": {Role.CHIEF_FINANCE_OFFICER},
}
OF_A_LINE = {"line", "change_line", "split_line", "remove_line"}


def at(name, line=None, slug="angus", year=2026):
    arguments = [slug]
    if name not in {"list", "open"}:
        arguments.append(year)
    if name in OF_A_LINE:
        arguments.append(line.pk)
    if name == "contribution":
        arguments += ["S08000030", "set_aside"]
    return reverse(f"budgets:{name}", args=arguments)


@pytest.fixture
def finance(finance_officer, sign_in):
    return sign_in(finance_officer)


def line_answers(**changes):
    return {
        "title": "Care at home",
        "group": "Older people",
        "fund": "payment",
        "category": "E",
        "setting": "social_care",
        "amount": "£1,250.50",
        "actual": "",
    } | changes


def sent(response):
    """What the browser would send from the grid that it was given."""
    form = response.context["form"]
    data = {"opened": form["opened"].value()}
    for row in form.rows():
        data |= {cell.name: cell.text for cell in row.cells}
    return data


# Who may


def test_each_page_opens_for_exactly_the_roles_that_may(cast, sign_in, line):
    for role, user in cast.items():
        client = sign_in(user)
        for name, allowed in PAGES.items():
            expected = 200 if role in allowed else (404 if role == Role.NATIONAL_VIEWER else 403)
            assert client.get(at(name, line)).status_code == expected, (name, role)


@pytest.mark.parametrize("name", PAGES)
def test_other_partnerships_learn_nothing(name, line, outsider, stranger, sign_in, client):
    for person in (outsider, stranger):
        assert sign_in(person).get(at(name, line)).status_code == 404
        assert sign_in(person).post(at(name, line)).status_code in {404, 405}
    assert client.get(at(name, line)).url.startswith("/accounts/login")


@pytest.mark.parametrize("name", sorted(OF_A_LINE))
def test_a_line_of_another_partnership_is_not_found(name, budget, other_partnership, finance):
    foreign = BudgetLineFactory(budget__partnership=other_partnership)
    assert finance.get(at(name, foreign)).status_code == 404
    assert finance.post(at(name, foreign), {"revision": 1}).status_code in {404, 405}
    assert BudgetLine.objects.filter(pk=foreign.pk).exists()


@pytest.mark.parametrize("year", [2031, 99999999999999999999])
def test_a_year_without_a_budget_is_not_found(year, budget, finance):
    for name in ("detail", "lines", "allocate", "contributions"):
        assert finance.get(at(name, year=year)).status_code == 404


def test_an_auditor_changes_nothing(line, auditor, sign_in):
    client = sign_in(auditor)
    for name in ("open", "allocate", "contribution", "add_line", "change_line", "split_line", "remove_line"):
        assert client.post(at(name, line), line_answers()).status_code == 403
    assert client.post(at("agree")).status_code == 403
    assert client.post(at("reopen"), {"reason": "x"}).status_code == 403
    assert BudgetLine.objects.get().revision == 1
    assert Budget.objects.count() == 1


def test_reading_pages_refuse_to_be_posted_to(line, finance):
    for name in ("list", "detail", "lines", "lines_csv", "line", "contributions"):
        assert finance.post(at(name, line)).status_code == 405
    assert finance.get(at("agree")).status_code == 405


def test_actions_that_one_may_not_do_are_not_shown(line, auditor, finance, sign_in):
    for name in ("list", "detail", "lines", "line", "contributions"):
        theirs = sign_in(auditor).get(at(name, line)).content.decode()
        assert 'class="ds_button" href' not in theirs
    assert "Allocate the budget" in finance.get(at("detail")).content.decode()


# Queries


@pytest.mark.parametrize(
    "name", ["list", "detail", "lines", "lines_csv", "line", "contributions", "allocate"]
)
def test_queries_do_not_grow_with_rows(
    name, budget, line, board, council, large_hospital, north, south, finance
):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert finance.get(at(name, line)).status_code == 200
        return len(captured)

    LocalityShareFactory(line=line, locality=north)
    queries()
    one = queries()
    for number in range(3):
        extra = BudgetLineFactory(
            budget=budget, delivered_by=council, function=large_hospital, group=f"Group {number}"
        )
        LocalityShareFactory(line=extra, locality=south)
        BudgetFactory(partnership=budget.partnership, year=2020 + number)
    ContributionFactory(budget=budget)
    ContributionFactory(budget=budget, kind=FundKind.SET_ASIDE)
    ContributionFactory(budget=budget, body=council)
    assert queries() == one
    assert one <= 15


# Years


def test_a_year_is_opened_and_its_page_shown(partnership, joint_board, finance):
    response = finance.post(at("open"), {"year": "2026", "lines_from": ""}, follow=True)
    assert response.redirect_chain == [("/angus/money/2026/", 302)]
    page = response.content.decode()
    assert "The 2026/27 budget is open." in page
    assert "No line yet" in page


def test_a_year_that_is_open_already_is_said(budget, finance):
    response = finance.post(at("open"), {"year": "2026"})
    assert response.status_code == 200
    assert response.context["form"].errors["year"]


def test_the_years_in_a_list(budget, line, finance):
    page = finance.get(at("list")).content.decode()
    assert "2026/27" in page
    assert "£1,000 allocated, and nobody’s payment is recorded yet." in page


def test_a_partnership_without_a_budget_offers_the_first_step(partnership, finance, auditor, sign_in):
    assert "Open a year" in finance.get(at("list")).content.decode()
    theirs = sign_in(auditor).get(at("list")).content.decode()
    assert "No budget is open yet" in theirs
    assert "Open a year" not in theirs


def test_the_overview_says_what_comes_in_and_what_it_is_for(budget, board, council, large_hospital, finance):
    ContributionFactory(budget=budget, body=council, amount=8000)
    ContributionFactory(budget=budget, amount=10000)
    ContributionFactory(
        budget=budget, kind=FundKind.SET_ASIDE, amount=2000, is_notional=True, method="Bed days at cost"
    )
    BudgetLineFactory(
        budget=budget, title="Wards", fund="set_aside", function=large_hospital, amount=2000, category="A"
    )
    BudgetLineFactory(budget=budget, title="Nursing", amount=18000, actual=19000, group="Community")
    page = finance.get(at("detail")).content.decode()
    for words in (
        "Angus Council pays £8,000 and NHS Tayside pays £10,000; NHS Tayside sets aside £2,000.",
        "£20,000 with the set-aside and £18,000 without it",
        "Balanced",
        "(notional)",
        "Bed days at cost",
        "−£1,000",
        "overspent on 1 of 2 lines",
        "Area-wide, not attributable to a locality",
        "<svg",
        "?heading=Community",
    ):
        assert words in page, words


@pytest.mark.parametrize("by", ["heading", "function", "body", "category", "setting", "nonsense", ""])
def test_the_overview_adds_up_by_any_dimension(by, budget, line, finance):
    assert finance.get(at("detail"), {"by": by}).status_code == 200


@pytest.mark.parametrize("by", ["heading", "function", "body", "category", "setting"])
def test_every_drill_down_leads_to_its_lines(by, budget, council, large_hospital, finance):
    BudgetLineFactory(budget=budget, group="A & B?", function=large_hospital)
    BudgetLineFactory.create_batch(2, budget=budget, delivered_by=council, category="C", setting="hospital")
    totals = [total for total in finance.get(at("detail"), {"by": by}).context["totals"] if total.key]
    assert totals
    for total in totals:
        assert finance.get(at("lines"), {by: total.key}).context["page"].paginator.count == total.lines


def test_an_unbalanced_budget_says_so_everywhere(budget, line, finance):
    for name in ("list", "detail", "contributions"):
        page = finance.get(at(name)).content.decode()
        assert "more is allocated than the payments hold" in page or "nobody’s payment is recorded" in page


def test_agreeing_and_reopening(budget, line, chief_finance_officer, finance, sign_in):
    chief = sign_in(chief_finance_officer)
    page = chief.post(at("agree"), follow=True).content.decode()
    assert "nothing to agree" in page
    ContributionFactory(budget=budget, amount=1000)
    assert "Agree the 2026/27 budget" in chief.get(at("detail")).content.decode()
    page = chief.post(at("agree"), follow=True).content.decode()
    assert "Agreed" in page
    assert "by Callum Coffer" in page

    refused = finance.get(at("allocate"))
    assert refused.status_code == 403
    assert "stand still" in refused.content.decode()
    assert "Allocate the budget" not in finance.get(at("detail")).content.decode()

    assert chief.post(at("reopen"), {"reason": ""}).context["form"].errors["reason"]
    chief.post(at("reopen"), {"reason": "The health offer came late"})
    assert not Budget.objects.get().is_agreed


# Contributions


def test_a_contribution_is_recorded_on_its_page(budget, finance):
    response = finance.post(
        at("contribution"),
        {"amount": "£2,000,000", "is_notional": "on", "method": "Three-year average", "revision": ""},
    )
    assert response.url == at("contributions")
    row = Contribution.objects.get()
    assert (row.kind, row.amount, row.is_notional) == ("set_aside", Decimal(2_000_000), True)
    assert "£2,000,000, notional" in finance.get(at("contributions")).content.decode()


def test_both_figures_of_a_contribution_are_shown_on_a_conflict(budget, finance):
    theirs = ContributionFactory(budget=budget, kind=FundKind.SET_ASIDE, amount="5000.00", revision=3)
    response = finance.post(at("contribution"), {"amount": "7,777", "method": "Mine", "revision": "2"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "£5,000" in page
    assert 'value="7,777"' in page
    theirs.refresh_from_db()
    assert theirs.amount == 5000
    again = {"amount": "7,777", "method": "Mine", "revision": response.context["form"]["revision"].value()}
    assert finance.post(at("contribution"), again).status_code == 302
    theirs.refresh_from_db()
    assert theirs.amount == 7777


def test_a_council_setting_aside_is_refused_with_the_section(budget, finance):
    address = reverse("budgets:contribution", args=["angus", 2026, "S12000041", "set_aside"])
    for response in (finance.get(address), finance.post(address, {"amount": "5"})):
        assert response.status_code == 403
        assert "a council never sets money aside" in response.content.decode()
        assert "s.14" in response.content.decode()
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind"), [("S08000020", "payment"), ("S08000030", "gift"), ("x", "payment")]
)
def test_a_contribution_that_cannot_be_is_not_found(budget, other_partnership, finance, body, kind):
    address = reverse("budgets:contribution", args=["angus", 2026, body, kind])
    assert finance.get(address).status_code == 404


def test_without_a_model_the_page_says_what_is_missing(partnership, finance):
    BudgetFactory(partnership=partnership)
    assert "s.1(4)" in finance.get(at("contributions")).content.decode()
    assert finance.get(at("contribution")).status_code == 403


@pytest.mark.parametrize("amount", ["(500)", "lots", "", "1000000000000", "0.005"])
def test_a_broken_amount_stays_in_its_box(amount, budget, finance):
    response = finance.post(at("contribution"), {"amount": amount, "method": HOSTILE})
    assert response.status_code == 200
    form = response.context["form"]
    assert form.errors["amount"]
    assert form["amount"].value() == amount
    assert "<script>alert(1)" not in response.content.decode()
    assert "Error: " in response.content.decode()
    assert not Contribution.objects.exists()


# Lines


def test_a_line_is_added_changed_and_removed(budget, council, finance):
    response = finance.post(at("add_line"), line_answers(delivered_by=council.pk))
    line = BudgetLine.objects.get()
    assert response.url == at("line", line)
    assert line.amount == Decimal("1250.50")
    finance.post(
        at("change_line", line), line_answers(delivered_by=council.pk, title="Home care", revision=1)
    )
    line.refresh_from_db()
    assert (line.title, line.revision) == ("Home care", 2)
    assert "Home care" in finance.get(at("remove_line", line)).content.decode()
    assert finance.post(at("remove_line", line), {"revision": 2}).url == at("lines")
    assert not BudgetLine.objects.exists()


def test_a_refusal_of_the_act_stands_at_its_box(budget, board, finance):
    response = finance.post(at("add_line"), line_answers(delivered_by=board.pk, fund="set_aside"))
    assert "s.1(14)" in response.context["form"].errors["fund"][0]
    assert 'value="£1,250.50"' in response.content.decode()
    assert not BudgetLine.objects.exists()


def test_both_versions_of_a_line_are_shown_on_a_conflict(line, board, chief_finance_officer, finance):
    services.change_line(line=line, revision=1, by=chief_finance_officer, title="Theirs")
    response = finance.post(
        at("change_line", line), line_answers(delivered_by=board.pk, title="Mine", revision=1)
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert "Theirs" in page
    assert 'value="Mine"' in page
    again = line_answers(
        delivered_by=board.pk, title="Mine", revision=response.context["form"]["revision"].value()
    )
    assert finance.post(at("change_line", line), again).status_code == 302
    line.refresh_from_db()
    assert line.title == "Mine"


def test_a_line_changed_meanwhile_is_looked_at_again_before_it_goes(line, finance):
    BudgetLine.objects.filter(pk=line.pk).update(revision=2, amount=77)
    page = finance.post(at("remove_line", line), {"revision": 1}).content.decode()
    assert "£77" in page
    assert BudgetLine.objects.exists()


def test_over_long_and_hostile_text(budget, board, finance):
    response = finance.post(at("add_line"), line_answers(delivered_by=board.pk, title="x" * 201))
    assert response.context["form"].errors["title"]
    finance.post(at("add_line"), line_answers(delivered_by=board.pk, title=HOSTILE, group=HOSTILE))
    line = BudgetLine.objects.get()
    for name in ("detail", "lines", "line", "allocate", "change_line", "split_line", "remove_line"):
        page = finance.get(at(name, line)).content.decode()
        assert "<script>alert(1)" not in page, name
        assert "&lt;script&gt;alert(1)" in page, name
    zero = finance.post(at("add_line"), line_answers(delivered_by=board.pk, title="a\x00b"))
    assert zero.status_code == 200
    assert zero.context["form"].errors["title"]


def test_the_list_of_lines_filters_and_counts(budget, board, council, finance):
    BudgetLineFactory(budget=budget, title="Telecare", delivered_by=council, amount=30)
    BudgetLineFactory(budget=budget, title="Nursing", amount=70)
    assert finance.get(at("lines")).context["total"].amount == 100
    page = finance.get(at("lines"), {"body": council.pk, "q": "tele"})
    assert [line.title for line in page.context["page"]] == ["Telecare"]
    assert "One line" in page.content.decode()
    nothing = finance.get(at("lines"), {"q": "zebra"}).content.decode()
    assert "No line matches" in nothing


@pytest.mark.parametrize(
    "query",
    [
        {"body": "x"},
        {"body": "999999999999999999"},
        {"category": "Z"},
        {"page": "-3"},
        {"page": "x"},
        {"q": "\x00"},
    ],
)
def test_a_broken_filter_is_said_and_filters_nothing(query, line, finance):
    response = finance.get(at("lines"), query)
    assert response.status_code == 200
    assert response.context["page"].paginator.count == 1


def test_lines_come_fifty_a_page_and_keep_their_filter(budget, finance):
    BudgetLineFactory.create_batch(51, budget=budget)
    page = finance.get(at("lines"), {"fund": "payment"})
    assert len(page.context["page"]) == 50
    assert "fund=payment&amp;page=2" in page.content.decode()


def test_the_file_holds_the_lines_shown(budget, council, finance):
    BudgetLineFactory(
        budget=budget, title='=HYPERLINK("x")', delivered_by=council, amount="1234.50", actual="-3.00"
    )
    BudgetLineFactory(budget=budget, title="Nursing")
    response = finance.get(at("lines_csv"), {"body": council.pk})
    assert response["Content-Disposition"] == 'attachment; filename="angus-budget-lines-2026-27.csv"'
    header, row, *rest = response.content.decode("utf-8-sig").splitlines()
    assert rest == []
    assert header.startswith("Code,Heading,Title,Delivered by,")
    assert "'=HYPERLINK" in row
    assert "1234.50,-3.00" in row


# The split


def test_a_line_is_split_on_its_page(line, north, south, finance):
    response = finance.post(
        at("split_line", line),
        {f"share-{north.pk}": "£600", f"share-{south.pk}": "", "method": "postcode", "revision": 1},
    )
    assert response.url == at("line", line)
    page = finance.get(at("line", line)).content.decode()
    assert "£600" in page
    assert "£400" in page
    assert "Postcode" in page


def test_a_split_that_is_too_much_keeps_what_was_typed(line, north, south, finance):
    data = {
        f"share-{north.pk}": "£600.00",
        f"share-{south.pk}": "400.01",
        "method": "postcode",
        "revision": 1,
    }
    response = finance.post(at("split_line", line), data)
    page = response.content.decode()
    assert "£0.01 more than the line" in page
    assert 'value="£600.00"' in page
    assert "−£0.01" in page
    assert not line.locality_shares.exists()


def test_the_rest_is_always_visible(line, north, finance):
    page = finance.get(at("split_line", line)).content.decode()
    assert "Area-wide, not attributable to a locality" in page
    assert "£1,000" in page


def test_both_splits_are_shown_on_a_conflict(line, north, finance):
    LocalityShareFactory(line=line, locality=north, amount="111.00")
    BudgetLine.objects.filter(pk=line.pk).update(revision=2)
    response = finance.post(
        at("split_line", line), {f"share-{north.pk}": "222", "method": "postcode", "revision": 1}
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert "£111" in page
    assert 'value="222"' in page


# The grid


def test_the_grid_is_saved_as_a_whole(budget, finance):
    one, two = BudgetLineFactory.create_batch(2, budget=budget)
    data = sent(finance.get(at("allocate")))
    data |= {f"amount-{one.pk}": "£1,234.50", f"actual-{two.pk}": "99"}
    response = finance.post(at("allocate"), data, follow=True)
    assert "Two lines saved at" in response.content.decode()
    assert list(budget.lines.values_list("amount", "actual")) == [
        (Decimal("1234.50"), None),
        (Decimal(100), Decimal(99)),
    ]


def test_a_faulty_cell_saves_nothing_and_is_listed_with_a_link(budget, finance):
    one, two = BudgetLineFactory.create_batch(2, budget=budget)
    data = sent(finance.get(at("allocate"))) | {f"amount-{one.pk}": "(500)", f"amount-{two.pk}": "250"}
    response = finance.post(at("allocate"), data)
    page = response.content.decode()
    assert f'href="#id_amount-{one.pk}"' in page
    assert f'id="id_amount-{one.pk}"' in page
    assert f'aria-describedby="id_amount-{one.pk}_error"' in page
    assert f'id="id_amount-{one.pk}_error"' in page
    assert 'value="(500)"' in page
    assert 'value="250"' in page
    assert "−£250" in page  # the total is of what stands in the boxes
    assert set(budget.lines.values_list("amount", flat=True)) == {Decimal(100)}


def test_totals_without_a_script(budget, finance):
    one, _ = BudgetLineFactory.create_batch(2, budget=budget)
    data = sent(finance.get(at("allocate"))) | {f"amount-{one.pk}": "50.50", "totals": "1"}
    page = finance.post(at("allocate"), data).content.decode()
    assert "£150.50" in page
    assert "Not saved" in page
    assert not BudgetLine.objects.exclude(amount=100).exists()


def test_two_people_on_one_figure(budget, line, chief_finance_officer, finance, sign_in):
    other = BudgetLineFactory(budget=budget, title="Untouched by the other")
    chief = sign_in(chief_finance_officer)
    mine, theirs = sent(finance.get(at("allocate"))), sent(chief.get(at("allocate")))
    chief.post(at("allocate"), theirs | {f"amount-{line.pk}": "1,200"})
    response = finance.post(at("allocate"), mine | {f"amount-{line.pk}": "900", f"amount-{other.pk}": "101"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "£1,200" in page
    assert "Callum Coffer" in page
    assert "£900" in page
    assert "1 other change is saved with it" in page
    assert set(budget.lines.values_list("amount", flat=True)) == {Decimal(1200), Decimal(100)}

    conflict = response.context["conflict"]
    answer = {"opened": conflict.opened, **conflict.kept}
    answer |= {f"seen-{choice.box}": choice.seen for choice in conflict.choices}
    unanswered = finance.post(at("allocate"), answer)
    assert unanswered.status_code == 409  # nothing is picked for them
    for pick, expected in (("theirs", 1200), ("mine", 900)):
        BudgetLine.objects.filter(pk=other.pk).update(amount=100)
        picked = answer | {f"pick-{choice.box}": pick for choice in conflict.choices}
        assert finance.post(at("allocate"), picked).status_code == 302
        line.refresh_from_db()
        other.refresh_from_db()
        assert (line.amount, other.amount) == (expected, 101)


def test_a_third_person_between_is_a_conflict_again(budget, line, finance):
    data = sent(finance.get(at("allocate"))) | {f"amount-{line.pk}": "900"}
    BudgetLine.objects.update(amount=1200)
    conflict = finance.post(at("allocate"), data).context["conflict"]
    BudgetLine.objects.update(amount=1300)
    (choice,) = conflict.choices
    answer = {
        "opened": conflict.opened,
        **conflict.kept,
        f"seen-{choice.box}": choice.seen,
        f"pick-{choice.box}": "mine",
    }
    response = finance.post(at("allocate"), answer)
    assert response.status_code == 409
    assert "£1,300" in response.content.decode()


@pytest.mark.parametrize("opened", ["", "rubbish", '{"1":["1",null]}'])
def test_a_grid_that_was_tampered_with_saves_nothing(opened, line, finance):
    response = finance.post(at("allocate"), {"opened": opened, f"amount-{line.pk}": "5"})
    assert response.status_code == 200 or response.url == at("allocate")
    line.refresh_from_db()
    assert line.amount == 1000


def test_a_grid_of_as_many_lines_as_a_file_may_bring_in_is_read(line, finance):
    boxes = {f"amount-{number}": "" for number in range(MOST_ROWS * 3)}
    assert finance.post(at("allocate"), boxes).status_code == 200


def test_two_thousand_lines_are_saved_at_once(budget, finance_officer):
    """The form and the service together; the measured time stands in the bench."""
    BudgetLine.objects.bulk_create(
        BudgetLineFactory.build(
            budget=budget, delivered_by=budget.partnership.health_board, title=f"Line {number}"
        )
        for number in range(2000)
    )
    lines = list(budget.lines.select_related("delivered_by"))
    blank = AllocationForm(lines=lines)
    data = {"opened": blank["opened"].value()}
    data |= {f"amount-{line.pk}": "250.00" for line in lines} | {f"actual-{line.pk}": "" for line in lines}
    form = AllocationForm(data, lines=lines)
    assert form.is_valid()
    with CaptureQueriesContext(connection) as queries:
        saved = services.allocate_lines(budget=budget, changes=form.changes(), by=finance_officer)
    assert saved == 2000
    assert len(queries) < 20
    assert set(budget.lines.values_list("amount", flat=True)) == {Decimal(250)}
