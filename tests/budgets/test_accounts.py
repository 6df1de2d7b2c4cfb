"""The table of reg 4, the balance of care, and the public page."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from budgets.accounted import CategoryTable
from budgets.books import SharePart
from budgets.documents.accounts import CATEGORY_PDF, categories_csv, categories_xlsx, category_book
from budgets.documents.public_money import PUBLIC_PDF, may_download_told, told_book
from budgets.enums import Arm, BudgetState, FundKind, LocalityMethod, Setting, SpendCategory, Word
from budgets.models import CareGroup, Close, Confirmation, Period
from budgets.selectors import accounted_years, balance_sentence, category_table
from budgets.selectors.public_money import may_be_told, public_money
from foundation.documents.models import Document
from foundation.frozen import UnknownFormat

from .factories import BudgetFactory, BudgetLineFactory, ContributionFactory, LocalityShareFactory
from .frozen_books import books_with, contribution_part, line_part

pytestmark = pytest.mark.django_db

MILLION = 1_000_000
# The worked year of the vectors, in millions: planned 200, spent 203.
SPEND = {"A": (46, 45), "B": (78, 77), "C": (32, 32), "D": (3, 3), "E": (44, 43)}


def agreed(partnership, year, **more):
    return BudgetFactory(
        partnership=partnership, year=year, state=BudgetState.AGREED, agreed_at=timezone.now(), **more
    )


def pay(budget, council, board):
    for body, kind, amount in (
        (council, FundKind.PAYMENT, 80),
        (board, FundKind.PAYMENT, 100),
        (board, FundKind.SET_ASIDE, 20),
    ):
        ContributionFactory(budget=budget, body=body, kind=kind, amount=Decimal(amount * MILLION))


@pytest.fixture
def worked(partnership, council, board, large_hospital):
    """The agreed year of the vectors: 20 of A's 46 millions are set aside; 18.5 are spent on dementia."""
    budget = agreed(partnership, 2025)
    pay(budget, council, board)
    dementia = CareGroup.objects.create(partnership=partnership, name="Dementia")
    other = CareGroup.objects.create(partnership=partnership, name="Not key", is_key=False)
    for code, (all_spent, all_planned) in SPEND.items():
        aside = 20 if code == "A" else 0
        spent, planned = all_spent - aside, all_planned - aside
        if code == "A":
            BudgetLineFactory(
                budget=budget,
                title="Set aside",
                category="A",
                setting=Setting.HOSPITAL,
                fund=FundKind.SET_ASIDE,
                arm=Arm.SET_ASIDE,
                function=large_hospital,
                is_institutional=True,
                amount=20 * MILLION,
                original=20 * MILLION,
                actual=20 * MILLION,
            )
        line = BudgetLineFactory(
            budget=budget,
            category=code,
            is_institutional=code in {"A", "C"},
            amount=planned * MILLION,
            original=planned * MILLION,
            actual=spent * MILLION,
        )
        if code == "D":
            line.care_groups.add(other)
    part = BudgetLineFactory(budget=budget, category="B", amount=0, original=0, actual=Decimal("18500000"))
    part.care_groups.add(dementia)
    budget.lines.filter(category="B", actual=78 * MILLION).update(actual=Decimal("59500000"))
    return budget


def test_the_vector_of_the_categories(partnership, worked):
    this = category_table(partnership, 2025).this
    assert [row.share for row in this.rows] == [Decimal(n) for n in ("23.0", "39.0", "16.0", "1.5", "22.0")]
    total = this.total
    assert (total.spent, total.share, total.planned) == (203 * MILLION, Decimal("101.5"), 200 * MILLION)
    assert total.variance == -3 * MILLION
    assert (total.set_aside, total.paid_for) == (20 * MILLION, 183 * MILLION)
    assert "£200,000,000: everything paid to the authority or set aside for it" in this.denominator_words
    (group,) = this.care_groups
    assert (group.name, group.spent, group.share) == ("Dementia", 18_500_000, Decimal("9.25"))


