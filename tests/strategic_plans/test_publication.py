from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from foundation.audit.models import Entry
from foundation.documents.models import Document
from foundation.frozen import UnknownFormat, digest
from outcomes.models import DataRelease, IndicatorValue
from strategic_plans import services
from strategic_plans.editions import Edition
from strategic_plans.enums import PlanState
from strategic_plans.models import PlanVersion, Snapshot
from strategic_plans.selectors.editions import draft_edition
from tests.portfolio import write_everything

pytestmark = pytest.mark.django_db

APPROVAL = "Board meeting of 12 March 2026, item 7"


def publish(plan, by, **options):
    return services.publish_plan(plan=plan, by=by, approval_reference=APPROVAL, **options)


def test_publishing_freezes_a_numbered_version_with_its_hash(ready_plan, chief_officer):
    version = publish(ready_plan, chief_officer, label="Final")
    assert (version.number, version.label, version.approval_reference) == (1, "Final", APPROVAL)
    assert (version.published_by, ready_plan.state) == (chief_officer, PlanState.PUBLISHED)
    assert version.sha256 == version.snapshot.sha256 == digest(version.snapshot.content)
    edition = version.snapshot.edition
    assert edition.publication.approval_reference == APPROVAL
    assert edition.publication.published_on == timezone.localdate()


def test_publishing_is_recorded_with_the_hash(ready_plan, chief_officer):
    version = publish(ready_plan, chief_officer)
    entry = Entry.objects.get(action="strategic_plans.plan_published")
    assert entry.actor_id == chief_officer.pk
    assert entry.after["sha256"] == version.sha256
    assert entry.after["approval_reference"] == APPROVAL


def test_publishing_is_refused_with_all_reasons_and_nothing_is_kept(plan, chief_officer):
    with pytest.raises(services.PlanNotReady) as refusal:
        publish(plan, chief_officer)
    assert {check.rule for check in refusal.value.missing} == {
        "R-PLAN-01",
        "R-PLAN-02",
        "R-PLAN-04",
        "R-PLAN-05",
        "R-PLAN-07",
    }
    assert "s.29(3)(b)" in str(refusal.value)
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT
    assert not PlanVersion.objects.exists()
    assert not Entry.objects.filter(action="strategic_plans.plan_published").exists()


def test_a_plan_is_published_once(ready_plan, chief_officer):
    publish(ready_plan, chief_officer)
    with pytest.raises(services.PlanFrozen):
        publish(ready_plan, chief_officer)


def test_what_changed_after_it_was_read_is_not_published(ready_plan, officer, chief_officer):
    seen = draft_edition(ready_plan).sha256
    section = ready_plan.sections.get(key="neighbours")
    services.save_section(section=section, body="<p>Another word.</p>", expected_revision=1, by=officer)
    with pytest.raises(services.PlanChangedSinceReview):
        publish(ready_plan, chief_officer, reviewed_sha256=seen)
    publish(ready_plan, chief_officer, reviewed_sha256=draft_edition(ready_plan).sha256)


def test_a_figure_that_changed_after_it_was_read_is_noticed_too(ready_plan, budget, chief_officer):
    seen = draft_edition(ready_plan).sha256
    budget.lines.update(amount=Decimal(1))
    with pytest.raises(services.PlanChangedSinceReview):
        publish(ready_plan, chief_officer, reviewed_sha256=seen)


def test_the_plan_before_is_superseded(ready_plan, chief_officer, indicator, line):
    partnership, officer = ready_plan.partnership, ready_plan.started_by

    publish(ready_plan, chief_officer)
    successor = services.start_plan(
        partnership=partnership,
        title="The next plan",
        period_start=date(2029, 4, 1),
        period_end=date(2032, 3, 31),
        by=officer,
    )
    write_everything(successor, officer, indicator, line)
    publish(successor, chief_officer)
    ready_plan.refresh_from_db()
    assert (ready_plan.state, successor.state) == (PlanState.SUPERSEDED, PlanState.PUBLISHED)
    assert ready_plan.superseded_by == successor


