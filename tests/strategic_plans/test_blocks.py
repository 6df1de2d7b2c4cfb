from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from budgets.enums import BudgetState, Setting, SpendCategory
from budgets.models import Budget, BudgetLine
from engagement.models import Promise
from foundation.richtext.cleaning import clean_html
from foundation.richtext.placed import paragraph
from foundation.richtext.placed import references_in as references_in_order
from localities.models import Locality
from outcomes.models import DataRelease, Indicator, IndicatorValue
from strategic_plans import services
from strategic_plans.block_lines import lines_of
from strategic_plans.blocks import Reference, references_in
from strategic_plans.documents import draft_book, snapshot_book
from strategic_plans.editions import Edition
from strategic_plans.enums import BlockKind
from strategic_plans.exports import tables_of
from strategic_plans.reading import compared_chapters
from strategic_plans.selectors.checks import checks_of
from strategic_plans.selectors.comments import commented_text
from strategic_plans.selectors.draft_text import draft_text
from strategic_plans.selectors.editions import draft_edition

EVERY = (
    "indicator:NI-14",
    "budget:2026-27",
    "locality:north-angus",
    "outcomes",
    "principles",
    "engagement",
    "engagement:north-angus",
)

# Names


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("indicator:NI-12", "Live figures: indicator NI-12"),
        ("budget:2026-27", "Live figures: integrated budget of 2026/27"),
        ("budget:2099-00", "Live figures: integrated budget of 2099/00"),
        ("locality:leith", "Live figures: profile of the locality leith"),
        ("outcomes", "Live figures: which priority serves which national outcome"),
        ("principles", "Live figures: which priority has regard to which principle"),
        ("engagement", "Live figures: you said, we did"),
        ("engagement:leith", "Live figures: you said, we did in leith"),
    ],
)
def test_a_block_stands_in_the_text_in_the_portals_words(name, words):
    kept = clean_html(f'<p data-block="{name}">whatever was typed</p>')
    assert kept == f'<p data-block="{name}">{words}</p>'
    assert [str(reference) for reference in references_in([kept])] == [name]


@pytest.mark.parametrize(
    "name",
    ["indicator", "budget:2026", "budget:2026-28", "locality", "outcomes:1", "principles:a", "money:1"],
)
def test_what_cannot_be_a_block_is_an_ordinary_paragraph(name):
    assert clean_html(f'<p data-block="{name}">words</p>') == "<p>words</p>"
    assert Reference.read(name) is None


def test_a_year_and_its_block_name_each_other():
    assert str(Reference.of_year(2026)) == "budget:2026-27"
    assert Reference(BlockKind.BUDGET, "2026-27").year == 2026


# What they show


def place(plan, officer, *names, key="neighbours"):
    """The section says something and then shows these blocks."""
    section = plan.sections.get(key=key)
    return services.save_section(
        section=section,
        body="<p>As the figures show:</p>" + "".join(map(paragraph, names)),
        expected_revision=section.revision,
        by=officer,
    )


def revise(indicator, value):
    """Every value here is another one in a newer release."""
    release = DataRelease.objects.create(name="Core suite, October 2026", attribution="OGL")
    for old in IndicatorValue.objects.filter(indicator=indicator, partnership__isnull=False):
        old.pk, old.release, old.value = None, release, value
        old.save()


def shown(plan):
    return {block.reference: block for block in draft_edition(plan).blocks}


@pytest.fixture
def placed_plan(ready_plan, officer, activity):
    """A plan that could be published, with a block of every kind in its text."""
    place(ready_plan, officer, *EVERY)
    return ready_plan


