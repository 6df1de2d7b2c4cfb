"""What each body offers, version by version, and what finance finds in it."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse

from budgets import services
from budgets.enums import Finding, FundKind, OfferStatus
from budgets.models import Contribution, DiligenceNote, MoneyPolicy, Offer
from budgets.refusals import (
    AgainstTheAct,
    BudgetIsAgreed,
    ChangedMeanwhile,
    MoneyRefused,
    NotAnAmount,
    OfferRefused,
)
from budgets.rules import late_words, offers_close_on
from budgets.selectors import due_diligence, offers_of
from foundation.audit.models import Entry

from .factories import BudgetFactory, BudgetLineFactory, ContributionFactory

PAYMENT = FundKind.PAYMENT


@pytest.fixture(autouse=True)
def in_june(monkeypatch):
    """Offers come in spring; the tests stand after them."""
    monkeypatch.setattr(
        "budgets.services.offers.timezone", SimpleNamespace(localdate=lambda: date(2026, 6, 1))
    )


def terms(**changes):
    return services.OfferTerms(
        **{
            "status": OfferStatus.FIRM,
            "received_on": date(2026, 3, 1),
            "base": Decimal("1000.00"),
            "uplift": Decimal("30.00"),
            "pressures": Decimal("20.50"),
            "savings_asked": Decimal("10.00"),
            **changes,
        }
    )


def offer(budget, body, by, read_version=0, kind=PAYMENT, **changes):
    return services.record_offer(
        budget=budget, body=body, kind=kind, terms=terms(**changes), read_version=read_version, by=by
    )


def standing_of(budget, body, kind=PAYMENT):
    return next(row for row in offers_of(budget) if (row.body, row.kind) == (body, kind))


def test_an_offer_is_base_uplift_pressures_less_savings_and_what_is_passed_through(
    budget, board, finance_officer
):
    funding = [
        services.PassedThrough("Living wage", Decimal("100.25"), "Adult social care alone"),
        services.PassedThrough("Winter", Decimal("5.00"), is_recurring=False),
    ]
    offer(budget, board, finance_officer, funding=funding)
    current = standing_of(budget, board).current
    assert (current.without_pass_through, current.passed_through, current.total) == (
        Decimal("1040.50"),
        Decimal("105.25"),
        Decimal("1145.75"),
    )
    after = Entry.objects.get(action="budgets.offer_recorded").after
    assert after["total"] == "1145.75"
    assert after["passed through"] == {"Living wage": "100.25", "Winter": "5.00"}


def test_a_new_version_supersedes_and_the_earlier_one_stays(budget, council, finance_officer):
    offer(budget, council, finance_officer, status=OfferStatus.INDICATIVE)
    offer(budget, council, finance_officer, read_version=1, base=Decimal(2000), received_on=date(2026, 3, 9))
    row = standing_of(budget, council)
    assert (row.current.version, row.current.base) == (2, Decimal(2000))
    assert [(old.version, old.base, old.is_firm) for old in row.earlier] == [(1, Decimal(1000), False)]


def test_two_people_do_not_record_over_each_other(budget, council, finance_officer):
    offer(budget, council, finance_officer)
    with pytest.raises(ChangedMeanwhile) as meanwhile:
        offer(budget, council, finance_officer)
    assert meanwhile.value.current.version == 1
    assert Offer.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal", "field", "words"),
    [
        ({"base": Decimal(-1)}, NotAnAmount, "base", "cannot be negative"),
        ({"savings_asked": Decimal(-1)}, NotAnAmount, "savings_asked", "cannot be negative"),
        ({"uplift": Decimal("0.001")}, NotAnAmount, "uplift", "pence"),
        ({"savings_asked": Decimal(5000)}, OfferRefused, "savings_asked", "more than everything"),
        ({"received_on": date(2026, 6, 2)}, OfferRefused, "received_on", "today or earlier"),
        ({"funding": [services.PassedThrough("", Decimal(1))]}, OfferRefused, "funding", "has a name"),
    ],
)
def test_offers_that_cannot_be(budget, board, finance_officer, changes, refusal, field, words):
    with pytest.raises(refusal, match=words) as refused:
        offer(budget, board, finance_officer, **changes)
    assert set(refused.value.message_dict) == {field}
    assert not Offer.objects.exists()


def test_an_offer_follows_the_one_before_and_the_act(
    budget, board, council, finance_officer, chief_finance_officer
):
    offer(budget, board, finance_officer)
    with pytest.raises(OfferRefused, match="cannot have come before"):
        offer(budget, board, finance_officer, read_version=1, received_on=date(2026, 2, 1))
    with pytest.raises(AgainstTheAct, match="never sets money aside"):
        offer(budget, council, finance_officer, kind=FundKind.SET_ASIDE)
    ContributionFactory(budget=budget)
    BudgetLineFactory(budget=budget)
    services.agree_budget(budget=budget, by=chief_finance_officer)
    with pytest.raises(BudgetIsAgreed):
        offer(budget, board, finance_officer, read_version=1)


def test_an_uplift_can_be_a_cut(budget, board, finance_officer):
    offer(budget, board, finance_officer, uplift=Decimal(-100))
    assert standing_of(budget, board).current.total == Decimal("910.50")


# In time


@pytest.mark.parametrize(
    ("day", "is_late"), [(date(2026, 3, 11), False), (date(2026, 3, 12), True), (date(2026, 3, 31), True)]
)
def test_a_council_is_late_after_11_march(council, day, is_late):
    assert bool(late_words(2026, council, day, MoneyPolicy())) is is_late


@pytest.mark.parametrize(("day", "is_late"), [(date(2026, 3, 31), False), (date(2026, 4, 1), True)])
def test_any_offer_is_late_after_31_march(board, day, is_late):
    assert bool(late_words(2026, board, day, MoneyPolicy())) is is_late
    assert offers_close_on(2026, board, MoneyPolicy()) == date(2026, 3, 31)


def test_lateness_in_words(council, board):
    assert late_words(2026, council, date(2026, 3, 12), MoneyPolicy()) == (
        "The offer came on 12 March 2026, 1 day after 11 March 2026, by which a council sets its budget and tells the "
        "integration authority its payment."
    )
    assert "2 days after 31 March 2026" in late_words(2026, board, date(2026, 4, 2), MoneyPolicy())


def test_the_policy_says_until_when_an_offer_is_in_time(budget, board, finance_officer, sign_in):
    MoneyPolicy.objects.create(partnership=budget.partnership, board_offers_by="02-28")
    finance = sign_in(finance_officer)
    url = reverse("budgets:offers", args=["angus", 2026])
    assert "It is in time until 28 February 2026." in finance.get(url).content.decode()
    offer(budget, board, finance_officer, received_on=date(2026, 3, 1))
    assert standing_of(budget, board).late == (
        "The offer came on 1 March 2026, 1 day after 28 February 2026, the last day that the board has set."
    )
    assert Finding.LATE in found(budget, board)[0]


# The contribution from the offer


def test_the_newest_offer_is_taken_over_as_the_contribution(budget, board, finance_officer):
    first = offer(budget, board, finance_officer)
    second = offer(budget, board, finance_officer, read_version=1, base=Decimal(2000))
    with pytest.raises(OfferRefused, match="superseded by version 2"):
        services.take_over_offer(offer=first, revision=None, by=finance_officer)
    recorded = services.take_over_offer(offer=second, revision=None, by=finance_officer)
    assert recorded.amount == Decimal("2040.50")
    assert recorded.method == "Version 2 of the offer, received 1 March 2026"
    assert standing_of(budget, board).difference == 0


# Due diligence


def found(budget, body, kind=PAYMENT):
    row = next(row for row in due_diligence(budget) if (row.body, row.kind) == (body, kind))
    return {one.finding: one.words for one in row.findings}, row


def test_an_offer_is_put_beside_last_years_recurring_base_and_outturn(
    budget, board, council, finance_officer
):
    before = BudgetFactory(partnership=budget.partnership, year=2025)
    BudgetLineFactory(budget=before, amount=Decimal(1100), actual=Decimal(1200))
    BudgetLineFactory(budget=before, amount=Decimal(50), actual=Decimal(50), is_recurring=False)
    BudgetLineFactory(budget=before, amount=Decimal(9), actual=None, delivered_by=council)
    offer(budget, board, finance_officer, funding=[services.PassedThrough("Living wage", Decimal(100))])
    words, row = found(budget, board)
    assert (row.last_year.recurring, row.last_year.once_only, row.last_year.outturn) == (1100, 50, 1250)
    assert [(one.offered, one.last_year, one.amount) for one in row.differences] == [
        (Decimal(1000), Decimal(1100), Decimal(-100)),
        (Decimal("1040.50"), Decimal(1100), Decimal("-59.50")),
        (Decimal("1140.50"), Decimal(1250), Decimal("-109.50")),
    ]
    assert row.differences[0].share.quantize(Decimal("0.01")) == Decimal("-9.09")
    assert words == {
        Finding.SAVINGS_ASKED: "NHS Tayside asks the authority to save £10, 1% of the base.",
        Finding.NO_CONDITIONS: "The conditions of this funding are not recorded: Living wage.",
        Finding.BASE_DIFFERS: "The base of £1,000 is £100 (9.1%) below the recurring budget of 2025/26.",
        Finding.BELOW_BASE: "Without what is passed through, the offer of £1,040.50 is £59.50 (5.4%) below the "
        "recurring budget of 2025/26.",
        Finding.BELOW_OUTTURN: "The whole offer of £1,140.50 is £109.50 (8.8%) below what was spent in 2025/26.",
    }
    words, row = found(budget, council)
    assert words == {
        Finding.NO_OFFER: "Angus Council has made no offer for 2026/27 yet.",
        Finding.NO_OUTTURN: "What was spent in 2025/26 is not recorded for every line.",
    }
    assert row.differences == ()


def test_a_late_indicative_offer_without_pressures_and_no_last_year(budget, board, finance_officer):
    offer(
        budget,
        board,
        finance_officer,
        status=OfferStatus.INDICATIVE,
        received_on=date(2026, 4, 2),
        pressures=Decimal(0),
        savings_asked=Decimal(0),
    )
    words, _ = found(budget, board)
    assert set(words) == {Finding.LATE, Finding.INDICATIVE, Finding.NO_PRESSURES, Finding.NO_LAST_YEAR}
    assert "not bound by it" in words[Finding.INDICATIVE]


def test_a_sound_offer_finds_nothing(budget, board, finance_officer):
    before = BudgetFactory(partnership=budget.partnership, year=2025)
    BudgetLineFactory(budget=before, amount=Decimal(1000), actual=Decimal(1000))
    offer(budget, board, finance_officer, savings_asked=Decimal(0))
    assert found(budget, board)[0] == {}


def test_finance_says_something_to_a_finding(budget, board, finance_officer):
    def note(text, revision):
        return services.note_finding(
            budget=budget,
            body=board,
            kind=PAYMENT,
            finding=Finding.NO_OFFER,
            text=text,
            revision=revision,
            by=finance_officer,
        )

    with pytest.raises(MoneyRefused, match="Enter what finance says"):
        note(" ", 0)
    note("Promised for May.", 0)
    with pytest.raises(MoneyRefused, match="Promised for May") as refused:
        note("Never heard of it.", 0)
    assert set(refused.value.message_dict) == {"text"}
    note("It came.", 1)
    assert DiligenceNote.objects.get().text == "It came."


# The pages


@pytest.fixture
def finance(finance_officer, sign_in):
    return sign_in(finance_officer)


def at(name, body=None, *more):
    arguments = [body.code.lower(), "payment", *more] if body else []
    return reverse(f"budgets:{name}", args=["angus", 2026, *arguments])


def answers(**changes):
    return {
        "status": "firm",
        "received_on": "1 March 2026",
        "base": "1,000",
        "uplift": "-5",
        "pressures": "",
        "savings_asked": "",
        "version": "0",
        "funding-TOTAL_FORMS": "3",
        "funding-INITIAL_FORMS": "0",
        "funding-0-title": "Living wage",
        "funding-0-amount": "100",
        "funding-0-conditions": "Adult social care alone",
        **changes,
    }


def test_finance_records_an_offer_and_takes_it_over(budget, board, finance):
    page = finance.post(at("record_offer", board), answers(), follow=True).content.decode()
    for words in ("£1,095", "Conditions: Adult social care alone", "Version 1", "Firm"):
        assert words in page
    finance.post(at("take_over_offer", board))
    assert Contribution.objects.get().amount == Decimal("1095.00")
    assert "the same as the offer" in finance.get(at("offers")).content.decode()


def test_what_was_typed_stays_when_it_is_refused_or_somebody_was_quicker(
    budget, board, finance, finance_officer
):
    page = finance.post(at("record_offer", board), answers(**{"funding-0-amount": ""})).content.decode()
    assert "Enter the amount of this funding" in page
    assert 'value="Adult social care alone"' in page
    offer(budget, board, finance_officer, received_on=date(2026, 2, 1))
    response = finance.post(at("record_offer", board), answers())
    page = response.content.decode()
    assert response.status_code == 409
    assert "£1,040.50" in page
    assert 'value="1,000"' in page
    again = answers(version=response.context["form"]["version"].value())
    finance.post(at("record_offer", board), again)
    assert Offer.objects.count() == 2


def test_a_partner_officer_records_and_sees_their_own_bodys_offer_alone(
    budget, board, council, partner_officer, finance_officer, sign_in
):
    offer(budget, council, finance_officer, note="The council's letter")
    partner = sign_in(partner_officer)
    assert partner.post(at("record_offer", board), answers()).status_code == 302
    refused = partner.post(at("record_offer", council), answers(version="1"))
    assert refused.status_code == 403
    assert "you record the offer of your own body alone" in refused.content.decode()
    page = partner.get(at("offers")).content.decode()
    assert "Payment by NHS Tayside" in page
    assert "letter" not in page
    assert "Angus Council has made" not in partner.get(at("diligence")).content.decode()
    assert partner.post(at("take_over_offer", board)).status_code == 403


def test_the_findings_and_their_notes_on_the_page(budget, board, finance, auditor, sign_in):
    page = finance.get(at("diligence")).content.decode()
    assert "NHS Tayside has made no offer for 2026/27 yet." in page
    finance.post(at("note_finding", board, "no_offer"), {"text": "Promised.", "revision": "0"})
    response = finance.post(at("note_finding", board, "no_offer"), {"text": "Mine.", "revision": "0"})
    page = response.content.decode()
    assert "has written meanwhile: “Promised.”" in page
    assert "Mine." in page
    finance.post(
        at("note_finding", board, "no_offer"),
        {"text": "Mine.", "revision": response.context["form"]["revision"].value()},
    )
    assert "Finance: Mine." in sign_in(auditor).get(at("diligence")).content.decode()
    assert finance.get(at("note_finding", board, "late")).status_code == 404


def test_queries_do_not_grow_with_offers(
    budget, board, council, finance, finance_officer, django_assert_max_num_queries
):
    before = BudgetFactory(partnership=budget.partnership, year=2025)
    for body in (board, council):
        for version in range(3):
            offer(
                budget,
                body,
                finance_officer,
                read_version=version,
                funding=[services.PassedThrough(f"F{n}", Decimal(1)) for n in range(4)],
            )
        BudgetLineFactory(budget=before, delivered_by=body)
    for page in ("offers", "diligence"):
        with django_assert_max_num_queries(15):
            finance.get(at(page))