def test_of_two_drafts_either_may_become_the_successor(ready_plan, chief_officer, indicator, line):
    publish(ready_plan, chief_officer)
    period = {"period_start": date(2029, 4, 1), "period_end": date(2032, 3, 31)}
    partnership, officer = ready_plan.partnership, ready_plan.started_by
    first, second = (
        services.start_plan(partnership=partnership, title=title, by=officer, **period)
        for title in ("First draft", "Second draft")
    )
    assert (first.supersedes, second.supersedes) == (ready_plan, None)
    write_everything(second, officer, indicator, line)
    publish(second, chief_officer)
    for plan in (first, ready_plan):
        plan.refresh_from_db()
    assert (second.supersedes, first.supersedes) == (ready_plan, None)
    write_everything(first, officer, indicator, line)
    publish(first, chief_officer)
    second.refresh_from_db()
    assert (first.supersedes, second.state) == (second, PlanState.SUPERSEDED)


def test_figures_stand_still_after_publication(ready_plan, partnership, chief_officer, indicator, budget):
    version = publish(ready_plan, chief_officer)
    budget.lines.update(amount=Decimal(1))
    release = DataRelease.objects.create(name="Revised release", attribution="Public Health Scotland")
    IndicatorValue.objects.create(
        indicator=indicator,
        partnership=partnership,
        period="2025/26",
        period_starts_on=date(2025, 4, 1),
        value=Decimal("44.4"),
        release=release,
    )
    edition = PlanVersion.objects.get(pk=version.pk).snapshot.edition
    assert edition.priorities[0].amount == Decimal("12000000.00")
    assert [point.period for point in edition.indicators[0].points] == ["2023/24", "2024/25"]
    assert draft_edition(ready_plan).priorities[0].amount == Decimal("0.40")


def test_a_version_holds_everything_that_its_readers_see(ready_plan, chief_officer):
    edition = publish(ready_plan, chief_officer).snapshot.edition
    assert [section.key for section in edition.sections] == [
        "listen",
        "priorities",
        "arrangements",
        "localities",
        "neighbours",
        "finance",
        "measure",
        "annex",
    ]
    paragraphs = edition.sections[1].paragraphs
    assert [(block.number, block.anchor) for block in paragraphs] == [
        ("", "paragraph-2-heading-1"),
        ("2.1", "paragraph-2-1"),
    ]
    priority = edition.priorities[0]
    assert len(priority.outcomes) == 9
    assert (priority.funding[0].line, priority.funding[0].share) == ("Care at home", Decimal("40.00"))
    north, south = edition.localities
    assert (north.name, north.population) == ("North Angus", 52_000)
    assert "glens" in north.paragraphs[0].html
    assert south.paragraphs[0].number == "4B.1"
    figures = edition.indicators[0]
    assert figures.points[1].value == Decimal("98.7000")
    assert figures.points[1].is_provisional
    assert figures.scotland[0].value == Decimal("104.1000")
    assert "98.7" in figures.sentence
    assert edition.sources[0].attribution == "Public Health Scotland, OGL v3.0"
    budget = edition.budgets[0]
    assert (budget.payments, budget.set_aside) == (Decimal(159_204_000), Decimal(12_000_000))
    heard = edition.engagement.activities[0]
    assert heard.heard == "People want one number to ring at night."
    assert heard.promises[0].due_on == date(2027, 1, 31)
    assert edition.engagement.attendance == 23


def test_content_survives_the_way_through_the_database(ready_plan, chief_officer):
    edition = draft_edition(ready_plan)
    snapshot = services.take_snapshot(plan=ready_plan, by=chief_officer)
    stored = Snapshot.objects.get(pk=snapshot.pk)
    assert stored.edition == edition
    assert stored.is_intact
    assert stored.edition.sha256 == edition.sha256


def test_equal_content_has_one_hash_and_is_kept_once(ready_plan, chief_officer):
    first = services.take_snapshot(plan=ready_plan, by=chief_officer)
    second = services.take_snapshot(plan=ready_plan, by=chief_officer)
    assert first == second
    edition = first.edition
    shuffled = dict(reversed(edition.to_json().items()))
    assert digest(shuffled) == edition.sha256
    assert replace(edition, title="Other").sha256 != edition.sha256


def test_content_of_an_unknown_format_is_not_guessed_at():
    with pytest.raises(UnknownFormat):
        Edition.from_json({"format": 99})