def test_every_kind_of_block_shows_its_data(placed_plan):
    blocks = shown(placed_plan)
    assert tuple(blocks) == EVERY
    assert not any(block.missing for block in blocks.values())
    readmissions = blocks["indicator:NI-14"]
    assert readmissions.title == "NI-14: Readmissions within 28 days"
    assert [point.value for point in readmissions.indicator.points] == [Decimal("103.4"), Decimal("98.7")]
    assert [point.value for point in readmissions.indicator.scotland] == [Decimal("104.1"), Decimal("103.0")]
    assert (readmissions.source, readmissions.as_at) == ("Core suite, July 2026", "Values to 2024/25")
    money = blocks["budget:2026-27"]
    assert (money.budget.payments, money.budget.set_aside) == (Decimal(159204000), Decimal(12000000))
    assert money.as_at == "A draft, not agreed yet"
    north = blocks["locality:north-angus"]
    assert (north.locality.population, north.locality.population_65_plus) == (52_000, 10_400)
    assert north.as_at == "Population: mid-2021"
    assert [all(row.cells) for row in blocks["outcomes"].matrix.rows] == [True] * 9
    assert blocks["principles"].matrix.priorities == (1,)
    for name in ("engagement", "engagement:north-angus"):
        (told,) = blocks[name].engagement.activities
        assert told.heard == "People want one number to ring at night."
        assert [promise.text for promise in told.promises] == ["Print the night number on every letter"]
        assert blocks[name].as_at == "Up to 14 September 2026"


def test_blocks_stand_apart_from_the_numbered_paragraphs(placed_plan):
    section = next(part for part in draft_edition(placed_plan).sections if part.key == "neighbours")
    assert [(one.number, one.anchor) for one in section.paragraphs[:3]] == [
        (f"{section.number}.1", f"paragraph-{section.number}-1"),
        ("", f"paragraph-{section.number}-live-1"),
        ("", f"paragraph-{section.number}-live-2"),
    ]


def test_blocks_are_frozen_with_the_version_and_live_in_the_draft(placed_plan, chief_officer, indicator):
    version = services.publish_plan(plan=placed_plan, by=chief_officer, approval_reference="IJB 12 March")
    frozen = version.snapshot.edition.blocks
    assert Edition.from_json(version.snapshot.edition.to_json()).blocks == frozen
    revise(indicator, Decimal("90.0"))
    version.refresh_from_db()
    assert version.snapshot.edition.blocks == frozen
    assert shown(placed_plan)["indicator:NI-14"].indicator.points[-1].value == Decimal("90.0")


def test_an_indicator_in_the_text_is_not_one_that_a_priority_is_measured_by(ready_plan, officer):
    Indicator.objects.filter(code="NI-14").update(slug="ni-14")
    ready_plan.priorities.get().indicators.clear()
    place(ready_plan, officer, "indicator:NI-14")
    edition = draft_edition(ready_plan)
    assert edition.indicators == ()
    assert [source.name for source in edition.sources] == ["Core suite, July 2026"]
    assert edition.blocks[0].indicator.code == "NI-14"


def test_a_budget_in_the_text_is_not_shown_twice_for_that(ready_plan, officer, partnership):
    old = Budget.objects.create(partnership=partnership, year=2019)
    BudgetLine.objects.create(
        budget=old,
        title="Homes",
        delivered_by=partnership.councils.get(),
        amount=1,
        position=1,
        category=SpendCategory.OTHER_SOCIAL_CARE,
        setting=Setting.SOCIAL_CARE,
    )
    place(ready_plan, officer, "budget:2019-20")
    edition = draft_edition(ready_plan)
    assert [budget.year for budget in edition.budgets] == ["2026/27"]
    assert edition.blocks[0].budget.year == "2019/20"


def test_a_locality_tells_only_what_was_promised_there(placed_plan, officer):
    place(placed_plan, officer, "engagement:south-angus")
    (block,) = draft_edition(placed_plan).blocks
    assert block.missing == (
        "No promise is recorded of an engagement activity in south-angus. Whoever logs an activity records what was "
        "promised there."
    )


