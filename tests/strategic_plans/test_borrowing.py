"""A section of another partnership's published plan becomes the beginning of one's own."""

import pytest

from foundation.audit.models import Entry
from strategic_plans import services
from strategic_plans.models import Borrowing, Passage
from strategic_plans.selectors.passages import Question, sections_to_borrow
from tests.portfolio import published_elsewhere

pytestmark = pytest.mark.django_db

CHAPTER = "arrangements"


@pytest.fixture
def theirs(ready_plan, chief_officer, other_partnership):
    """Moray's published plan; Angus has published its own, and a successor is in hand."""
    ours = services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Board, item 7")
    return published_elsewhere(other_partnership, ours)


@pytest.fixture
def draft(theirs, ready_plan, officer):
    return services.start_plan(partnership=ready_plan.partnership, title="The next plan", by=officer)


def page(draft, *more):
    return "/".join([f"/angus/plan/{draft.slug}/borrow", *map(str, more), ""])


def text_of(version, key=CHAPTER):
    return next(part for part in version.snapshot.edition.sections if part.key == key)


def test_only_other_partnerships_sections_are_offered(draft, theirs, partnership):
    found = sections_to_borrow(Question(words="what we say"), borrower=partnership)
    assert found
    assert {section.version for section in found} == {theirs}
    assert len({section.chapter for section in found}) == len(found)


def test_neither_localities_nor_priorities_are_offered(draft, theirs):
    assert Passage.objects.exclude(section="").exists()
    assert not Passage.objects.exclude(section="").exclude(localities=[]).exists()
    assert not Passage.objects.filter(heading__startswith="Priority ").exclude(section="").exists()


def test_an_officer_finds_reads_and_takes_a_section(draft, theirs, officer, sign_in):
    client = sign_in(officer)
    listed = client.get(page(draft), {"q": "services arranged"}).content.decode()
    address = page(draft, theirs.pk, CHAPTER)
    assert address in listed
    assert "What we say about" in client.get(address).content.decode()
    answer = client.post(address, {"into": "", "title": "Services, after Moray"})
    section = draft.sections.get(title="Services, after Moray")
    assert answer.url == section.get_absolute_url()
    assert "What we say about" in section.body
    assert "Taken from “Moray plan” of" in section.body
    assert f"/published/moray/theirs/versions/1/{CHAPTER}/" in section.body or section.body.count("<a ") == 1
    assert section.revisions.get().reason.startswith("Borrowed from Moray")
    assert Entry.objects.filter(action="strategic_plans.section_borrowed", tenant="angus").exists()


def test_it_can_go_to_the_end_of_a_section_that_has_text(draft, theirs, officer):
    section = draft.sections.get(key=CHAPTER)
    services.save_section(section=section, body="<p>Ours.</p>", expected_revision=0, by=officer)
    saved = services.borrow_section(
        plan=draft, version=theirs, chapter=CHAPTER, into=section, title="", by=officer
    )
    assert saved.body.startswith("<p>Ours.</p>")
    assert "Taken from" in saved.body
    assert saved.revision == 2


def test_the_lender_sees_which_partnership_took_what_and_nobody_elses_name(
    draft, theirs, officer, outsider, sign_in
):
    services.borrow_section(plan=draft, version=theirs, chapter=CHAPTER, into=None, title="Taken", by=officer)
    html = sign_in(outsider).get("/moray/plan/lent/").content.decode()
    assert text_of(theirs).title in html
    assert draft.partnership.name in html
    assert officer.name not in html
    assert "Taken" not in html.split("What we took")[0].replace("Taken by", "")
    ours = sign_in(officer).get("/angus/plan/lent/").content.decode()
    assert "“Taken”" in ours


def test_figures_of_the_lender_do_not_come_along(draft, theirs, officer):
    content = theirs.snapshot.content
    section = next(part for part in content["sections"] if part["key"] == CHAPTER)
    section["paragraphs"] += [
        {"anchor": "", "number": "", "html": '<p data-block="indicator:NI-1">Indicator</p>'},
        {"anchor": "", "number": "", "html": '<p data-block="budget:2026">The budget of 2026/27</p>'},
    ]
    theirs.snapshot.content = content
    saved = services.borrow_section(
        plan=draft, version=theirs, chapter=CHAPTER, into=None, title="T", by=officer
    )
    assert "budget:2026" not in saved.body
    assert "The budget of 2026/27" in saved.body


@pytest.mark.parametrize("chapter", ["no-such-section", "foreword"])
def test_what_has_no_text_cannot_be_taken(draft, theirs, officer, sign_in, chapter):
    assert sign_in(officer).get(page(draft, theirs.pk, chapter)).status_code == 404
    with pytest.raises(services.NothingToBorrow):
        services.borrow_section(plan=draft, version=theirs, chapter=chapter, into=None, title="T", by=officer)
    assert not Borrowing.objects.exists()


def test_ones_own_plan_is_not_borrowed(draft, theirs, officer, sign_in):
    own = draft.partnership.plans.get(state="published").versions.get()
    assert sign_in(officer).get(page(draft, own.pk, CHAPTER)).status_code == 404
    with pytest.raises(services.NothingToBorrow):
        services.borrow_section(plan=draft, version=own, chapter=CHAPTER, into=None, title="T", by=officer)


def test_a_new_section_needs_a_heading_and_nothing_is_half_done(draft, theirs, officer, sign_in):
    before = draft.sections.count()
    answer = sign_in(officer).post(page(draft, theirs.pk, CHAPTER), {"into": "", "title": ""})
    assert answer.status_code == 422
    assert "Enter the heading of the new section" in answer.content.decode()
    assert draft.sections.count() == before


def test_a_published_plan_takes_nothing_in(theirs, ready_plan, officer, sign_in):
    ready_plan.refresh_from_db()
    assert sign_in(officer).post(page(ready_plan, theirs.pk, CHAPTER), {"title": "T"}).status_code == 403
    with pytest.raises(services.PlanFrozen):
        services.borrow_section(
            plan=ready_plan, version=theirs, chapter=CHAPTER, into=None, title="T", by=officer
        )