def test_the_years_before_are_told_or_say_why_not(partnership, worked, council, board):
    agreed(partnership, 2024)
    BudgetFactory(partnership=partnership, year=2023)
    empty = agreed(partnership, 2022)
    BudgetLineFactory(budget=empty)
    table = category_table(partnership, 2025)
    assert [year.label for year in table.years] == [
        "2025/26", "2024/25", "2023/24", "2022/23", "2021/22", "2020/21",
    ]  # fmt: skip
    assert [year.missing for year in table.years] == [
        "",
        "No spend is recorded for 2024/25.",
        "The 2023/24 budget is not agreed: nothing is accounted for yet.",
        "No spend is recorded for 2022/23.",
        "No budget is recorded for 2021/22.",
        "No budget is recorded for 2020/21.",
    ]


def test_a_line_without_spend_is_said(partnership, worked):
    BudgetLineFactory(budget=worked, amount=1, original=1)
    assert category_table(partnership, 2025).this.note == "Spend is recorded for 7 of 8 lines."


def test_the_vector_of_the_localities(partnership, council, board, north, south):
    budget = agreed(partnership, 2025)
    pay(budget, council, board)
    line = BudgetLineFactory(budget=budget, amount=100, original=100, actual=133 * MILLION)
    LocalityShareFactory(line=line, locality=north, amount=Decimal(100) * 61 / 133)
    LocalityShareFactory(line=line, locality=south, amount=Decimal(100) * 72 / 133)
    line.locality_shares.filter(locality=south).update(
        amount=100 - line.locality_shares.get(locality=north).amount
    )
    BudgetLineFactory(budget=budget, amount=100, original=100, actual=70 * MILLION)
    rows = category_table(partnership, 2025).this.localities
    assert [row.name for row in rows] == ["North", "South", "Area-wide, not attributable to a locality"]
    # The shares of the budget are whole pence, so the spend of a locality is near the vector's and the sum is exact.
    assert [round(row.share, 1) for row in rows] == [Decimal("30.5"), Decimal("36.0"), Decimal("35.0")]
    assert sum(row.spent for row in rows) == 203 * MILLION


def test_closed_books_tell_the_localities_too(partnership, worked, two_people):
    halved = line_part(
        localities=(SharePart(locality="North", amount=Decimal(55)),), locality_method=LocalityMethod.NRAC
    )
    close(worked, two_people, lines=[halved])
    this = category_table(partnership, 2025).this
    assert [(row.name[:5], row.spent) for row in this.localities] == [("North", 65), ("Area-", 65)]
    assert this.locality_words == LocalityMethod.NRAC.label


def test_shares_of_groups_and_localities_stand_beside_those_of_the_years_before(
    partnership, worked, council, board, north
):
    """Source: SSI 2014/326 regs 4(3) and 6(3)."""
    before = agreed(partnership, 2024)
    pay(before, council, board)
    line = BudgetLineFactory(
        budget=before,
        amount=100,
        original=100,
        actual=50 * MILLION,
        locality_method=LocalityMethod.AGREED,
        locality_note="2019",
    )
    LocalityShareFactory(line=line, locality=north, amount=Decimal(40))
    line.care_groups.add(CareGroup.objects.create(partnership=partnership, name="Carers"))
    table = category_table(partnership, 2025)
    assert [(row.name, row.shares[:3]) for row in table.care_group_shares] == [
        ("Carers", (None, 25, None)),
        ("Dementia", (Decimal("9.25"), None, None)),
    ]
    assert [(row.name[:5], row.shares[:3]) for row in table.locality_shares] == [
        ("North", (None, 10, None)),
        ("Area-", (Decimal("101.5"), 15, None)),
    ]
    assert table.years[1].locality_words == "Agreed percentage (2019)"
    book = openpyxl.load_workbook(io.BytesIO(categories_xlsx(table)))
    rows = [[cell.value for cell in row] for row in book["Localities"].iter_rows()]
    assert ["2024/25", "North", 20 * MILLION, 10] in rows