@pytest.mark.parametrize("arrange", ["arrangement", "section"])
def test_blocks_stand_in_sections_and_in_arrangements(ready_plan, officer, arrange):
    if arrange == "section":
        place(ready_plan, officer, "outcomes")
    else:
        locality = Locality.objects.get(slug="north-angus")
        services.save_arrangement(
            plan=ready_plan, locality=locality, body=paragraph("outcomes"), expected_revision=1, by=officer
        )
    assert [block.reference for block in draft_edition(ready_plan).blocks] == ["outcomes"]


# What is missing


def live_check(plan):
    return next(check for check in checks_of(plan) if check.rule == "R-PLAN-19")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("indicator:NI-99", "There is no indicator NI-99."),
        ("indicator:NI-15", "No value of NI-15 is held for Angus."),
        ("budget:2030-31", "No integrated budget of 2030/31 is recorded. The finance officer opens the year"),
        ("budget:2027-28", "The budget of 2027/28 is empty. The finance officer records"),
        ("locality:west-angus", "The plan has no locality called west-angus on its first day."),
        ("locality:south-angus", "The population of south-angus is not recorded."),
        ("outcomes", "No priority says which national outcome it serves."),
        ("principles", "No priority says which principle it has regard to."),
        ("engagement", "No promise is recorded of an engagement activity."),
        ("engagement:west-angus", "The plan has no locality called west-angus on its first day."),
    ],
)
def test_a_block_without_data_says_so_and_stands_in_the_way(
    ready_plan, officer, chief_officer, partnership, name, words
):
    indicator = Indicator.objects.get()
    indicator.pk, indicator.code, indicator.slug = None, "NI-15", "ni-15"
    indicator.save()
    Budget.objects.create(partnership=partnership, year=2027)
    Locality.objects.filter(slug="south-angus").update(population=None)
    ready_plan.priorities.all().delete()
    Promise.objects.all().delete()
    place(ready_plan, officer, name)
    (block,) = draft_edition(ready_plan).blocks
    check = live_check(ready_plan)
    for said in (block.missing, check.words):
        assert words in said
    assert check.blocks
    assert check.words.startswith("In “Effects on neighbouring areas”: ")
    see, supply = check.fixes
    assert see.url.startswith("/angus/plan/2026-29/preview/neighbours/#paragraph-")
    assert supply.url.startswith("/angus/")
    with pytest.raises(services.PlanNotReady) as refusal:
        services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="IJB 12 March")
    assert "R-PLAN-19" in {missing.rule for missing in refusal.value.missing}


def test_a_value_that_was_withdrawn_is_missing(ready_plan, officer, indicator):
    place(ready_plan, officer, "indicator:NI-14")
    assert live_check(ready_plan).is_met
    revise(indicator, None)
    assert live_check(ready_plan).blocks
    assert shown(ready_plan)["indicator:NI-14"].missing


def test_promises_from_before_the_last_plan_took_effect_are_not_told_again(placed_plan, officer):
    before = services.start_plan(
        partnership=placed_plan.partnership,
        title="The plan before",
        period_start=date(2026, 10, 1),
        period_end=date(2029, 3, 31),
        by=officer,
    )
    assert not shown(placed_plan)["engagement"].missing
    placed_plan.supersedes = before
    placed_plan.save()
    assert shown(placed_plan)["engagement"].missing
    assert live_check(placed_plan).blocks


def test_any_number_of_blocks_takes_the_same_queries(placed_plan, officer, django_assert_num_queries):
    # A section with one block of each kind, then with three of each.
    text = draft_text(placed_plan)
    with django_assert_num_queries(5):
        draft_edition(placed_plan, text)
    with django_assert_num_queries(4):
        checks_of(placed_plan, text)
    place(placed_plan, officer, *(EVERY * 3))
    text = draft_text(placed_plan)
    with django_assert_num_queries(5):
        draft_edition(placed_plan, text)
    with django_assert_num_queries(4):
        checks_of(placed_plan, text)


