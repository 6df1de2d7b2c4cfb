"""Minor corrections of a published plan: only words change, with a reason, as a version of its own."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.audit.models import Entry
from foundation.documents.models import Document
from strategic_plans import services
from strategic_plans.editions import Edition
from strategic_plans.models import Passage, PlanVersion

pytestmark = pytest.mark.django_db

PLAN = "/angus/plan/2026-29/"
CORRECT = f"{PLAN}versions/1/correct/"
PUBLIC = "/published/angus/2026-29/"
NEW = "<h2>Localities in short</h2><p>What we say about our two localities.</p>"
REASON = "The number of localities was missing"


@pytest.fixture
def version(ready_plan, chief_officer) -> PlanVersion:
    return services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Board, item 7")


def correct(version: PlanVersion, by, *, texts=None, reason=REASON, number=None) -> PlanVersion:
    return services.correct_version(
        plan=version.plan,
        number=number or version.number,
        texts={"localities": NEW} if texts is None else texts,
        reason=reason,
        by=by,
    )


def text(answer) -> str:
    return answer.content.decode()


def words(edition: Edition, key: str) -> str:
    return "".join(p.html for part in edition.sections if part.key == key for p in part.paragraphs)


def test_a_correction_is_a_version_with_a_reason(version, chief_officer):
    made = correct(version, chief_officer)
    assert (made.number, made.correction, made.approval_reference) == (2, REASON, "Board, item 7")
    assert made.snapshot.is_intact
    assert words(made.snapshot.edition, "localities") == NEW
    assert made.snapshot.edition.publication.correction == REASON
    entry = Entry.objects.get(action="strategic_plans.version_corrected")
    assert entry.reason == REASON
    assert entry.after["parts"] == ["localities"]


def test_everything_but_the_words_stays_as_it_was_frozen(version, chief_officer, budget, indicator):
    before = version.snapshot.edition
    budget.lines.update(amount=1)
    type(indicator).objects.update(short_title="Renamed since")
    after = correct(version, chief_officer).snapshot.edition
    same = replace(after, sections=before.sections, publication=before.publication, format=before.format)
    assert same == before
    untouched = [part for part in after.sections if part.key != "localities"]
    assert untouched == [part for part in before.sections if part.key != "localities"]


def test_paragraphs_keep_their_numbers_and_addresses(version, chief_officer):
    old = next(part for part in version.snapshot.edition.sections if part.key == "localities")
    new = next(
        part for part in correct(version, chief_officer).snapshot.edition.sections if part.key == "localities"
    )
    assert [(p.anchor, p.number) for p in new.paragraphs] == [(p.anchor, p.number) for p in old.paragraphs]


def test_a_localitys_text_is_corrected_too(version, chief_officer):
    body = "<p>Nurses visit the glens three times a week.</p>"
    made = correct(version, chief_officer, texts={"locality-north-angus": body})
    (north, _) = made.snapshot.edition.localities
    (old, _) = version.snapshot.edition.localities
    assert [p.html for p in north.paragraphs] == [body]
    assert north.paragraphs[0].anchor == old.paragraphs[0].anchor


def test_the_earlier_version_stays_and_says_that_it_is_older(version, chief_officer):
    before = version.sha256
    correct(version, chief_officer)
    old = text(Client().get(f"{PUBLIC}versions/1/localities/"))
    assert "What we say about localities." in old
    assert "An older version" in old
    version.refresh_from_db()
    assert version.sha256 == before == version.snapshot.sha256
    assert version.snapshot.is_intact


def test_readers_see_the_reason_and_what_changed(version, chief_officer):
    correct(version, chief_officer)
    listed = text(Client().get(f"{PUBLIC}versions/"))
    assert f"Correction: {REASON}" in listed
    changes = text(Client().get(f"{PUBLIC}versions/2/changes/"))
    assert "our two" in changes
    assert "<ins>" in changes
    assert REASON in text(Client().get(PUBLIC))
    assert "our two localities" in text(Client().get(f"{PUBLIC}localities/"))


def test_the_plans_own_text_says_the_same_for_its_successor(version, chief_officer, ready_plan):
    correct(version, chief_officer)
    section = ready_plan.sections.get(key="localities")
    assert section.body == NEW
    newest = section.revisions.first()
    assert newest.body == NEW
    assert newest.reason == f"Correction: {REASON}"


@pytest.mark.parametrize(
    "key", ["priority-1", "budget-2026-27", "priorities.title", "indicator-ni-14", "nothing"]
)
def test_what_is_no_text_is_refused(version, chief_officer, key):
    with pytest.raises(services.CorrectionRefused, match="Only words are corrected"):
        correct(version, chief_officer, texts={key: "<p>Other.</p>"})
    assert version.plan.versions.count() == 1


def test_a_text_is_not_emptied(version, chief_officer):
    with pytest.raises(services.CorrectionRefused, match="not emptied"):
        correct(version, chief_officer, texts={"localities": "<p> </p>"})


def test_a_correction_that_changes_nothing_is_none(version, chief_officer):
    same = words(version.snapshot.edition, "localities")
    with pytest.raises(services.CorrectionRefused, match="Nothing differs"):
        correct(version, chief_officer, texts={"localities": same})


def test_a_correction_needs_a_reason(version, chief_officer):
    with pytest.raises(services.CorrectionRefused, match="Say why"):
        correct(version, chief_officer, reason="  ")


def test_live_figures_stay_as_they_were_frozen(ready_plan, officer, chief_officer, indicator):
    section = ready_plan.sections.get(key="localities")
    live = '<p data-block="indicator:NI-14">x</p>'
    services.save_section(
        section=section, body=f"<p>Look:</p>{live}", expected_revision=section.revision, by=officer
    )
    version = services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Item 7")
    shown = [p for part in version.snapshot.edition.sections for p in part.paragraphs if p.block]
    type(indicator).objects.update(short_title="Renamed since")
    for body in (
        "<p>Look here:</p>",
        f"<p>Look here:</p>{live}{live.replace('indicator:NI-14', 'outcomes')}",
    ):
        with pytest.raises(services.CorrectionRefused, match="live figures"):
            correct(version, chief_officer, texts={"localities": body})
    made = correct(version, chief_officer, texts={"localities": f"<p>Look here:</p>{live}"})
    assert [p for part in made.snapshot.edition.sections for p in part.paragraphs if p.block] == shown


def test_only_the_newest_version_of_the_plan_in_force_is_corrected(version, chief_officer):
    correct(version, chief_officer)
    with pytest.raises(services.CorrectedMeanwhile, match="Version 2 was published"):
        correct(version, chief_officer, number=1, texts={"localities": "<p>Third.</p>"})
    version.plan.state = "superseded"
    version.plan.save()
    with pytest.raises(services.CorrectionRefused, match="not the published plan"):
        correct(version, chief_officer, number=2, texts={"localities": "<p>Third.</p>"})


def test_a_version_of_an_older_format_is_corrected(version, chief_officer, monkeypatch):
    old = replace(version.snapshot.edition, format=2)
    after = services.corrected(old, {"localities": NEW})
    assert Edition.from_json(after.to_json()) == after
    assert after.format == 3


# Through the front door


def fields(key="localities", body=NEW, **more):
    return {"part": [key], f"text-{key}": body, "reason": REASON} | more


def test_a_chief_officer_picks_writes_reads_and_publishes(version, chief_officer, sign_in):
    client = sign_in(chief_officer)
    assert f'href="{CORRECT}"' in text(client.get(f"{PLAN}versions/1/"))
    picked = text(client.get(CORRECT))
    assert 'value="localities"' in picked
    form = text(client.get(CORRECT, {"part": ["localities", "locality-north-angus"]}))
    assert "What we say about localities." in form
    assert "Nurses visit the glens" in form
    review = client.post(CORRECT, fields())
    assert "our two" in text(review)
    assert PlanVersion.objects.count() == 1
    again = text(client.post(CORRECT, fields(again="yes")))
    assert "our two localities" in again
    assert REASON in again
    done = client.post(CORRECT, fields(publish="yes"))
    assert done.url == f"{PLAN}versions/2/"
    assert Document.objects.filter(key=PlanVersion.objects.get(number=2).sha256).count() == 2


def test_what_was_typed_stays_when_it_is_refused(version, chief_officer, sign_in):
    client = sign_in(chief_officer)
    no_reason = client.post(CORRECT, fields(reason=""))
    assert no_reason.status_code == 422
    assert "our two localities" in text(no_reason)
    assert "Say why the text is corrected" in text(no_reason)
    emptied = client.post(CORRECT, fields(body=""))
    assert emptied.status_code == 422
    assert "not emptied" in text(emptied)
    correct(version, chief_officer)
    late = client.post(CORRECT, fields(body="<p>Mine.</p>", publish="yes"))
    assert late.status_code == 409
    assert "Mine." in text(late)
    assert "A newer version has been published" in text(late)
    assert PlanVersion.objects.count() == 2


def test_nobody_else_corrects(version, officer, auditor, chief_officer, ready_plan, sign_in):
    for person in (officer, auditor):
        assert sign_in(person).get(CORRECT).status_code == 403
        assert sign_in(person).post(CORRECT, fields(publish="yes")).status_code == 403
        assert "Correct its words" not in text(sign_in(person).get(f"{PLAN}versions/1/"))
    ready_plan.started_by = chief_officer
    ready_plan.save()
    refused = sign_in(chief_officer).get(CORRECT)
    assert refused.status_code == 403
    assert "Whoever starts a plan" in text(refused)


def test_an_older_version_is_not_picked_from(version, chief_officer, sign_in):
    correct(version, chief_officer)
    page = text(sign_in(chief_officer).get(CORRECT))
    assert "This is not the newest version" in page


def test_the_page_asks_the_database_as_often_for_one_part_as_for_all(version, chief_officer, sign_in):
    client = sign_in(chief_officer)

    def asked(*parts: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(CORRECT, {"part": parts}).status_code == 200
        return len(queries)

    asked("localities")
    assert asked("localities") == asked("localities", "locality-north-angus", "locality-south-angus") <= 15


def test_the_search_finds_the_corrected_words(version, chief_officer):
    correct(version, chief_officer)
    passages = Passage.objects.filter(version__plan=version.plan)
    assert {passage.version.number for passage in passages.select_related("version")} == {2}
    assert passages.filter(text__contains="our two localities").exists()
