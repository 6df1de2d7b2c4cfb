from datetime import UTC, date, datetime

import pytest

from foundation.audit import selectors
from foundation.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_entries() -> list[Entry]:
    rows = [
        ("angus", 1, "Olive Officer", "budgets.line_changed", datetime(2027, 3, 31, 22, 59, tzinfo=UTC)),
        ("angus", 2, "Fay Finance", "budgets.year_closed", datetime(2027, 3, 31, 23, 1, tzinfo=UTC)),
        ("moray", 1, "Olive Officer-Smith", "budgetsetting.begun", datetime(2027, 4, 2, 9, 0, tzinfo=UTC)),
    ]
    return [
        Entry.objects.create(
            tenant=tenant,
            actor_id=actor,
            actor_name=name,
            action=action,
            at=at,
            subject_type="budgets.Line",
            subject_id=str(actor),
            subject_label=f"Line {actor}",
        )
        for tenant, actor, name, action, at in rows
    ]


def found(**filters) -> list[str]:
    return [entry.actor_name for entry in selectors.entries(**filters)]


def test_the_latest_comes_first(three_entries):
    assert found() == ["Olive Officer-Smith", "Fay Finance", "Olive Officer"]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"tenant": "angus"}, ["Fay Finance", "Olive Officer"]),
        ({"tenant": ""}, []),
        ({"actor_id": 2}, ["Fay Finance"]),
        ({"action": "budgets"}, ["Fay Finance", "Olive Officer"]),
        ({"action": "budgets.year_closed"}, ["Fay Finance"]),
        ({"subject_type": "budgets.Line", "subject_id": "2"}, ["Fay Finance"]),
        ({"words": "olive"}, ["Olive Officer-Smith", "Olive Officer"]),
        ({"words": "line 2"}, ["Fay Finance"]),
    ],
)
def test_filters(three_entries, filters, names):
    assert found(**filters) == names


def test_days_are_days_in_scotland(three_entries):
    """One minute past midnight on 1 April in Edinburgh is still March by Greenwich time."""
    assert found(since=date(2027, 4, 1), until=date(2027, 4, 1)) == ["Fay Finance"]
    assert found(until=date(2027, 3, 31)) == ["Olive Officer"]


def test_choices_of_the_filters(three_entries):
    assert selectors.actors() == [(2, "Fay Finance"), (1, "Olive Officer-Smith")]
    assert selectors.actors(tenant="angus") == [(2, "Fay Finance"), (1, "Olive Officer")]
    assert selectors.actions(tenant="angus") == ["budgets.line_changed", "budgets.year_closed"]
