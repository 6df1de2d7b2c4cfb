"""Bringing a Word file in: kept and read once, applied whole or not at all, and nothing of it left behind."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.audit.models import Entry
from strategic_plans import services, tasks
from strategic_plans.documents import build_word
from strategic_plans.enums import ImportState
from strategic_plans.imports.proposals import (
    LEAVE,
    NEW,
    preview_of,
    proposals,
    read_back,
    same_heading,
    with_pictures,
)
from strategic_plans.imports.word import WRITTEN_HERE, FoundPart, picture_address, read_word
from strategic_plans.models import Picture, SectionRevision, WordImport
from strategic_plans.services import Placement
from strategic_plans.services import imports as importing
from strategic_plans.services.plans import PlanFrozen

from .word_files import heading, paragraph, picture, png, table, word_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return lambda: [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.fixture
def housing():
    """A file with a text for a section of the outline, and one for a new section, with a described picture."""
    return word_file(
        heading("12. Housing contribution statement"),
        paragraph("Homes come first."),
        picture("A house"),
        heading("Digital inclusion"),
        paragraph("Everybody can reach us."),
    )


@pytest.fixture
def start(plan, officer):
    def begin(file, name="Our plan.docx", by=officer) -> WordImport:
        return services.start_import(plan=plan, file=File(file, name=name), by=by)

    return begin


@pytest.fixture
def read(start, django_capture_on_commit_callbacks):
    """Sent and read: the import as the person then looks through it."""

    def begin(file, **named) -> WordImport:
        with django_capture_on_commit_callbacks(execute=True):
            row = start(file, **named)
            services.read_import(row.pk)
        row.refresh_from_db()
        return row

    return begin


def placements_of(row, plan) -> list[Placement]:
    return [
        Placement(item.number, item.section, item.heading)
        for item in preview_of(row, plan).proposals
        if item.goes_to != LEAVE
    ]


def apply(row, plan, by, **changes):
    named = {
        "placements": placements_of(row, plan),
        "seen": preview_of(row, plan).seen,
        "words": {},
    } | changes
    return services.apply_import(word_import=row, by=by, **named)


# Arriving and being read


def test_the_file_is_kept_for_the_worker_and_gone_once_it_is_read(
    start, housing, files, django_capture_on_commit_callbacks
):
    row = start(housing)
    assert (row.state, row.size) == (ImportState.WAITING, len(housing.getvalue()))
    assert [path.name for path in files()] == [f"{row.pk}.docx"]
    with django_capture_on_commit_callbacks(execute=True):
        assert services.read_import(row.pk) == ImportState.READ
    row.refresh_from_db()
    assert files() == [] and row.file == ""
    assert [part.title for part in read_back(row.found).parts] == [
        "12. Housing contribution statement",
        "Digital inclusion",
    ]
    assert len(row.sha256) == 64
    assert row.pictures.get().media_type == "image/png"


def test_a_refused_file_is_gone_and_says_why(start, files, django_capture_on_commit_callbacks):
    row = start(ContentFile(b"%PDF-1.7"))
    with django_capture_on_commit_callbacks(execute=True):
        assert services.read_import(row.pk) == ImportState.REFUSED
    row.refresh_from_db()
    assert "This is not a Word document" in row.refusal
    assert files() == [] and row.file == ""


def test_a_second_file_takes_the_place_of_the_first(
    start, housing, files, officer, plan, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = start(housing)
        second = start(word_file(heading("Money"), paragraph("More.")))
    assert list(plan.word_imports.all()) == [second]
    assert [path.name for path in files()] == [f"{second.pk}.docx"]
    assert services.read_import(first.pk) is None


def test_two_people_bring_files_in_side_by_side(start, housing, plan, cast, officer):
    chief = cast["chief_officer"]
    start(housing)
    start(word_file(heading("Money"), paragraph("More.")), by=chief)
    assert plan.word_imports.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        WordImport.objects.create(plan=plan, brought_by=officer, file_name="x", size=1)


def test_nothing_is_brought_into_a_published_plan(plan, start, housing, files):
    type(plan).objects.filter(pk=plan.pk).update(state="published")
    with pytest.raises(PlanFrozen):
        start(housing)
    assert files() == [] and not WordImport.objects.exists()


def test_a_fault_of_the_portal_is_told_in_words(start, housing, monkeypatch):
    row = start(housing)
    monkeypatch.setattr(importing, "read_word", lambda *_, **__: 1 / 0)
    assert services.read_import(row.pk) == ImportState.REFUSED
    row.refresh_from_db()
    assert "Nothing in the plan was changed." in row.refusal and str(row.pk) in row.refusal


def test_where_the_reading_is_can_be_seen(housing):
    seen = []
    read_word(housing, name="Our plan", progress=seen.append)
    assert seen == [
        "Looking whether the file is safe to read",
        "Reading the text",
        "Dividing it into sections",
    ]


# The sweep


def test_nothing_but_what_was_applied_is_kept_for_longer_than_a_day(
    start, read, housing, files, plan, officer, cast, django_capture_on_commit_callbacks
):
    applied = read(housing)
    apply(applied, plan, officer)
    start(word_file(heading("Money")))
    read(word_file(heading("Money"), paragraph("More.")), by=cast["chief_officer"])
    with django_capture_on_commit_callbacks(execute=True):
        services.sweep_imports(lambda _: None)
    assert WordImport.objects.count() == 3
    WordImport.objects.update(brought_at=timezone.now() - timedelta(days=1, minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        services.sweep_imports(lambda _: None)
    assert list(WordImport.objects.all()) == [applied]
    assert not [path for path in files() if "imports" in path.parts]


def test_the_tasks_do_what_the_services_do(start, housing, monkeypatch):
    row = start(housing)
    tasks.read_import(str(row.pk))
    row.refresh_from_db()
    assert row.state == ImportState.READ
    swept = []
    monkeypatch.setattr(services, "sweep_imports", swept.append)
    tasks.sweep_imports()
    assert swept == [tasks.read_soon]


# Where the parts go


def part(title: str, body: str = "<p>Words.</p>") -> FoundPart:
    return FoundPart(
        title=title,
        body=body,
        words=1,
        paragraphs=1,
        tables=0,
        notes=0,
        pictures=[],
        undescribed=[],
        changes=[],
    )


@pytest.mark.parametrize(
    "title",
    [
        "Housing contribution statement",
        "12. Housing Contribution Statement",
        "12 housing contribution statement:",
        "Chapter 3: Housing contribution statement",
        "XII. Housing contribution statement",
    ],
)
def test_headings_are_compared_by_their_words(title):
    assert same_heading(title) == "housing contribution statement"


def test_parts_are_matched_with_sections_of_the_same_heading_once(plan):
    sections = list(plan.sections.all())
    found = proposals(
        [part("1. Foreword"), part("Foreword"), part("Other"), part("Money", body="")], sections, []
    )
    foreword = plan.sections.get(key="foreword")
    assert [item.goes_to for item in found] == [str(foreword.pk), NEW, NEW, LEAVE]
    assert found[3].remark == "Nothing stands under this heading."


def test_a_part_named_as_a_locality_is_left_to_its_lead(plan, localities):
    [item] = proposals([part("North Angus")], plan.sections.all(), [place.name for place in localities])
    assert item.goes_to == LEAVE and "Its lead writes its arrangements" in item.remark


@pytest.mark.parametrize(
    ("title", "title_in_the_plan"),
    [
        ("3. Housing", "Housing"),
        ("3.1 Housing", "Housing"),
        ("3) Housing", "Housing"),
        ("10 things that we heard", "10 things that we heard"),
        ("2026 in short", "2026 in short"),
        ("4.", "4."),
    ],
)
def test_a_typed_number_is_no_part_of_the_heading(title, title_in_the_plan):
    assert proposals([part(title)], [], [])[0].heading == title_in_the_plan


def test_pictures_get_their_addresses_and_their_words():
    described = f'<figure><img src="{picture_address(1)}" alt="A &quot;house&quot;"></figure>'
    body = f'{described}<figure><img src="{picture_address(2)}"></figure>'
    assert with_pictures(body, {1: "/a", 2: "/b"}, {1: "not asked", 2: 'A "lift" & <stairs>'}) == (
        '<figure><img src="/a" alt="A &quot;house&quot;"></figure>'
        '<figure><img src="/b" alt="A &quot;lift&quot; &amp; &lt;stairs&gt;"></figure>'
    )


# Applying


def test_every_part_becomes_one_revision_with_its_reason(read, housing, plan, officer):
    row = read(housing, name="Draft 4.docx")
    sections = apply(row, plan, officer)
    assert [section.title for section in sections] == ["Housing contribution statement", "Digital inclusion"]
    kept = Picture.objects.get()
    statement = plan.sections.get(key="housing")
    assert statement.body == (
        f'<p>Homes come first.</p><figure><img src="{kept.get_absolute_url()}" alt="A house"></figure>'
    )
    for section in sections:
        revision = SectionRevision.objects.get(section=section)
        assert (revision.number, revision.reason, revision.saved_by) == (
            1,
            "Brought in from Draft 4.docx",
            officer,
        )
    row.refresh_from_db()
    assert (row.state, row.found) == (ImportState.APPLIED, {})
    assert not row.pictures.exists()
    assert [(said["title"], said["is_new"]) for said in row.outcome] == [
        ("Housing contribution statement", False),
        ("Digital inclusion", True),
    ]
    entry = Entry.objects.get(action="strategic_plans.word_brought_in")
    assert entry.after["file"] == "Draft 4.docx" and entry.after["sha256"] == row.sha256


def test_a_new_section_stands_behind_the_part_before_it(read, housing, plan, officer):
    apply(read(housing), plan, officer)
    titles = [section.title for section in plan.sections.all()]
    assert titles[titles.index("Housing contribution statement") + 1] == "Digital inclusion"


def test_new_sections_with_nothing_before_them_stand_at_the_end_in_their_order(read, plan, officer):
    row = read(word_file(heading("First"), paragraph("A."), heading("Second"), paragraph("B.")))
    apply(row, plan, officer)
    assert [section.title for section in plan.sections.all()][-2:] == ["First", "Second"]


def test_nothing_is_applied_if_one_section_was_changed_in_between(read, housing, plan, officer):
    row = read(housing)
    seen = preview_of(row, plan).seen
    statement = plan.sections.get(key="housing")
    services.save_section(section=statement, body="<p>Theirs.</p>", expected_revision=0, by=officer)
    before = plan.sections.count()
    with pytest.raises(services.SectionsChanged) as caught:
        apply(row, plan, officer, seen=seen)
    assert caught.value.titles == ["Housing contribution statement"]
    assert plan.sections.count() == before
    assert plan.sections.get(key="housing").body == "<p>Theirs.</p>"
    assert not Picture.objects.exists()
    row.refresh_from_db()
    assert row.state == ImportState.READ and row.pictures.exists()


def test_nothing_is_applied_if_a_section_was_removed_in_between(read, plan, officer):
    row = read(word_file(heading("Foreword"), paragraph("A.")))
    named = {"placements": placements_of(row, plan), "seen": preview_of(row, plan).seen}
    services.remove_section(section=plan.sections.get(key="foreword"), by=officer)
    with pytest.raises(services.SectionsChanged):
        apply(row, plan, officer, **named)


def test_nothing_is_half_applied_when_the_last_part_fails(read, housing, plan, officer, monkeypatch):
    row = read(housing)
    put = importing.put_section

    def fail_at_the_second(**named):
        if named["section"].title == "Digital inclusion":
            raise importing.TextTooLong("has too much of everything.")
        return put(**named)

    monkeypatch.setattr(importing, "put_section", fail_at_the_second)
    with pytest.raises(ValidationError, match=r"“Digital inclusion” has too much of everything\."):
        apply(row, plan, officer)
    assert not SectionRevision.objects.exists()
    assert not plan.sections.filter(title="Digital inclusion").exists()
    assert not Entry.objects.filter(action="strategic_plans.word_brought_in").exists()


def test_a_file_is_applied_once(read, housing, plan, officer):
    row = read(housing)
    named = {"placements": placements_of(row, plan), "seen": preview_of(row, plan).seen, "words": {}}
    services.apply_import(word_import=row, by=officer, **named)
    with pytest.raises(services.ImportOver):
        services.apply_import(word_import=row, by=officer, **named)
    assert SectionRevision.objects.count() == 2


def test_a_plan_that_is_published_meanwhile_is_not_changed(read, housing, plan, officer):
    row = read(housing)
    named = {"placements": placements_of(row, plan), "seen": preview_of(row, plan).seen}
    type(plan).objects.filter(pk=plan.pk).update(state="published")
    with pytest.raises(PlanFrozen):
        apply(row, plan, officer, **named)


def test_what_somebody_typed_in_the_section_without_saving_it_stays_theirs(read, housing, plan, officer):
    statement = plan.sections.get(key="housing")
    services.keep_copy(text=statement, by=officer, body="<p>Unsaved.</p>", base_revision=0)
    apply(read(housing), plan, officer)
    assert statement.working_copies.get().body == "<p>Unsaved.</p>"


def test_only_pictures_of_placed_parts_are_kept_and_with_the_words_given(read, plan, officer):
    row = read(
        word_file(
            heading("One"),
            picture(None, "red"),
            heading("Two"),
            picture("Left out", "green"),
            paragraph("B."),
        )
    )
    [first, _] = placements_of(row, plan)
    [section] = apply(row, plan, officer, placements=[first], words={1: "A ramp"})
    assert Picture.objects.count() == 1
    assert 'alt="A ramp"' in section.body


def test_arrangements_of_localities_are_never_touched(read, plan, officer, localities):
    row = read(
        word_file(heading("North Angus"), paragraph("Not by its lead."), heading("One"), paragraph("A."))
    )
    apply(row, plan, officer)
    assert not plan.arrangements.exclude(revision=0).exists()


def test_the_same_file_is_known_again(read, housing, plan, officer):
    first = read(housing)
    assert preview_of(first, plan).earlier is None
    apply(first, plan, officer)
    housing.seek(0)
    again = read(housing, name="another name.docx")
    assert preview_of(again, plan).earlier == first


def test_a_section_whose_text_is_the_same_gets_no_revision(read, plan, officer):
    file = word_file(heading("Foreword"), table(("A", "B"), ("1", "2")))
    apply(read(file), plan, officer)
    file.seek(0)
    apply(read(file), plan, officer)
    assert SectionRevision.objects.count() == 1


def test_what_the_portal_writes_as_word_it_reads_as_it_was(plan, officer, partnership, read):
    """Out as a Word file and in again: the same text, to the letter."""
    kept = services.keep_picture(partnership, png("navy", (60, 40)).getvalue(), officer)
    body = (
        "<p>Homes <strong>come</strong> first<small>Census 2022, <em>table 4</em></small>.</p>"
        "<h2>Lifts</h2><ul><li>One<ol><li>Deeper</li></ol></li><li>Two</li></ul><h3>Ramps</h3>"
        '<p>See <a href="https://www.gov.scot/" rel="noopener">the guidance</a>.</p>'
        "<blockquote><p>Said.</p></blockquote>"
        '<table><caption>What it costs</caption><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
        "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
        f'<figure><img src="{kept.get_absolute_url()}" alt="A house"></figure>'
    )
    foreword = plan.sections.get(key="foreword")
    services.save_section(section=foreword, body=body, expected_revision=0, by=officer)
    file = build_word(services.request_plan_word(plan=plan, by=officer), lambda *_: None)
    row = read(io.BytesIO(file))
    found = read_back(row.found)
    assert WRITTEN_HERE in found.notes and found.unaccounted == 0
    [item] = [each for each in preview_of(row, plan).proposals if each.section == foreword]
    picture_in_file = with_pictures(
        item.part.body, {n: kept.get_absolute_url() for n in item.part.pictures}, {}
    )
    assert picture_in_file == body