def test_a_table_of_the_first_format_is_still_read(partnership, worked):
    content = category_table(partnership, 2025).to_json() | {"format": 1}
    for year in content["years"]:
        del year["localities"], year["spent_to"], year["locality_words"]
    table = CategoryTable.from_json(content)
    assert table.this.localities == ()
    assert table.to_json() == content


def close(budget, people, *, period=12, lines=(), opening=200, amount=201):
    books = books_with(
        partnership=budget.partnership.name,
        slug=budget.partnership.slug,
        year=budget.year,
        year_label=budget.year_label,
        period=period,
        ends_on=date(2026, 3, 31) if period == 12 else date(2025, 9, 30),
        lines=tuple(lines) or (line_part(),),
        contributions=(
            contribution_part(opening=Decimal(opening * MILLION), amount=Decimal(amount * MILLION)),
        ),
    )
    month = Period.objects.create(budget=budget, number=period, ends_on=books.ends_on, state="closed")
    return Close.objects.create(
        period=month,
        number=1,
        content=books.to_json(),
        sha256=books.sha256,
        prepared_by=people[0],
        prepared_at=timezone.now(),
        closed_by=people[1],
    )


@pytest.fixture
def two_people(finance_officer, chief_finance_officer):
    return finance_officer, chief_finance_officer


def test_closed_books_come_first_and_their_denominator_has_what_was_added(partnership, worked, two_people):
    close(worked, two_people)
    this = category_table(partnership, 2025).this
    assert (this.total.spent, this.total.planned, this.total.variance) == (130, 100, -30)
    assert this.denominator == 201 * MILLION
    assert "of which £1,000,000 was added during the year" in this.denominator_words
    assert [(row.line, row.words) for row in this.reasons] == [("Ward beds", "Demand. A hard winter")]
    assert this.note == ""
    assert this.source.startswith("Closed books: March 2026")


def test_a_year_under_way_says_to_which_day(partnership, worked, two_people):
    close(worked, two_people, period=6)
    this = category_table(partnership, 2025).this
    assert this.note == "The year is not closed yet: spent to 30 September 2025."
    assert not this.balance.is_spend


def test_a_year_under_way_is_neither_over_nor_under_its_plan(
    partnership, worked, two_people, sign_in, finance_officer
):
    close(worked, two_people, period=6)
    table = category_table(partnership, 2025)
    assert table.this.reasons == ()
    rows = list(csv.DictReader(io.StringIO(categories_csv(table).decode("utf-8-sig"))))
    assert {row["variance"] for row in rows} == {""}
    page = sign_in(finance_officer).get(f"/{partnership.slug}/money/2025/categories/").content.decode()
    assert "Up to 30 September 2025 £130 was spent, of £100 planned for the whole year." in page
    assert "underspen" not in page
    assert "overspent" not in page


def test_the_number_of_queries_does_not_depend_on_the_years(partnership, worked, council, board):
    def count():
        with CaptureQueriesContext(connection) as queries:
            category_table(partnership, 2025)
        return len(queries)

    one = count()
    for year in (2024, 2023, 2022):
        budget = agreed(partnership, year)
        pay(budget, council, board)
        BudgetLineFactory.create_batch(3, budget=budget, original=100, actual=100)
    assert count() == one <= 8


# Files


def test_the_frozen_table_reads_back_and_refuses_what_it_does_not_know(partnership, worked):
    table = category_table(partnership, 2025)
    assert CategoryTable.from_json(table.to_json()).sha256 == table.sha256
    with pytest.raises(UnknownFormat):
        CategoryTable.from_json({"format": 99})


def test_the_files_hold_the_same_figures(partnership, worked):
    table = category_table(partnership, 2025)
    rows = list(csv.DictReader(io.StringIO(categories_csv(table).decode("utf-8-sig"))))
    assert len(rows) == 6 + 5
    assert (rows[5]["spent"], rows[5]["share"], rows[5]["category"]) == ("203000000.00", "101.5000", "")
    assert rows[6]["why_missing"] == "No budget is recorded for 2024/25."
    sheet = openpyxl.load_workbook(io.BytesIO(categories_xlsx(table)))["Categories"]
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {203_000_000, 200_000_000, -3_000_000} <= cells
    sheet = openpyxl.load_workbook(io.BytesIO(categories_xlsx(table)))["Balance of care"]
    assert (58_000_000, 20_000_000) in {(row[3].value, row[4].value) for row in sheet.iter_rows()}


