import pytest
from django.db import IntegrityError, connection, transaction

from foundation.audit.models import Entry
from localities.models import Locality
from strategic_plans import services
from strategic_plans.models import SectionRevision
from strategic_plans.services.texts import NoSuchRevision

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(plan):
    return plan.sections.get(key="needs")


def save(section, body, revision, by, reason=""):
    return services.save_section(section=section, body=body, expected_revision=revision, by=by, reason=reason)


def test_a_saved_text_is_clean_counted_and_kept_as_a_revision(section, officer):
    saved = save(
        section, '<p onclick="x()">Two words<script>alert(1)</script></p>', 0, officer, "First draft"
    )
    assert saved.body == "<p>Two words</p>"
    assert (saved.word_count, saved.revision, saved.changed_by) == (2, 1, officer)
    revision = saved.revisions.get()
    assert (revision.number, revision.body, revision.saved_by) == (1, "<p>Two words</p>", officer)
    assert revision.reason == "First draft"


def test_a_save_is_recorded(section, officer):
    save(section, "<p>Two words</p>", 0, officer, "First draft")
    entry = Entry.objects.get(action="strategic_plans.section_saved")
    assert entry.changes == [("revision", 0, 1), ("words", 0, 2)]
    assert (entry.tenant, entry.reason) == ("angus", "First draft")


def test_the_same_text_again_changes_nothing_whatever_revision_was_seen(section, officer, chief_officer):
    save(section, "<p>Text</p>", 0, officer)
    again = save(section, "<p>Text</p>", 0, chief_officer)
    assert (again.revision, again.changed_by) == (1, officer)
    assert section.revisions.count() == 1


def test_two_people_saving_lose_nothing(section, officer, chief_officer):
    save(section, "<p>Theirs</p>", 0, chief_officer)
    with pytest.raises(services.TextChanged) as refusal:
        save(section, "<p>Mine</p>", 0, officer)
    conflict = refusal.value
    assert (conflict.mine, conflict.theirs) == ("<p>Mine</p>", "<p>Theirs</p>")
    assert (conflict.revision, conflict.changed_by) == (1, chief_officer)
    section.refresh_from_db()
    assert section.body == "<p>Theirs</p>"

    merged = save(section, "<p>Theirs</p><p>Mine</p>", conflict.revision, officer)
    assert (merged.revision, merged.body) == (2, "<p>Theirs</p><p>Mine</p>")


def test_an_old_state_is_restored_as_a_new_one(section, officer, chief_officer):
    save(section, "<p>First</p>", 0, officer)
    save(section, "<p>Second</p>", 1, chief_officer)
    restored = services.restore_section(section=section, number=1, expected_revision=2, by=officer)
    assert (restored.body, restored.revision) == ("<p>First</p>", 3)
    newest = restored.revisions.first()
    assert (newest.number, newest.restored_from, newest.reason) == (3, 1, "Restored from revision 1")
    assert [revision.number for revision in restored.revisions.all()] == [3, 2, 1]


def test_a_state_that_never_was_is_not_restored(section, officer):
    with pytest.raises(NoSuchRevision):
        services.restore_section(section=section, number=7, expected_revision=0, by=officer)


def test_restoring_over_somebody_elses_text_is_a_conflict(section, officer, chief_officer):
    save(section, "<p>First</p>", 0, officer)
    save(section, "<p>Second</p>", 1, chief_officer)
    with pytest.raises(services.TextChanged):
        services.restore_section(section=section, number=1, expected_revision=1, by=officer)


def test_arrangements_are_saved_restored_and_recorded_in_the_same_way(plan, localities, north_lead):
    north = localities[0]
    for revision, body in enumerate(["<p>One</p>", "<p>Two</p>"]):
        saved = services.save_arrangement(
            plan=plan, locality=north, body=body, expected_revision=revision, by=north_lead
        )
    assert (saved.body, saved.revision) == ("<p>Two</p>", 2)
    with pytest.raises(services.TextChanged):
        services.save_arrangement(
            plan=plan, locality=north, body="<p>Three</p>", expected_revision=1, by=north_lead
        )
    restored = services.restore_arrangement(
        plan=plan, locality=north, number=1, expected_revision=2, by=north_lead
    )
    assert restored.body == "<p>One</p>"
    assert Entry.objects.filter(action="strategic_plans.arrangement_saved").count() == 3


def test_a_locality_that_came_after_the_plan_gets_its_place_with_its_first_text(plan, partnership, officer):
    west = Locality.objects.create(partnership=partnership, name="West Angus", slug="west-angus")
    saved = services.save_arrangement(
        plan=plan, locality=west, body="<p>Text</p>", expected_revision=0, by=officer
    )
    assert saved.revision == 1
    assert plan.arrangements.count() == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE strategic_plans_sectionrevision SET body = 'forged'",
        "DELETE FROM strategic_plans_sectionrevision",
    ],
)
def test_the_database_refuses_to_rewrite_history(section, officer, statement):
    save(section, "<p>Kept</p>", 0, officer)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert SectionRevision.objects.get().body == "<p>Kept</p>"
