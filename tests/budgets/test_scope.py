"""What a line says of its scope: provider, host, care groups, and how it is split by locality."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from budgets import services
from budgets.enums import Arm, FundKind, LocalityMethod, ProviderSector, Setting, SpendCategory, Subjective
from budgets.models import BudgetLine, CareGroup
from budgets.refusals import (
    CareGroupIsUsed,
    CareGroupTaken,
    LineCodeTaken,
    MoneyRefused,
    OutsideThePartnership,
)
from budgets.rules import parts_of
from foundation.audit.models import Entry

from .factories import BudgetLineFactory


@pytest.fixture
def finance(finance_officer, sign_in):
    return sign_in(finance_officer)


@pytest.fixture
def dementia(partnership) -> CareGroup:
    return CareGroup.objects.create(partnership=partnership, name="People with dementia")


def said(board, **more):
    return {
        "title": "Prescribing",
        "delivered_by": board,
        "category": SpendCategory.OTHER_HEALTH,
        "setting": Setting.COMMUNITY,
        "amount": Decimal("500.00"),
        **more,
    }


# Who gives the service


def test_an_independent_provider_gives_the_service_for_the_body(budget, council, finance_officer):
    line = services.add_line(
        budget=budget,
        by=finance_officer,
        **said(council, provider_sector=ProviderSector.INDEPENDENT, provider=" Glen Care Ltd "),
    )
    assert line.given_by == f"Glen Care Ltd (independent sector), for {council}"
    assert line.arm == Arm.COUNCIL


@pytest.mark.parametrize(
    ("sector", "provider", "words"),
    [
        (ProviderSector.THIRD, " ", "Enter the name of the organisation"),
        (ProviderSector.BODY, "Glen Care Ltd", "gives the service itself"),
    ],
)
def test_a_provider_has_a_name_and_a_sector(budget, board, finance_officer, sector, provider, words):
    with pytest.raises(MoneyRefused, match=words) as refused:
        services.add_line(
            budget=budget, by=finance_officer, **said(board, provider_sector=sector, provider=provider)
        )
    assert set(refused.value.message_dict) == {"provider"}
    with pytest.raises(IntegrityError, match="budget_line_provider_of_a_sector"), transaction.atomic():
        BudgetLineFactory(budget=budget, provider_sector=sector, provider=provider.strip())


# Hosted services


def test_a_hosted_line_names_host_and_share(budget, board, other_partnership, finance_officer):
    line = services.add_line(
        budget=budget,
        by=finance_officer,
        **said(board, arm=Arm.HOSTED, hosted_by=other_partnership, hosted_share=Decimal("12.50")),
    )
    assert (line.arm, line.hosted_by, line.hosted_share) == (Arm.HOSTED, other_partnership, Decimal("12.50"))


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"arm": Arm.HOSTED}, "hosted_by", "Choose the partnership that hosts"),
        ({"arm": Arm.HOSTED, "hosted_by": ..., "hosted_share": Decimal(0)}, "hosted_share", "above 0"),
        ({"arm": Arm.HOSTED, "hosted_by": ..., "hosted_share": Decimal(101)}, "hosted_share", "up to 100"),
        ({"hosted_by": ...}, "hosted_by", "Only a hosted line"),
        ({"arm": Arm.SET_ASIDE}, "arm", "a side of its own"),
        ({"arm": Arm.HOSTED, "fund": FundKind.SET_ASIDE}, "arm", "cannot be hosted"),
        ({"arm": Arm.COUNCIL, "fund": FundKind.SET_ASIDE}, "arm", "a side of its own"),
    ],
)
def test_arm_host_and_fund_fit_together(
    budget, board, other_partnership, finance_officer, fields, field, words
):
    fields = {name: other_partnership if value is ... else value for name, value in fields.items()}
    with pytest.raises(MoneyRefused, match=words) as refused:
        services.add_line(budget=budget, by=finance_officer, **said(board, **fields))
    assert set(refused.value.message_dict) == {field}
    assert not budget.lines.exists()


def test_two_lines_have_not_the_same_code(budget, board, finance_officer):
    BudgetLineFactory(budget=budget, code="L1")
    with pytest.raises(LineCodeTaken, match="L1"):
        services.add_line(budget=budget, by=finance_officer, **said(board, code="L1"))


# Care groups


def test_a_line_is_for_care_groups_and_the_trail_says_which(budget, board, dementia, finance_officer):
    line = services.add_line(budget=budget, by=finance_officer, **said(board, care_groups=[dementia]))
    assert list(line.care_groups.all()) == [dementia]
    assert Entry.objects.get(action="budgets.line_added").after["care_groups"] == ["People with dementia"]
    services.change_line(line=line, revision=1, by=finance_officer, **said(board, care_groups=[]))
    assert not line.care_groups.exists()
    changed = Entry.objects.get(action="budgets.line_changed")
    assert (changed.before["care_groups"], changed.after["care_groups"]) == (["People with dementia"], [])


def test_a_care_group_of_another_partnership_is_refused(budget, board, other_partnership, finance_officer):
    foreign = CareGroup.objects.create(partnership=other_partnership, name="Carers")
    with pytest.raises(OutsideThePartnership, match="Carers"):
        services.add_line(budget=budget, by=finance_officer, **said(board, care_groups=[foreign]))


def test_a_new_year_takes_over_the_whole_scope(
    budget, board, dementia, other_partnership, large_hospital, finance_officer
):
    BudgetLineFactory(budget=budget, title="Plain", position=0)
    line = services.add_line(
        budget=budget,
        by=finance_officer,
        **said(
            board,
            arm=Arm.HOSTED,
            hosted_by=other_partnership,
            hosted_share=Decimal(40),
            function=large_hospital,
            code="H1",
            is_recurring=False,
            is_institutional=True,
            subjective=Subjective.PRESCRIBING,
            provider_sector=ProviderSector.THIRD,
            provider="Glen Trust",
            care_groups=[dementia],
        ),
    )
    year = services.open_budget(
        partnership=budget.partnership, year=2027, by=finance_officer, lines_from=budget
    )
    copy = year.lines.get(title="Prescribing")
    scope = (
        "arm hosted_by hosted_share function code is_recurring is_institutional provider_sector provider fund "
        "subjective"
    )
    for name in scope.split():
        assert getattr(copy, name) == getattr(line, name), name
    assert list(copy.care_groups.all()) == [dementia]
    assert not year.lines.get(title="Plain").care_groups.exists()


def test_care_groups_are_kept_on_their_page(partnership, budget, finance, auditor, sign_in):
    address = reverse("budgets:care_groups", args=[partnership.slug])
    finance.post(address, {"name": "People with dementia", "is_key": "on"})
    group = CareGroup.objects.get()
    response = finance.post(address, {"name": "people with DEMENTIA"})
    assert "There is a care group “people with DEMENTIA” already" in response.content.decode()
    one = reverse("budgets:care_group", args=[partnership.slug, group.pk])
    finance.post(one, {"name": "Dementia"})
    group.refresh_from_db()
    assert (group.name, group.is_key) == ("Dementia", False)
    line = BudgetLineFactory(budget=budget)
    line.care_groups.add(group)
    away = reverse("budgets:remove_care_group", args=[partnership.slug, group.pk])
    assert "1 line is for “Dementia”" in finance.post(away, follow=True).content.decode()
    line.care_groups.clear()
    finance.post(away)
    assert not CareGroup.objects.exists()
    assert sign_in(auditor).post(address, {"name": "No"}).status_code == 403


def test_names_and_use_of_care_groups(partnership, dementia, budget, finance_officer):
    with pytest.raises(CareGroupTaken):
        services.add_care_group(
            partnership=partnership, name="people WITH dementia", is_key=True, by=finance_officer
        )
    BudgetLineFactory(budget=budget).care_groups.add(dementia)
    with pytest.raises(CareGroupIsUsed, match="Take the care group off those lines first"):
        services.remove_care_group(group=dementia, by=finance_officer)


# The form


def answers(board, **changes):
    return {
        "title": "Prescribing",
        "delivered_by": board.pk,
        "fund": "payment",
        "category": "C",
        "setting": "community",
        "amount": "500",
        "is_recurring": "on",
        **changes,
    }


def add(finance, board, **changes):
    finance.post(reverse("budgets:add_line", args=["angus", 2026]), answers(board, **changes))
    return BudgetLine.objects.get()


def test_what_nobody_says_follows_from_the_rest(budget, board, finance):
    line = add(finance, board)
    assert (line.arm, line.is_institutional, line.is_recurring) == (Arm.HEALTH_BOARD, True, True)
    address = reverse("budgets:change_line", args=["angus", 2026, line.pk])
    form = finance.get(address).context["form"]
    assert (form["arm"].value(), form["place"].value()) == ("", "")


def test_what_is_said_otherwise_is_kept_and_shown_again(budget, board, dementia, other_partnership, finance):
    other_partnership.health_board = board
    other_partnership.save()
    line = add(
        finance,
        board,
        arm="hosted",
        hosted_by=other_partnership.pk,
        hosted_share="33.3",
        place="community",
        provider_sector="third",
        provider="Glen Trust",
        care_groups=[dementia.pk],
        code="X9",
    )
    assert (line.arm, line.hosted_share, line.is_institutional) == (Arm.HOSTED, Decimal("33.30"), False)
    address = reverse("budgets:change_line", args=["angus", 2026, line.pk])
    form = finance.get(address).context["form"]
    assert (form["arm"].value(), form["place"].value(), form["provider_sector"].value()) == (
        "hosted",
        "community",
        "third",
    )
    page = finance.get(line.get_absolute_url()).content.decode()
    for words in ("Glen Trust (third sector)", "33.30% is this partnership’s", "People with dementia", "X9"):
        assert words in page


# Parts in per cent


@pytest.mark.parametrize(
    ("amount", "percents", "parts"),
    [
        ("100.00", ["33.33", "33.33", "33.34"], ["33.33", "33.33", "33.34"]),
        ("0.01", ["50", "50"], ["0.01", "0.00"]),
        ("1000.00", ["30.5", "36"], ["305.00", "360.00"]),
        ("10.00", ["33.33", "33.33", "33.33"], ["3.34", "3.33", "3.33"]),
        ("0.00", ["100"], ["0.00"]),
        ("61204000.37", ["12.5", "87.5"], ["7650500.05", "53553500.32"]),
    ],
)
def test_percentages_become_pounds_that_add_up(amount, percents, parts):
    assert parts_of(Decimal(amount), [Decimal(p) for p in percents]) == [Decimal(p) for p in parts]


@pytest.mark.parametrize("amount", [Decimal(f"{pence / 100:.2f}") for pence in range(40)])
def test_a_hundred_per_cent_is_always_the_whole(amount):
    for percents in (["33.33", "33.33", "33.34"], ["14.28"] * 6 + ["14.32"], ["0.01", "99.99"]):
        parts = parts_of(amount, [Decimal(p) for p in percents])
        assert sum(parts) == amount
        assert min(parts) >= 0


def test_a_split_in_per_cent_is_saved_in_pounds_with_its_method(line, north, south, finance):
    address = reverse("budgets:split_line", args=["angus", 2026, line.pk])
    data = {
        f"share-{north.pk}": "30.5",
        f"share-{south.pk}": "36",
        "unit": "percent",
        "method": "nrac",
        "note": "Mid-2024 weights",
        "revision": 1,
    }
    response = finance.post(address, {**data, f"share-{south.pk}": "69.51"})
    page = response.content.decode()
    assert "together get 100.01 per cent, which is more than the whole line" in page
    assert 'value="69.51"' in page
    finance.post(address, data)
    line.refresh_from_db()
    assert line.locality_method == LocalityMethod.NRAC
    assert list(line.locality_shares.values_list("amount", flat=True).order_by("amount")) == [
        Decimal("305.00"),
        Decimal("360.00"),
    ]
    page = finance.get(line.get_absolute_url()).content.decode()
    for words in ("Area-wide", "33.5%", "£335", "weighted by the national formula (NRAC) (Mid-2024 weights)"):
        assert words in page


def test_a_split_without_a_method_of_the_list_is_refused(line, north, finance):
    address = reverse("budgets:split_line", args=["angus", 2026, line.pk])
    response = finance.post(address, {f"share-{north.pk}": "30", "unit": "pounds", "revision": 1})
    assert "Choose how the split was worked out" in response.content.decode()
    assert not line.locality_shares.exists()


def test_a_line_says_its_type_of_spend(budget, board, finance):
    line = add(finance, board)
    address = reverse("budgets:change_line", args=["angus", 2026, line.pk])
    assert line.subjective == ""
    assert "not told apart" in finance.get(line.get_absolute_url()).content.decode()
    finance.post(address, answers(board, subjective="prescribing", revision="1"))
    line.refresh_from_db()
    assert (line.subjective, line.revision) == (Subjective.PRESCRIBING, 2)
    assert finance.get(address).context["form"]["subjective"].value() == "prescribing"
    assert "Type of spend" in finance.get(line.get_absolute_url()).content.decode()
    shown = Entry.objects.get(action="budgets.line_changed")
    assert (shown.before["subjective"], shown.after["subjective"]) == ("", "prescribing")


def test_no_other_type_of_spend_is_taken(budget, board, finance):
    response = finance.post(
        reverse("budgets:add_line", args=["angus", 2026]), answers(board, subjective="gold")
    )
    assert "subjective" in response.context["form"].errors
    assert not BudgetLine.objects.exists()
