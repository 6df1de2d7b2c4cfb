"""The workspace's pages: what they show, what they refuse, and that nothing typed is lost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.models import Activity
from foundation.documents.models import Document
from partnerships.enums import Role
from strategic_plans import services
from strategic_plans.enums import PlanState
from strategic_plans.models import Plan, PlanVersion, Priority

pytestmark = pytest.mark.django_db

HOSTILE = '<p onclick="steal()">Kept words<script>alert(1)</script><a href="javascript:alert(2)">link</a></p>'


def at(name, *arguments):
    return reverse(f"strategic_plans:{name}", args=["angus", *arguments])


def of(plan, name, *arguments):
    return at(name, plan.slug, *arguments)


def text_of(response):
    return response.content.decode()


# Starting


def test_an_officer_starts_a_plan_on_one_screen(partnership, localities, officer, sign_in):
    response = sign_in(officer).post(
        at("new"),
        {
            "title": "Angus plan 2026 to 2029",
            "period_start": "1 April 2026",
            "period_end": "31/03/2029",
            "reason": "review",
        },
    )
    assert response.status_code == 302
    plan = Plan.objects.get()
    assert (response.url, plan.started_by) == (of(plan, "workspace"), officer)
    assert plan.arrangements.count() == 2


def test_what_was_typed_is_still_there_when_a_plan_is_not_started(partnership, officer, sign_in):
    response = sign_in(officer).post(
        at("new"), {"title": "", "period_start": "1 April 2029", "period_end": "soon", "reason": "review"}
    )
    assert response.status_code == 422
    assert 'value="1 April 2029"' in text_of(response)
    assert 'value="soon"' in text_of(response)
    assert "Enter the title" in text_of(response)
    assert not Plan.objects.exists()


def test_a_plan_does_not_end_before_it_starts(partnership, officer, sign_in):
    response = sign_in(officer).post(
        at("new"),
        {"title": "Plan", "period_start": "1/4/2029", "period_end": "31/3/2029", "reason": "review"},
    )
    assert "must come after its first day" in text_of(response)


def test_details_changed_by_two_people_are_shown_side_by_side(plan, officer, chief_officer, sign_in):
    period = {"period_start": plan.period_start, "period_end": plan.period_end}
    services.change_plan(plan=plan, title="Their title", expected_revision=1, by=chief_officer, **period)
    client = sign_in(officer)
    sent = {
        "title": "My title",
        "period_start": "01/04/2026",
        "period_end": "31/03/2029",
        "revision": "1",
    }
    response = client.post(of(plan, "details"), sent)
    assert response.status_code == 409
    assert "Their title" in text_of(response)
    assert 'value="My title"' in text_of(response)
    assert client.post(of(plan, "details"), sent | {"revision": "2"}).status_code == 302
    plan.refresh_from_db()
    assert plan.title == "My title"


# Writing


def test_an_officer_writes_a_section_and_sees_that_it_is_saved(plan, officer, sign_in):
    client = sign_in(officer)
    page = client.get(of(plan, "section", "needs"))
    assert "Nothing is saved here yet" in text_of(page)
    assert "The strategic needs assessment in short" in text_of(page)
    response = client.post(
        of(plan, "section", "needs"), {"body": HOSTILE, "reason": "First draft", "revision": "0"}, follow=True
    )
    assert "Saved" in text_of(response)
    assert "by Olive Officer. Revision 1." in text_of(response)
    section = plan.sections.get(key="needs")
    assert section.body == "<p>Kept wordslink</p>"
    for harm in ("steal()", "alert(1)", "javascript:"):
        assert harm not in text_of(response)


def test_hostile_text_written_past_the_form_is_harmless_on_every_page(
    ready_plan, officer, sign_in, chief_officer
):
    ready_plan.sections.filter(key="neighbours").update(body=HOSTILE, word_count=3)
    ready_plan.arrangements.update(body=HOSTILE)
    chief = sign_in(chief_officer)
    pages = [
        of(ready_plan, "section", "neighbours"),
        of(ready_plan, "arrangement", "north-angus"),
        of(ready_plan, "preview_chapter", "neighbours"),
        of(ready_plan, "preview_chapter", "locality-north-angus"),
    ]
    for page in pages:
        html = text_of(chief.get(page))
        assert "Kept words" in html
        assert "<script>alert" not in html
        assert "onclick" not in html.replace("&lt;p onclick", "")
    assert "&lt;script&gt;" in text_of(sign_in(officer).get(pages[0]))


@pytest.mark.parametrize(
    ("chapter", "written_at"),
    [("neighbours", ("section", "neighbours")), ("locality-north-angus", ("arrangement", "north-angus"))],
)
def test_the_preview_leads_to_where_each_part_is_written(ready_plan, officer, sign_in, chapter, written_at):
    page = text_of(sign_in(officer).get(of(ready_plan, "preview_chapter", chapter)))
    assert f'href="{of(ready_plan, *written_at)}">Go to where this part is written' in page


def test_two_people_saving_one_section_both_see_both_texts(plan, officer, chief_officer, sign_in):
    section = plan.sections.get(key="needs")
    services.save_section(
        section=section, body="<p>Their words stand.</p>", expected_revision=0, by=chief_officer
    )
    client = sign_in(officer)
    sent = {"body": "<p>My words stand.</p>", "reason": "Mine", "revision": "0"}
    response = client.post(of(plan, "section", "needs"), sent)
    html = text_of(response)
    assert response.status_code == 409
    assert "Their words stand." in html
    assert "My words stand." in html
    assert "[removed:</span> Their" in html
    assert "[added:</span> My" in html
    assert "Catriona Chief" in html
    assert 'name="revision" value="1"' in html

    merged = client.post(
        of(plan, "section", "needs"),
        {"body": "<p>Their words stand.</p><p>My words stand.</p>", "reason": "Both", "revision": "1"},
    )
    assert merged.status_code == 302
    section.refresh_from_db()
    assert section.revision == 2
    assert [row.saved_by for row in section.revisions.all()] == [officer, chief_officer]


def test_keeping_the_saved_text_puts_mine_into_the_history(plan, officer, chief_officer, sign_in):
    section = plan.sections.get(key="needs")
    services.save_section(section=section, body="<p>Theirs</p>", expected_revision=0, by=chief_officer)
    sent = {"body": "<p>Mine</p>", "reason": "", "revision": "1", "set-aside": "1"}
    assert sign_in(officer).post(of(plan, "section", "needs"), sent).status_code == 302
    section.refresh_from_db()
    assert section.body == "<p>Theirs</p>"
    assert [row.body for row in section.revisions.all()] == ["<p>Theirs</p>", "<p>Mine</p>", "<p>Theirs</p>"]


def test_a_text_that_is_too_long_is_refused_in_words(plan, officer, sign_in):
    response = sign_in(officer).post(
        of(plan, "section", "needs"), {"body": "x" * 400_001, "reason": "", "revision": "0"}
    )
    assert response.status_code == 422
    assert "400,000" in text_of(response)
    assert "x" * 400_001 in text_of(response)
    assert plan.sections.get(key="needs").revision == 0


@pytest.mark.parametrize("revision", ["", "-1", "none", "99999999999999999999"])
def test_a_form_without_its_revision_saves_nothing(plan, officer, sign_in, revision):
    services.save_section(
        section=plan.sections.get(key="needs"), body="<p>Kept</p>", expected_revision=0, by=officer
    )
    response = sign_in(officer).post(
        of(plan, "section", "needs"), {"body": "<p>Typed</p>", "reason": "", "revision": revision}
    )
    assert response.status_code in {409, 422}
    assert "Typed" in text_of(response)
    assert plan.sections.get(key="needs").body == "<p>Kept</p>"


def test_history_shows_who_when_and_why_and_what_changed(plan, officer, chief_officer, sign_in):
    section = plan.sections.get(key="needs")
    services.save_section(
        section=section, body="<p>One old word.</p>", expected_revision=0, by=officer, reason="Start"
    )
    services.save_section(
        section=section, body="<p>One new word.</p>", expected_revision=1, by=chief_officer, reason="Better"
    )
    client = sign_in(officer)
    history = text_of(client.get(of(plan, "section_history", "needs")))
    assert history.index("Revision 2") < history.index("Revision 1</a>")
    assert "Catriona Chief" in history
    assert "Better" in history
    revision = text_of(client.get(of(plan, "section_revision", "needs", 2)))
    assert "[removed:</span> old" in revision
    assert "[added:</span> new" in revision
    backwards = text_of(client.get(of(plan, "section_revision", "needs", 1), {"with": "2"}))
    assert "[added:</span> old" in backwards


@pytest.mark.parametrize("other", ["", "7", "two", "-1", "99999999999999999999", "¹"])
def test_a_revision_that_is_not_there_is_not_compared_with(plan, officer, sign_in, other):
    section = plan.sections.get(key="needs")
    services.save_section(section=section, body="<p>One</p>", expected_revision=0, by=officer)
    response = sign_in(officer).get(of(plan, "section_revision", "needs", 1), {"with": other})
    assert response.status_code == 200


def test_an_old_state_is_restored_from_its_page(plan, officer, sign_in):
    section = plan.sections.get(key="needs")
    services.save_section(section=section, body="<p>One</p>", expected_revision=0, by=officer)
    services.save_section(section=section, body="<p>Two</p>", expected_revision=1, by=officer)
    client = sign_in(officer)
    assert client.post(of(plan, "section_revision", "needs", 1), {"revision": "2"}).status_code == 302
    section.refresh_from_db()
    assert (section.body, section.revision) == ("<p>One</p>", 3)
    conflict = client.post(of(plan, "section_revision", "needs", 2), {"revision": "2"})
    assert conflict.status_code == 409
    assert client.post(of(plan, "section_revision", "needs", 9), {"revision": "3"}).status_code == 404


# Who may write what


def test_only_the_lead_of_a_locality_writes_its_arrangements(plan, north_lead, south_lead, officer, sign_in):
    url = of(plan, "arrangement", "north-angus")
    sent = {"body": "<p>Nurses in the glens.</p>", "reason": "", "revision": "0"}
    for other in (south_lead, officer):
        refused = sign_in(other).post(url, sent)
        assert refused.status_code == 403
        page = sign_in(other).get(url)
        assert page.status_code == 200
        assert "<textarea" not in text_of(page)
    assert sign_in(north_lead).post(url, sent).status_code == 302
    assert "Nurses in the glens." in text_of(sign_in(officer).get(url))


def test_a_lead_reads_the_sections_and_changes_none(plan, north_lead, sign_in):
    client = sign_in(north_lead)
    page = client.get(of(plan, "section", "needs"))
    assert page.status_code == 200
    assert "Planning officer" in text_of(page)
    refused = client.post(of(plan, "section", "needs"), {"body": "<p>x</p>", "revision": "0"})
    assert refused.status_code == 403


WRITES = [
    ("new", ()),
    ("details", ()),
    ("section", ("needs",)),
    ("new_section", ()),
    ("section_about", ("needs",)),
    ("move_section", ("needs",)),
    ("remove_section", ("needs",)),
    ("section_revision", ("needs", 1)),
    ("arrangement", ("north-angus",)),
    ("new_priority", ()),
    ("change_priority", (0,)),
    ("move_priority", (0,)),
    ("remove_priority", (0,)),
    ("publish", ()),
]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.FINANCE_OFFICER, Role.PARTNER_OFFICER, Role.SUPPORT])
@pytest.mark.parametrize(("name", "arguments"), WRITES, ids=[name for name, _ in WRITES])
def test_who_does_not_write_the_plan_is_refused_by_the_server(
    ready_plan, cast, sign_in, role, name, arguments
):
    priority = ready_plan.priorities.get()
    where = [priority.pk if argument == 0 else argument for argument in arguments]
    url = at(name) if name == "new" else of(ready_plan, name, *where)
    sections = list(ready_plan.sections.values_list("revision"))
    response = sign_in(cast[role]).post(url, {"body": "<p>x</p>", "revision": "1", "title": "x"})
    assert response.status_code in {403, 404}
    assert list(ready_plan.sections.values_list("revision")) == sections
    assert list(ready_plan.priorities.values_list("title")) == [(priority.title,)]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [*WRITES, ("workspace", ()), ("check", ()), ("preview", ()), ("versions", ()), ("priorities", ())],
)
def test_people_of_other_partnerships_find_nothing(ready_plan, outsider, sign_in, name, arguments):
    where = [ready_plan.priorities.get().pk if argument == 0 else argument for argument in arguments]
    url = at(name) if name == "new" else of(ready_plan, name, *where)
    client = sign_in(outsider)
    assert client.get(url).status_code in {404, 405}
    assert client.post(url, {}).status_code in {404, 405}


def test_a_plan_of_another_partnership_is_not_found_under_ones_own(
    plan, other_partnership, outsider, sign_in
):
    response = sign_in(outsider).get(reverse("strategic_plans:workspace", args=["moray", plan.slug]))
    assert response.status_code == 404


def test_a_published_plan_says_why_it_cannot_be_changed(ready_plan, officer, sign_in):
    Plan.objects.filter(pk=ready_plan.pk).update(state=PlanState.PUBLISHED)
    client = sign_in(officer)
    page = client.get(of(ready_plan, "section", "needs"))
    assert "its text is frozen" in text_of(page)
    assert "<textarea" not in text_of(page)
    refused = client.post(of(ready_plan, "section", "needs"), {"body": "<p>x</p>", "revision": "0"})
    assert refused.status_code == 403
    assert "Start its successor" in text_of(refused)


# Priorities


def priority_form(**changed):
    form = {
        "title": "Care at home first",
        "rationale": "Because.",
        "outcome_2": "People stay at home.",
        "revision": "0",
        "funding-TOTAL_FORMS": "2",
        "funding-INITIAL_FORMS": "0",
        "funding-0-line": "",
        "funding-0-share": "",
        "funding-1-line": "",
        "funding-1-share": "",
    }
    return form | changed


def test_an_officer_adds_a_priority_with_its_links(plan, officer, sign_in, indicator, line, principles):
    response = sign_in(officer).post(
        of(plan, "new_priority"),
        priority_form(
            principles=[principles[0].pk],
            indicators=[indicator.pk],
            **{"funding-0-line": line.pk, "funding-0-share": "12.5"},
        ),
    )
    assert response.status_code == 302
    priority = plan.priorities.get()
    assert priority.outcome_links.get().explanation == "People stay at home."
    assert priority.funding.get().amount == 3_750_000
    assert list(priority.indicators.all()) == [indicator]
    listed = text_of(sign_in(officer).get(of(plan, "priorities")))
    assert "12.5% of Care at home" in listed


def test_a_share_above_what_is_left_is_refused_beside_its_row(ready_plan, officer, sign_in, line):
    response = sign_in(officer).post(
        of(ready_plan, "new_priority"),
        priority_form(**{"funding-1-line": line.pk, "funding-1-share": "61"}),
    )
    html = text_of(response)
    assert response.status_code == 422
    assert "you gave 61%" in html
    assert "leave 60%" in html
    assert 'href="#id_funding-1-share"' in html
    assert "Care at home first" in html
    assert ready_plan.priorities.count() == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"funding-0-share": "10"}, "Choose the budget line"),
        ({"funding-0-line": "LINE"}, "Enter the share of this line"),
        ({"funding-0-line": "LINE", "funding-0-share": "0"}, "more than 0"),
        ({"funding-0-line": "LINE", "funding-0-share": "100.01"}, "at most 100"),
        ({"funding-0-line": "LINE", "funding-0-share": "half"}, "Enter the share as a number"),
        ({"funding-0-line": "LINE", "funding-0-share": "NaN"}, "Enter the share as a number"),
        ({"funding-0-line": "999999", "funding-0-share": "10"}, "Select a valid choice"),
        (
            {
                "funding-0-line": "LINE",
                "funding-0-share": "10",
                "funding-1-line": "LINE",
                "funding-1-share": "5",
            },
            "named in a row above",
        ),
    ],
)
def test_rows_of_money_are_checked_in_words(plan, officer, sign_in, line, row, words):
    row = {name: str(line.pk) if value == "LINE" else value for name, value in row.items()}
    response = sign_in(officer).post(of(plan, "new_priority"), priority_form(**row))
    assert response.status_code == 422
    assert words in text_of(response)
    assert not plan.priorities.exists()


def test_a_priority_changed_by_two_people_is_shown_side_by_side(ready_plan, officer, chief_officer, sign_in):
    priority = ready_plan.priorities.get()
    services.change_priority(
        priority=priority,
        details=services.PriorityDetails(title="Their title"),
        expected_revision=1,
        by=chief_officer,
    )
    client = sign_in(officer)
    url = of(ready_plan, "change_priority", priority.pk)
    response = client.post(url, priority_form(title="My title", revision="1"))
    assert response.status_code == 409
    assert "Their title" in text_of(response)
    assert 'value="My title"' in text_of(response)
    assert f"{chief_officer.name} saved at" in text_of(response)
    assert "reasons and title." in text_of(response)
    assert client.post(url, priority_form(title="My title", revision="2")).status_code == 302


def test_priorities_are_moved_and_removed(plan, officer, sign_in):
    first, second = (
        services.add_priority(plan=plan, details=services.PriorityDetails(title=title), by=officer)
        for title in ("First", "Second")
    )
    client = sign_in(officer)
    client.post(of(plan, "move_priority", second.pk), {"up": "1"})
    assert list(plan.priorities.values_list("title", flat=True)) == ["Second", "First"]
    assert "Remove this priority?" in text_of(client.get(of(plan, "remove_priority", first.pk)))
    client.post(of(plan, "remove_priority", first.pk))
    assert list(plan.priorities.values_list("title", flat=True)) == ["Second"]
    assert client.post(of(plan, "remove_priority", first.pk)).status_code == 404


def test_those_who_may_not_change_a_priority_read_it(ready_plan, north_lead, sign_in):
    page = text_of(sign_in(north_lead).get(of(ready_plan, "priority", ready_plan.priorities.get().pk)))
    assert "It helps with outcome title 4." in page
    assert "£12,000,000" in page


# Checking and publishing


def test_the_check_page_says_what_is_missing_and_where_to_mend_it(plan, officer, sign_in):
    page = text_of(sign_in(officer).get(of(plan, "check")))
    assert "Not yet: something that the law asks for is missing" in page
    assert "2014 Act s.29(3)(b). Rule R-PLAN-02." in page
    assert f'href="{of(plan, "arrangement", "north-angus")}"' in page


def test_publishing_without_what_the_law_asks_for_says_all_of_it(plan, chief_officer, sign_in):
    client = sign_in(chief_officer)
    page = text_of(client.get(of(plan, "publish")))
    assert "This plan cannot be published yet" in page
    assert "s.29(3)(b)" in page
    assert "s.29(2)(b)" in page
    assert "approval_reference" not in page
    sent = {"approval_reference": "Item 7", "label": "", "reviewed": "x" * 64}
    response = client.post(of(plan, "publish"), sent)
    assert response.status_code == 409
    assert "s.29(3)(b)" in text_of(response)
    assert not PlanVersion.objects.exists()


def publish_form(client, plan):
    page = text_of(client.get(of(plan, "publish")))
    fingerprint = page.split('name="reviewed" value="')[1].split('"')[0]
    return page, {
        "approval_reference": "Board, 12 March 2026, item 7",
        "label": "Final",
        "reviewed": fingerprint,
    }


def test_a_chief_officer_sees_what_becomes_public_and_publishes_it(ready_plan, chief_officer, sign_in):
    client = sign_in(chief_officer)
    page, sent = publish_form(client, ready_plan)
    for shown in (
        "1 April 2026 to 31 March 2029",
        "Care at home first",
        "NI-14",
        "/published/angus/2026-29/",
    ):
        assert shown in page
    response = client.post(of(ready_plan, "publish"), sent)
    assert response.url == of(ready_plan, "version", 1)
    version = PlanVersion.objects.get()
    assert (version.label, version.published_by) == ("Final", chief_officer)
    document = Document.objects.get(kind="strategic_plans.plan_pdf")
    assert document.key == version.sha256
    assert "The content matches it" in text_of(client.get(response.url))


def test_a_plan_that_changed_while_it_was_read_is_shown_again(ready_plan, officer, chief_officer, sign_in):
    client = sign_in(chief_officer)
    _, sent = publish_form(client, ready_plan)
    services.save_section(
        section=ready_plan.sections.get(key="foreword"), body="<p>New</p>", expected_revision=0, by=officer
    )
    response = client.post(of(ready_plan, "publish"), sent)
    assert response.status_code == 409
    assert "The plan changed after you opened this page" in text_of(response)
    assert "Board, 12 March 2026, item 7" in text_of(response)
    assert not PlanVersion.objects.exists()


def test_publishing_needs_to_know_who_approved(ready_plan, chief_officer, sign_in):
    client = sign_in(chief_officer)
    _, sent = publish_form(client, ready_plan)
    response = client.post(of(ready_plan, "publish"), sent | {"approval_reference": " "})
    assert response.status_code == 422
    assert "Say who approved this text and where that is recorded" in text_of(response)
    assert not PlanVersion.objects.exists()


def test_whoever_started_a_plan_does_not_publish_it(ready_plan, chief_officer, sign_in):
    Plan.objects.filter(pk=ready_plan.pk).update(started_by=chief_officer)
    response = sign_in(chief_officer).get(of(ready_plan, "publish"))
    assert response.status_code == 403
    assert "two people answer for what becomes public" in text_of(response)


def test_an_officer_does_not_publish(ready_plan, officer, sign_in):
    response = sign_in(officer).get(of(ready_plan, "publish"))
    assert response.status_code == 403
    assert "Chief officer" in text_of(response)


# Documents


def test_a_draft_is_printed_on_request(ready_plan, officer, sign_in):
    response = sign_in(officer).post(of(ready_plan, "draft_pdf"))
    document = Document.objects.get()
    assert response.url == reverse("documents:detail", args=[document.pk])
    assert document.label == "Angus strategic plan 2026 to 2029, draft (Angus)"
    page = sign_in(officer).get(response.url)
    assert page.status_code == 200
    assert of(ready_plan, "workspace") in text_of(page)


def test_a_drafts_pdf_is_for_those_who_read_the_plan(
    ready_plan, officer, auditor, outsider, stranger, sign_in
):
    document = services.request_plan_pdf(plan=ready_plan, by=officer)
    url = reverse("documents:detail", args=[document.pk])
    assert sign_in(auditor).get(url).status_code == 200
    for other in (outsider, stranger):
        assert sign_in(other).get(url).status_code == 404


# Always the same number of queries


def count(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


PAGES = {
    "list": [],
    "workspace": ["PLAN"],
    "details": ["PLAN"],
    "section": ["PLAN", "neighbours"],
    "sections": ["PLAN"],
    "new_section": ["PLAN"],
    "section_about": ["PLAN", "neighbours"],
    "remove_section": ["PLAN", "neighbours"],
    "section_history": ["PLAN", "neighbours"],
    "section_revision": ["PLAN", "neighbours", 1],
    "arrangements": ["PLAN"],
    "arrangement": ["PLAN", "north-angus"],
    "priorities": ["PLAN"],
    "priority": ["PLAN", "PRIORITY"],
    "change_priority": ["PLAN", "PRIORITY"],
    "new_action": ["PLAN", "PRIORITY"],
    "actions": ["PLAN"],
    "thread": ["PLAN"],
    "new_priority": ["PLAN"],
    "remove_priority": ["PLAN", "PRIORITY"],
    "check": ["PLAN"],
    "publish": ["PLAN"],
    "preview": ["PLAN"],
    "preview_chapter": ["PLAN", "priorities"],
    "versions": ["PLAN"],
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_take_as_many_queries_for_three_rows_as_for_one(
    ready_plan, chief_officer, activity, sign_in, name
):
    first = ready_plan.priorities.get()
    known = {"PLAN": ready_plan.slug, "PRIORITY": first.pk}
    client = sign_in(chief_officer)
    url = at(name, *[known.get(argument, argument) for argument in PAGES[name]])
    few = count(client, url)
    for number in (2, 3):
        services.start_plan(partnership=ready_plan.partnership, title=f"Plan {number}", by=chief_officer)
        priority = Priority.objects.create(plan=ready_plan, number=number, title=f"Priority {number}")
        priority.outcomes.add(first.outcomes.first(), through_defaults={"explanation": "x"})
        services.save_section(
            section=ready_plan.sections.get(key="neighbours"),
            body=f"<p>State {number}</p>",
            expected_revision=number - 1,
            by=chief_officer,
        )
        more = Activity.objects.create(
            partnership=ready_plan.partnership,
            held_on=activity.held_on,
            place=f"Hall {number}",
            heard="More.",
        )
        more.groups.set(activity.groups.all())
    many = count(client, url)
    assert few == many
    assert many <= 15