@pytest.mark.parametrize("table", ["planversion", "snapshot"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET sha256 = 'forged'", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_the_database_refuses_to_change_what_was_published(ready_plan, chief_officer, table, statement):
    version = publish(ready_plan, chief_officer)
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement.format(f"strategic_plans_{table}"))
    assert PlanVersion.objects.get() == version


def test_the_models_cannot_change_a_version_either(ready_plan, chief_officer):
    version = publish(ready_plan, chief_officer)
    version.label = "Rewritten"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        version.save()


def test_one_pdf_is_asked_for_however_often_the_button_is_pressed(ready_plan, officer, chief_officer):
    draft = services.request_plan_pdf(plan=ready_plan, by=officer)
    assert services.request_plan_pdf(plan=ready_plan, by=chief_officer) == draft
    section = ready_plan.sections.get(key="neighbours")
    services.save_section(section=section, body="<p>Another word.</p>", expected_revision=1, by=officer)
    assert services.request_plan_pdf(plan=ready_plan, by=officer) != draft
    version = publish(ready_plan, chief_officer)
    document = services.request_version_pdf(version=version, by=chief_officer)
    assert document.key == version.sha256
    assert document.inputs == {"snapshot": version.snapshot_id}
    assert (document.tenant, Document.objects.count()) == ("angus", 3)


# Formats of what is frozen


def written_in_format_2(edition: Edition) -> dict:
    """The content as the portal wrote it before live blocks stood in the text."""
    content = edition.to_json()
    content["format"] = 2
    for part in (*content["sections"], *content["localities"]):
        for paragraph in part["paragraphs"]:
            del paragraph["block"]
    for activity in content["engagement"]["activities"]:
        for promise in activity["promises"]:
            del promise["key"]
    return content


def written_in_format_1(edition: Edition) -> dict:
    """The content as the portal wrote it before priorities had evidence, places and actions."""
    content = written_in_format_2(edition)
    content["format"] = 1
    for priority in content["priorities"]:
        for name in ("evidence_of_need", "localities", "actions"):
            del priority[name]
    return content


def test_a_version_of_the_older_format_is_read_and_keeps_its_hash(ready_plan):
    old = written_in_format_1(draft_edition(ready_plan))
    edition = Edition.from_json(old)
    priority = edition.priorities[0]
    assert priority.title == "Care at home first"
    assert (priority.evidence_of_need, priority.localities, priority.actions) == ("", (), ())
    assert edition.to_json() == old
    assert edition.sha256 == digest(old)


def test_a_version_without_live_blocks_is_read_and_keeps_its_hash(ready_plan):
    old = written_in_format_2(draft_edition(ready_plan))
    edition = Edition.from_json(old)
    assert edition.blocks == ()
    assert edition.priorities[0].actions
    assert edition.to_json() == old
    assert edition.sha256 == digest(old)


def test_the_older_format_is_shown_to_the_public_as_it_was(ready_plan, chief_officer, client):
    old = written_in_format_1(draft_edition(ready_plan))
    old["publication"] = {
        "number": 1,
        "label": "Final",
        "approval_reference": APPROVAL,
        "published_on": "2026-03-12",
    }
    snapshot = Snapshot.objects.create(
        plan=ready_plan, content=old, sha256=digest(old), taken_by=chief_officer
    )
    PlanVersion.objects.create(
        plan=ready_plan,
        number=1,
        label="Final",
        snapshot=snapshot,
        sha256=snapshot.sha256,
        approval_reference=APPROVAL,
        published_by=chief_officer,
    )
    page = client.get("/published/angus/2026-29/priorities/").content.decode()
    assert "Care at home first" in page
    assert "What will be done" not in page
    assert Snapshot.objects.get(pk=snapshot.pk).is_intact


def test_actions_and_evidence_are_frozen_with_the_plan(ready_plan, chief_officer, client):
    version = publish(ready_plan, chief_officer)
    (priority,) = version.snapshot.edition.priorities
    assert priority.evidence_of_need == "Nine in ten said so in the survey of 2025."
    (action,) = priority.actions
    assert (action.label, action.title, action.owner) == ("1.1", "Train carers", "Head of learning")
    assert (action.when, action.where, action.cost) == ("By 31 March 2028", "The whole area", Decimal(40_000))
    assert (action.paid_from, action.status, action.is_under_way) == ("Care at home", "Not started", False)
    page = client.get("/published/angus/2026-29/priorities/").content.decode()
    assert "Nine in ten said so" in page
    assert "1.1 Train carers" in page
    assert "Head of learning" in page


@pytest.mark.parametrize("written", [0, 99, "2", None])
def test_content_of_an_unknown_format_is_refused(ready_plan, written):
    content = draft_edition(ready_plan).to_json() | {"format": written}
    with pytest.raises(UnknownFormat):
        Edition.from_json(content)