def test_the_pdf_is_made_from_what_was_asked_for(partnership, worked, finance_officer, sign_in):
    client = sign_in(finance_officer)
    url = reverse("budgets:categories_pdf", args=["angus", 2025])
    first = client.post(url)
    document = Document.objects.get(kind=CATEGORY_PDF)
    assert first.url == document.get_absolute_url()
    worked.lines.filter(category="C").update(actual=1)
    book = category_book(document)
    assert "£203,000,000" in book.chapters[0].html
    assert "Balance of care" in book.chapters[0].html
    client.post(url)
    assert Document.objects.filter(kind=CATEGORY_PDF).count() == 2
    client.post(url)
    assert Document.objects.filter(kind=CATEGORY_PDF).count() == 2


def test_nothing_is_made_of_a_year_without_figures(budget, finance_officer, sign_in):
    client = sign_in(finance_officer)
    client.post(reverse("budgets:categories_pdf", args=["angus", 2026]))
    assert not Document.objects.exists()
    page = client.get(reverse("budgets:categories", args=["angus", 2026])).content.decode()
    assert "The 2026/27 budget is not agreed" in page


def test_the_page_says_what_the_shares_are_of(partnership, worked, auditor, sign_in):
    page = sign_in(auditor).get(reverse("budgets:categories", args=["angus", 2025])).content.decode()
    for words in (
        "101.5%",
        "−£3,000,000, an overspend",
        "9.25%",
        "Shares are of £200,000,000",
        "not part of the total",
    ):
        assert words in page


# Balance of care


def test_the_balance_of_care_keeps_the_set_aside_apart(partnership, worked):
    (year,) = accounted_years(partnership)
    assert (year.balance.institutional, year.balance.community, year.balance.set_aside) == (
        58 * MILLION,
        125 * MILLION,
        20 * MILLION,
    )
    assert year.balance.is_spend
    assert round(year.balance.community_share, 1) == Decimal("68.3")
    assert "One year shows no trend" in balance_sentence([year])
    assert "£20,000,000 set aside for large hospitals is not part of this" in balance_sentence([year])


def test_the_sentence_claims_a_trend_only_where_there_is_one(partnership, worked, council, board):
    before = agreed(partnership, 2024)
    BudgetLineFactory(budget=before, is_institutional=True, amount=50, original=50)
    BudgetLineFactory(budget=before, amount=50, original=50)
    sentence = balance_sentence(accounted_years(partnership))
    assert (
        "In 2025/26 68.3% of the money spent was for care in the community, up from 50% in 2024/25."
        in sentence
    )
    before.lines.filter(is_institutional=True).update(amount=Decimal("23.2"), original=Decimal("23.2"))
    assert "about the same as in 2024/25" in balance_sentence(accounted_years(partnership))


# The public page


def say(line, membership, *, word=Word.CONFIRMED, amount=None, stood=None):
    Confirmation.objects.create(
        budget=line.budget,
        line=line,
        body=membership.body,
        word=word,
        stood=line.amount if stood is None else stood,
        amount=line.amount if amount is None else amount,
        reason="" if word == Word.CONFIRMED else "It is less",
        by=membership.user,
        membership=membership,
    )


@pytest.fixture
def speaker(partner_officer, board):
    membership = partner_officer.memberships.get()
    membership.body = board
    membership.save()
    return membership


@pytest.fixture
def told(partnership, speaker):
    """An agreed year of two lines that the health board has confirmed."""
    budget = agreed(partnership, 2026)
    for category, amount in ((SpendCategory.OTHER_HEALTH, 300), (SpendCategory.CARE_HOME, 100)):
        say(BudgetLineFactory(budget=budget, category=category, amount=amount, original=amount), speaker)
    return budget


