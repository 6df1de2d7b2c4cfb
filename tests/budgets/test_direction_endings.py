"""How a direction ends: revoked by two people, completed, or past the day on which it was expected to end."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from budgets.enums import DirectionState
from budgets.issued import IssuedDirection
from budgets.models import Direction, Revocation
from budgets.refusals import ChangedMeanwhile
from budgets.refusals.directions import IssuedByOnePerson
from budgets.selectors.directions import direction_rows, directions_due
from budgets.services import directions as services
from foundation.frozen import UnknownFormat
from partnerships.permissions import standing_of
from tests.browser.checks import markup_faults
from tests.factories import DelegatedFunctionFactory

from .directing import draft, issued

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def direction(budget, line, partnership, finance_officer, chief_officer):
    nursing = DelegatedFunctionFactory(partnership=partnership, title="District nursing")
    return issued(budget, nursing, finance_officer, chief_officer, {line: Decimal("1000.00")})


def revocation(direction, by, revision=0, **changes):
    fields = {
        "from_day": date(2026, 9, 1),
        "reason": "The ward closed.",
        "minute_reference": "Minute 1",
    } | changes
    return services.prepare_revocation(direction=direction, revision=revision, by=by, **fields)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "why"),
        ({"minute_reference": ""}, "minute"),
        ({"from_day": date(2026, 3, 31)}, "from a later day"),
    ],
)
def test_a_revocation_says_its_day_reason_and_minute(direction, finance_officer, changes, words):
    with pytest.raises(ValidationError, match=words):
        revocation(direction, finance_officer, **changes)


def test_a_direction_is_revoked_by_two_people(direction, finance_officer, chief_officer):
    with pytest.raises(ValidationError, match="Nobody has prepared"):
        services.revoke_direction(direction=direction, revision=0, by=chief_officer)
    revocation(direction, chief_officer)
    assert Direction.objects.in_force(date(2026, 9, 1)).exists()
    with pytest.raises(IssuedByOnePerson, match="You prepared this one"):
        services.revoke_direction(direction=direction, revision=1, by=chief_officer)
    with pytest.raises(ChangedMeanwhile):
        revocation(direction, finance_officer)
    revocation(direction, finance_officer, revision=1)
    revoked = services.revoke_direction(direction=direction, revision=2, by=chief_officer)
    assert not Direction.objects.in_force(date(2026, 9, 1)).exists()
    assert Direction.objects.in_force(date(2026, 8, 31)).exists()
    assert (revoked.end_prepared_by, revoked.ended_by) == (finance_officer, chief_officer)
    assert not Revocation.objects.exists()
    with pytest.raises(IntegrityError, match="by_two_people"), transaction.atomic():
        Direction.objects.filter(pk=revoked.pk).update(end_prepared_by=chief_officer)


def test_a_revocation_that_is_given_back_waits_to_be_put_right(direction, finance_officer, chief_officer):
    revocation(direction, finance_officer)
    with pytest.raises(ValidationError, match="what must be put right"):
        services.return_revocation(direction=direction, reason=" ", revision=1, by=chief_officer)
    services.return_revocation(direction=direction, reason="From October.", revision=1, by=chief_officer)
    with pytest.raises(IssuedByOnePerson, match="was given back"):
        services.revoke_direction(direction=direction, revision=2, by=chief_officer)
    again = revocation(direction, finance_officer, revision=2, from_day=date(2026, 10, 1))
    assert again.is_waiting
    services.revoke_direction(direction=direction, revision=3, by=chief_officer)


def test_what_ends_otherwise_needs_no_revocation(direction, finance_officer):
    revocation(direction, finance_officer)
    services.complete_direction(direction=direction, on=TODAY(), reason="Done.", by=finance_officer)
    assert not Revocation.objects.exists()


def test_a_revocation_goes_from_one_page_to_the_other(
    direction, finance_officer, chief_officer, partner_officer, partnership, sign_in
):
    finance, chief = sign_in(finance_officer), sign_in(chief_officer)
    page, revoke, decide, give_back = (
        reverse(f"budgets:{name}", args=["angus", direction.pk])
        for name in ("direction", "revoke_direction", "decide_revocation", "return_revocation")
    )
    typed = {"from_day": "1/9/2026", "reason": "The ward closed.", "minute_reference": "", "revision": "0"}
    refused = finance.post(revoke, typed).content.decode()
    assert "Enter the minute of the decision" in refused
    assert "The ward closed." in refused
    assert chief.get(decide).status_code == 404
    typed["minute_reference"] = "Minute 1"
    assert finance.post(revoke, typed).status_code == 302
    shown = chief.get(page).content.decode()
    assert "A revocation waits for the chief officer" in shown
    assert "Decide on the revocation" in shown
    assert markup_faults(shown) == []
    assert "revocation" not in sign_in(partner_officer).get(page).content.decode()
    due = next(
        due for due in directions_due(standing_of(chief_officer, partnership)) if "decide" in due.title
    )
    assert (due.mine, due.action) == (True, "Decide")

    conflict = finance.post(revoke, {**typed, "reason": "Another reason."})
    assert conflict.status_code == 409
    assert "The ward closed." in conflict.content.decode()
    assert "Another reason." in conflict.content.decode()
    assert markup_faults(conflict.content.decode()) == []

    assert chief.post(give_back, {"reason": "From October.", "revision": "1"}).status_code == 302
    assert "From October." in finance.get(revoke).content.decode()
    assert chief.get(decide).status_code == 403
    assert finance.post(revoke, {**typed, "from_day": "1/10/2026", "revision": "2"}).status_code == 302
    assert finance.get(decide).status_code == 403
    assert markup_faults(chief.get(decide).content.decode()) == []
    assert chief.post(decide, {"revision": "2"}).status_code == 409
    assert Revocation.objects.exists()
    assert chief.post(decide, {"revision": "3"}).status_code == 302
    direction.refresh_from_db()
    assert (direction.state, direction.ends_on) == (DirectionState.REVOKED, date(2026, 9, 30))


def test_an_expected_end_is_printed_and_flagged_once_it_is_past(
    budget, large_hospital, finance_officer, chief_officer, partnership, sign_in
):
    past = date(2026, 10, 31)
    with pytest.raises(ValidationError, match="before its first day"):
        draft(budget, large_hospital, finance_officer, expected_end_on=date(2026, 3, 1))
    made = issued(budget, large_hospital, finance_officer, chief_officer, expected_end_on=past)
    assert IssuedDirection.from_json(made.content).expected_end_on == past
    letter = render_to_string(
        "budgets/directions/letter.html", {"content": IssuedDirection.from_json(made.content)}
    )
    assert "31 October 2026. It stays in force after that day" in letter
    row = direction_rows(Direction.objects.all())[0]
    assert (row.expected_end_on, row.is_past_its_end) == (past, past < TODAY())
    with pytest.raises(IntegrityError, match="stands still"), transaction.atomic():
        Direction.objects.update(expected_end_on=date(2027, 1, 1))


def test_past_its_expected_end_it_stays_in_force_and_is_due(
    budget, large_hospital, finance_officer, chief_officer, partnership, sign_in
):
    yesterday = TODAY() - timedelta(days=1)
    made = issued(
        budget,
        large_hospital,
        finance_officer,
        chief_officer,
        starts_on=yesterday - timedelta(days=30),
        expected_end_on=yesterday,
    )
    assert list(Direction.objects.in_force(TODAY())) == [made]
    client = sign_in(finance_officer)
    for name, args in (("directions", []), ("direction", [made.pk])):
        assert (
            "Past its expected end"
            in client.get(reverse(f"budgets:{name}", args=["angus", *args])).content.decode()
        )
    titles = [due.title for due in directions_due(standing_of(finance_officer, partnership))]
    assert f"Past its expected end: {made}" in titles
    assert ",yes," in client.get(reverse("budgets:directions_csv", args=["angus"])).content.decode()


def test_a_direction_issued_before_ends_were_expected_is_read_as_it_was(direction):
    content = {key: value for key, value in direction.content.items() if key != "expected_end_on"} | {
        "format": 1
    }
    assert IssuedDirection.from_json(content).expected_end_on is None
    with pytest.raises(UnknownFormat):
        IssuedDirection.from_json({**content, "format": 99})
