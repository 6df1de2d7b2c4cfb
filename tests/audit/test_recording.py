from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import FieldDoesNotExist

from foundation import audit
from foundation.audit.models import Entry
from foundation.audit.services import AnonymousAct
from tests.factories import BodyFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_entry_keeps_plain_values_that_outlive_person_and_subject():
    person, body = UserFactory(name="Olive Officer"), BodyFactory(name="Angus Council")
    number, key = person.pk, str(body.pk)

    audit.record(by=person, action="budgets.line_changed", subject=body, tenant="angus", reason="Corrected")
    person.delete()
    body.delete()

    entry = Entry.objects.get()
    assert (entry.actor_id, entry.actor_name) == (number, "Olive Officer")
    assert (entry.subject_type, entry.subject_id) == ("partnerships.Body", key)
    assert "Angus Council" in entry.subject_label
    assert (entry.tenant, entry.reason) == ("angus", "Corrected")


def test_the_portal_itself_acts_under_its_name():
    entry = audit.record(by=audit.SYSTEM, action="outcomes.values_loaded", subject="Core suite, June 2026")
    assert (entry.actor_id, entry.actor_name) == (None, "The portal")
    assert (entry.subject_type, entry.subject_id, entry.subject_label) == ("", "", "Core suite, June 2026")


@pytest.mark.parametrize("nobody", [None, AnonymousUser(), UserFactory.build(), "officer@example.scot"])
def test_anonymity_is_refused(nobody):
    with pytest.raises(AnonymousAct):
        audit.record(by=nobody, action="budgets.line_changed", subject="Line 3")
    assert not Entry.objects.exists()


@pytest.mark.parametrize("action", ["", "changed", "Budgets.Changed", "budgets line", "budgets."])
def test_an_action_names_its_app_and_its_verb(action):
    with pytest.raises(ValueError, match="An action is written like"):
        audit.record(by=audit.SYSTEM, action=action, subject="Line 3")


def test_values_come_back_as_they_were_put_down():
    before = {
        "amount": Decimal("61204000.50"),
        "on": date(2027, 3, 31),
        "at": datetime(2027, 3, 31, 14, 2, tzinfo=UTC),
        "tags": {"b", "a"},
        "rows": [(1, None), (2, True)],
        "share": float("nan"),
        "text": "a\x00b",
    }
    entry = audit.record(by=audit.SYSTEM, action="budgets.line_changed", subject="Line 3", before=before)
    entry.refresh_from_db()
    assert entry.before == {
        "amount": "61204000.50",
        "on": "2027-03-31",
        "at": "2027-03-31T14:02:00+00:00",
        "tags": ["a", "b"],
        "rows": [[1, None], [2, True]],
        "share": "nan",
        "text": "a\ufffdb",
    }


def test_an_overlong_or_unprintable_label_is_recorded_all_the_same():
    entry = audit.record(by=audit.SYSTEM, action="plans.renamed", subject="x\x00" * 500, reason="\x00")
    entry.refresh_from_db()
    assert len(entry.subject_label) == 300


def test_changes_name_what_differs():
    entry = audit.record(
        by=audit.SYSTEM,
        action="budgets.line_changed",
        subject="Line 3",
        before={"amount": "1.00", "label": "Day care"},
        after={"amount": "2.00", "label": "Day care", "note": "new"},
    )
    assert entry.changes == [("amount", "1.00", "2.00"), ("note", None, "new")]


def test_a_snapshot_holds_the_named_fields_only(partnership):
    assert audit.snapshot(partnership, ["slug", "health_board", "councils"]) == {
        "slug": "angus",
        "health_board": partnership.health_board_id,
        "councils": list(partnership.councils.values_list("pk", flat=True)),
    }
    with pytest.raises(FieldDoesNotExist):
        audit.snapshot(partnership, ["shoe_size"])


def test_recording_takes_one_insert(django_assert_num_queries):
    person = UserFactory()
    with django_assert_num_queries(1):
        audit.record(
            by=person, action="budgets.line_changed", subject=person, before={"a": 1}, after={"a": 2}
        )