@pytest.mark.parametrize("page", ["", "check/"])
def test_pages_with_every_check_ask_at_most_fifteen_times_whatever_stands_in_the_text(
    placed_plan, officer, sign_in, page
):
    body = f'<figure><img src="/pictures/{"a" * 64}" alt="A chart"></figure>'
    services.save_section(
        section=placed_plan.sections.get(key="market"), body=body, expected_revision=0, by=officer
    )
    assert "/pictures/" in placed_plan.sections.get(key="market").body
    client = sign_in(officer)
    address = placed_plan.get_absolute_url() + page
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) <= 15


# Where readers meet them


@pytest.fixture
def published(placed_plan, chief_officer):
    return services.publish_plan(plan=placed_plan, by=chief_officer, approval_reference="IJB 12 March")


def page_of(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return html.document_fromstring(response.content)


def test_the_published_page_shows_what_was_frozen_and_leads_to_the_latest(published, client):
    page = page_of(client, "/published/angus/2026-29/neighbours/")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    blocks = page.find_class("plan-live")
    assert [block.get("aria-label") for block in blocks] == [
        "NI-14: Readmissions within 28 days",
        "Integrated budget of 2026/27",
        "North Angus in figures",
        "National outcomes and priorities",
        "Integration delivery principles and priorities",
        "You said, we did",
        "You said, we did: North Angus",
    ]
    assert [len(block.xpath(".//table")) > 0 for block in blocks] == [True] * 7
    readmissions = blocks[0].text_content()
    assert "Source: Core suite, July 2026" in readmissions
    assert "Values to 2024/25. Frozen when the plan was published" in readmissions
    links = [block.xpath(".//a[contains(., 'See the latest')]/@href") for block in blocks]
    start = "/published/angus/2026-29/versions/1/latest/"
    assert links[:3] == [[f"{start}{name}/"] for name in EVERY[:3]]
    assert links[3:5] == [[], []]  # the plan's own tables have no later figures
    for (link,) in (*links[:3], *links[5:]):
        assert "Nothing has changed" in page_of(client, link).text_content() or "budget" in link


def test_the_latest_figures_stand_beside_the_frozen_ones(published, client, indicator, activity):
    revise(indicator, Decimal("90.0"))
    page = page_of(client, "/published/angus/2026-29/versions/1/latest/indicator:NI-14/")
    today, then = page.find_class("plan-live")
    assert "90.0" in today.text_content()
    assert "98.7" in then.text_content()
    assert "90.0" not in then.text_content()
    Promise.objects.update(done_on=date(2026, 11, 1), told_back_on=date(2026, 11, 2))
    page = page_of(client, "/published/angus/2026-29/versions/1/latest/engagement/")
    today, then = page.find_class("plan-live")
    assert "Kept and told back" in today.text_content()
    assert "Kept and told back" not in then.text_content()


def test_what_is_said_after_publication_is_not_public_by_that(published, client, activity):
    activity.pk, activity.submission, activity.heard = None, uuid4(), "A private word."
    activity.save()
    Promise.objects.create(activity=activity, text="A promise of later", due_on=date(2027, 1, 31))
    page = page_of(client, "/published/angus/2026-29/versions/1/latest/engagement/").text_content()
    assert "A private word" not in page
    assert "A promise of later" not in page


def test_a_budget_that_is_not_agreed_is_not_public_beyond_what_was_published(published, client, budget):
    budget.lines.update(amount=Decimal(77_000_000))
    path = "/published/angus/2026-29/versions/1/latest/budget:2026-27/"
    page = page_of(client, path).text_content()
    assert "No newer figures are public at present: the budget of 2026/27 is not agreed." in page
    assert "£77,000,000" not in page
    budget.state, budget.agreed_at = BudgetState.AGREED, timezone.now()
    budget.save()
    assert "£77,000,000" in page_of(client, path).text_content()


@pytest.mark.parametrize(
    "name",
    ["indicator:NI-11", "budget:2019-20", "outcomes", "principles", "locality:south-angus", "nonsense"],
)
def test_only_what_the_version_shows_has_a_public_page(published, client, name):
    assert client.get(f"/published/angus/2026-29/versions/1/latest/{name}/").status_code == 404


def test_a_locality_that_is_gone_has_no_later_figures(published, client, localities):
    Locality.objects.filter(slug="north-angus").update(population=None)
    page = page_of(client, "/published/angus/2026-29/versions/1/latest/locality:north-angus/")
    assert "No newer figures are public at present" in page.text_content()


def test_the_draft_shows_live_figures_and_says_what_is_missing_and_where_it_is_supplied(
    placed_plan, officer, sign_in
):
    place(placed_plan, officer, "indicator:NI-14", "budget:2030-31")
    page = page_of(sign_in(officer), "/angus/plan/2026-29/preview/neighbours/")
    live, missing = page.find_class("plan-live")
    assert "Live: as it stands on" in live.text_content()
    assert "No integrated budget of 2030/31 is recorded." in missing.text_content()
    assert missing.xpath(".//a/@href") == ["/angus/money/"]


def test_blocks_are_data_too(published):
    tables = {table.name: table for table in tables_of(published.snapshot.edition)}
    assert [row[2] for row in tables["figures-in-the-text"].rows] == list(EVERY)
    assert ("a", "Statutory words of principle a.", 1, "Care at home first") in tables["principles"].rows
    assert {row[0] for row in tables["contributions"].rows} == {"2026/27"}
    assert len(tables["indicators"].rows) == 4  # the one that a priority names as well is told once


def test_tables_hold_the_figures_that_only_the_text_shows(ready_plan, officer):
    ready_plan.priorities.get().indicators.clear()
    place(ready_plan, officer, "indicator:NI-14")
    tables = {table.name: table for table in tables_of(draft_edition(ready_plan))}
    assert {row[0] for row in tables["indicators"].rows} == {"NI-14"}


def test_the_word_file_says_what_the_drawings_show(published):
    book = snapshot_book(published.snapshot, with_drawings=False)
    (page,) = [chapter.html for chapter in book.chapters if "neighbours" in chapter.html]
    blocks = html.document_fromstring(page).find_class("plan-live")
    profile = next(block for block in blocks if block.get("aria-label") == "North Angus in figures")
    assert "People who live in North Angus, mid-2021" in profile.text_content()
    assert not profile.xpath(".//*[local-name()='svg']")
    assert [len(block.xpath(".//table")) > 0 for block in blocks] == [True] * 7


def test_a_changed_figure_changes_only_the_chapter_that_shows_it(placed_plan, indicator):
    placed_plan.priorities.get().indicators.clear()
    before = {chapter.key: chapter.html for chapter in draft_book(placed_plan).chapters}
    revise(indicator, Decimal("90.0"))
    after = {chapter.key: chapter.html for chapter in draft_book(placed_plan).chapters}
    changed = [key for key in before if before[key] != after[key]]
    assert len(changed) == 2  # where it stands, and the annex, which names the new release


def test_a_successor_carries_blocks_and_their_figures_are_those_of_its_own_time(published, officer):
    successor = services.start_successor(
        partnership=published.plan.partnership,
        title="The next plan",
        period_start=date(2029, 4, 1),
        period_end=date(2032, 3, 31),
        by=officer,
    )
    assert tuple(shown(successor)) == EVERY


def test_a_version_compares_blocks_by_their_names(placed_plan, officer, published):
    draft = replace(draft_edition(placed_plan), sections=())
    (compared,) = [
        one for one in compared_chapters(draft, published.snapshot.edition) if one.key == "neighbours"
    ]
    assert "Live figures: indicator NI-14" in str(compared.comparison.lines)


def test_a_version_compares_what_the_figures_say(placed_plan, indicator):
    before = draft_edition(placed_plan)
    revise(indicator, Decimal("90.0"))
    (compared,) = compared_chapters(before, draft_edition(placed_plan))
    (line,) = (passage.line for passage in compared.comparison.passages if passage.line)
    assert "90" in " ".join(piece.text for piece in line if piece.is_added)
    assert [piece for piece in line if piece.is_removed]


def test_every_kind_of_block_says_its_figures_in_lines(placed_plan):
    said = {block.reference: lines_of(block) for block in draft_edition(placed_plan).blocks}
    assert all(said.values()), said
    assert any("£" in line for line in said[next(name for name in said if name.startswith("budget"))])
    assert lines_of(None) == []


# Placing them


def test_the_editor_is_offered_everything_by_kind(
    ready_plan, officer, sign_in, django_assert_max_num_queries
):
    client = sign_in(officer)
    with django_assert_max_num_queries(12):
        groups = client.get("/angus/plan/2026-29/figures/").json()["groups"]
    assert [(group["title"], [one["reference"] for one in group["offers"]]) for group in groups] == [
        ("Indicators", ["indicator:NI-14"]),
        ("Integrated budget", ["budget:2026-27"]),
        ("Localities", ["locality:north-angus", "locality:south-angus"]),
        ("Priorities", ["outcomes", "principles"]),
        ("You said, we did", ["engagement", "engagement:north-angus", "engagement:south-angus"]),
    ]
    indicator, budget = groups[0]["offers"][0], groups[1]["offers"][0]
    assert (indicator["title"], indicator["note"]) == ("NI-14: Readmissions within 28 days", "")
    assert indicator["words"] == "Live figures: indicator NI-14"
    assert budget["note"] == "draft"


def test_an_indicator_without_a_value_is_offered_with_that_said(ready_plan, officer, sign_in, indicator):
    revise(indicator, None)
    groups = sign_in(officer).get("/angus/plan/2026-29/figures/").json()["groups"]
    assert groups[0]["offers"][0]["note"] == "no value for Angus yet"


def test_the_editors_text_box_names_the_offers(ready_plan, officer, sign_in):
    page = page_of(sign_in(officer), "/angus/plan/2026-29/sections/needs/")
    assert page.get_element_by_id("id_body").get("data-placed") == "/angus/plan/2026-29/figures/"


@pytest.mark.parametrize("where", ["sections/neighbours", "localities/north-angus"])
def test_whoever_reads_a_text_is_led_to_where_its_figures_are_shown(
    ready_plan, officer, auditor, sign_in, where
):
    client, words = sign_in(auditor), "Read this text with its figures"
    assert not page_of(client, f"/angus/plan/2026-29/{where}/").xpath(f"//a[.='{words}']")
    text_at(ready_plan, where).__class__.objects.filter(pk=text_at(ready_plan, where).pk).update(
        body=paragraph("indicator:NI-14"), word_count=4
    )
    (link,) = page_of(client, f"/angus/plan/2026-29/{where}/").xpath(f"//a[.='{words}']/@href")
    assert page_of(client, link).find_class("plan-live")


@pytest.mark.parametrize("where", ["sections/needs", "localities/north-angus"])
def test_without_the_editor_figures_are_added_at_the_end(ready_plan, officer, north_lead, sign_in, where):
    client = sign_in(officer if where.startswith("sections") else north_lead)
    path = f"/angus/plan/2026-29/{where}/figures/"
    assert len(page_of(client, path).xpath("//input[@name='reference']")) == 9
    narrowed = page_of(client, f"{path}?q=said+north")
    assert narrowed.xpath("//input[@name='reference']/@value") == ["engagement:north-angus"]
    before = text_at(ready_plan, where).body
    response = client.post(path, {"reference": "indicator:NI-14"})
    assert response.url == f"/angus/plan/2026-29/{where}/"
    text = text_at(ready_plan, where)
    assert text.body == before + paragraph("indicator:NI-14")
    assert text.revisions.first().reason == "Placed: Live figures: indicator NI-14"


def text_at(plan, where):
    kind, key = where.split("/")
    if kind == "sections":
        return plan.sections.get(key=key)
    return plan.arrangements.get(locality__slug=key)


@pytest.mark.parametrize("sent", ["", "indicator", "money:all"])
def test_only_what_can_be_shown_is_added(ready_plan, officer, sign_in, sent):
    response = sign_in(officer).post("/angus/plan/2026-29/sections/needs/figures/", {"reference": sent})
    assert response.status_code == 422
    assert b"Choose what shall be shown" in response.content
    assert ready_plan.sections.get(key="needs").body == ""


def test_figures_are_not_added_over_the_head_of_text_that_is_not_saved(ready_plan, officer, sign_in):
    section = ready_plan.sections.get(key="needs")
    services.keep_copy(text=section, by=officer, body="<p>Half a thought</p>", base_revision=0)
    response = sign_in(officer).post("/angus/plan/2026-29/sections/needs/figures/", {"reference": "outcomes"})
    assert response.status_code == 409
    assert "not saved yet" in response.content.decode()
    section.refresh_from_db()
    assert section.body == ""


def test_who_may_not_write_places_nothing(ready_plan, auditor, sign_in):
    path = "/angus/plan/2026-29/sections/needs/figures/"
    assert sign_in(auditor).post(path, {"reference": "outcomes"}).status_code == 403
    assert sign_in(auditor).get(path).status_code == 403


def test_blocks_that_two_people_placed_are_both_kept(ready_plan, officer, chief_officer):
    section = place(ready_plan, officer, "outcomes")
    seen, base = section.revision, section.body
    services.save_section(
        section=section, body=paragraph("indicator:NI-14") + base, expected_revision=seen, by=officer
    )
    together = services.save_section(
        section=section, body=base + paragraph("principles"), expected_revision=seen, by=chief_officer
    )
    assert [str(one) for one in map(Reference.read, references_in_order(together.body))] == [
        "indicator:NI-14",
        "outcomes",
        "principles",
    ]


def test_a_block_can_be_commented_on_but_no_other_words_suggested_for_it(ready_plan, officer):
    section = place(ready_plan, officer, "outcomes")
    services.add_comment(text=section, words="Is this the right table?", by=officer, block=1)
    _, block = commented_text(section).blocks
    assert [thread.comment.words for thread in block.threads] == ["Is this the right table?"]
    assert not block.takes_suggestions


def test_a_section_that_the_law_asks_for_needs_words_beside_its_figures(ready_plan, officer):
    section = ready_plan.sections.filter(is_statutory=True, key="neighbours").get()
    services.save_section(
        section=section,
        body=paragraph("indicator:NI-14") + paragraph("outcomes"),
        expected_revision=section.revision,
        by=officer,
    )
    (told,) = [one for one in checks_of(ready_plan) if f"“{section.title}” is written" in one.claim]
    assert told.blocks
    assert told.words.startswith("It shows figures and has no words.")
    assert "neighbours" in {part.key for part in draft_edition(ready_plan).sections}
    place(ready_plan, officer, "indicator:NI-14")
    (told,) = [one for one in checks_of(ready_plan) if f"“{section.title}” is written" in one.claim]
    assert told.is_met


def test_a_locality_needs_words_beside_its_figures(ready_plan, officer):
    for row in ready_plan.arrangements.select_related("locality"):
        services.save_arrangement(
            plan=ready_plan,
            locality=row.locality,
            body=paragraph("indicator:NI-14"),
            expected_revision=row.revision,
            by=officer,
        )
    (told,) = [one for one in checks_of(ready_plan) if one.rule == "R-PLAN-02"]
    assert told.blocks
    assert "Nothing is written yet for" in told.words