def test_the_public_reads_pounds_out_of_every_hundred(partnership, told):
    money = public_money(partnership)
    assert {row.label: row.per_hundred for row in money.rows}["Care homes"] == 25
    assert sum(row.per_hundred for row in money.rows) == 100
    assert "£75 is for other health care" in money.sentence
    page = Client().get(reverse("public_money:page", args=["angus"]))
    assert page.status_code == 200
    text = page.content.decode()
    assert "Without the money that is set aside, it is £400" in text
    assert "health board keeps it" in text
    assert "The figures of the year before are not published here." in text


def test_last_year_stands_beside_only_if_it_may_be_told(partnership, told, speaker):
    before = agreed(partnership, 2025)
    line = BudgetLineFactory(budget=before, category="C", amount=10, original=10)
    assert public_money(partnership).last_label == ""
    say(line, speaker)
    money = public_money(partnership)
    assert money.last_label == "2025/26"
    assert {row.label: row.last_year for row in money.rows}["Care homes"] == 100


@pytest.mark.parametrize("state", ["draft", "unconfirmed", "disputed", "other amount"])
def test_the_public_never_reads_money_that_does_not_stand(partnership, told, speaker, state):
    line = told.lines.first()
    if state == "draft":
        told.state, told.agreed_at = BudgetState.DRAFT, None
        told.save()
    elif state == "unconfirmed":
        BudgetLineFactory(budget=told, amount=5, original=5)
    elif state == "disputed":
        say(line, speaker, word=Word.DISPUTED, amount=1)
    else:
        told.lines.filter(pk=line.pk).update(amount=7, original=7)
    told.refresh_from_db()
    assert not may_be_told(told)
    assert public_money(partnership) is None
    assert (
        "£"
        not in Client().get(reverse("public_money:page", args=["angus"])).content.decode().split("<main")[1]
    )


def test_who_confirms_a_line_again_later_takes_nothing_back(partnership, told, speaker):
    say(told.lines.first(), speaker, amount=999, stood=999)
    assert may_be_told(told)
    say(told.lines.first(), speaker, word=Word.DISPUTED, amount=1)
    assert not may_be_told(told)


def test_a_budget_that_was_published_before_needs_no_word(partnership, worked):
    assert not may_be_told(worked)
    worked.source = "Published accounts"
    worked.save()
    assert may_be_told(worked)
    money = public_money(partnership)
    assert money.total.set_aside == 20 * MILLION
    assert (money.spent.paid, money.spent.set_aside, money.spent.is_closed) == (
        183 * MILLION,
        20 * MILLION,
        False,
    )


def test_spend_is_told_from_closed_books_only(partnership, told, two_people):
    told.lines.update(actual=12_345)
    page = Client().get(reverse("public_money:page", args=["angus"])).content.decode()
    assert "12,345" not in page
    close(told, two_people, period=6)
    page = Client().get(reverse("public_money:page", args=["angus"])).content.decode()
    assert "Up to 30 September 2025 £130 was spent" in page


def test_the_public_has_files_of_exactly_what_the_page_says(partnership, told, speaker, sign_in, client):
    figure = BudgetLineFactory(budget=told, category="C", amount=50, original=50)
    assert client.get(reverse("public_money:xlsx", args=["angus"])).status_code == 404
    sign_in(speaker.user).post(
        reverse("budgets:confirm", args=["angus", 2026]), {"figure": f"line-{figure.pk}:50.00"}
    )
    document = Document.objects.get(kind=PUBLIC_PDF)
    assert may_download_told(AnonymousUser(), document)
    assert "£450" in told_book(document).chapters[0].html
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("public_money:xlsx", args=["angus"])).content)
    )
    assert [cell.value for cell in list(book.worksheets[0].rows)[-1]][:4] == ["Everything", 450, 0, 450]
    say(figure, speaker, word=Word.DISPUTED, amount=1)
    assert not may_download_told(AnonymousUser(), document)
