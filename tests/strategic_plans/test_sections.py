"""Which sections a plan has, in which order, who looks after each and by when."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.audit.models import Entry
from partnerships.permissions import standing_of
from strategic_plans import services
from strategic_plans.selectors.home import sections_due
from strategic_plans.services import SectionDetails

pytestmark = pytest.mark.django_db

KEYS = ["foreword", "about", "context"]


def url(plan, name, *arguments):
    return reverse(f"strategic_plans:{name}", args=["angus", plan.slug, *arguments])


def first_keys(plan, count=4):
    return [section.key for section in plan.sections.all()[:count]]


def section_of(plan, key):
    section = plan.sections.get(key=key)
    section.plan = plan
    return section


def details(**values):
    return SectionDetails(
        **{"title": "Our islands", "prompt": "Ferries.", "owner": None, "due_on": None} | values
    )


def test_a_section_is_added_behind_another(plan, officer):
    added = services.add_section(plan=plan, details=details(), after=section_of(plan, "about"), by=officer)
    assert (added.key, added.is_statutory, added.revision) == ("our-islands", False, 0)
    assert first_keys(plan) == ["foreword", "about", "our-islands", "context"]
    positions = list(plan.sections.values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))
    entry = Entry.objects.get(action="strategic_plans.section_added")
    assert ("position", None, 3) in entry.changes


def test_a_section_can_be_the_first_and_its_address_is_its_own(plan, officer):
    services.add_section(plan=plan, details=details(title="Foreword"), after=None, by=officer)
    again = services.add_section(plan=plan, details=details(title="Foreword"), after=None, by=officer)
    assert first_keys(plan, 3) == [again.key, "foreword-2", "foreword"]
    assert (
        services.add_section(plan=plan, details=details(title="???"), after=None, by=officer).key == "section"
    )


def test_what_is_said_about_a_section_changes_with_its_place(plan, officer, chief_officer):
    section = section_of(plan, "context")
    new = details(title="Law", owner=officer, due_on=date(2027, 3, 31))
    services.change_section(section=section, details=new, after=None, expected_revision=1, by=chief_officer)
    section.refresh_from_db()
    assert (section.title, section.owner, section.due_on, section.key) == (
        "Law",
        officer,
        date(2027, 3, 31),
        "context",
    )
    assert first_keys(plan, 3) == ["context", "foreword", "about"]
    assert section.details_revision == 2


def test_the_same_again_changes_nothing(plan, officer):
    section = section_of(plan, "about")
    same = SectionDetails.of(section)
    foreword = section_of(plan, "foreword")
    services.change_section(section=section, details=same, after=foreword, expected_revision=0, by=officer)
    assert not Entry.objects.filter(action="strategic_plans.section_changed").exists()


def test_two_people_who_change_the_same_section_are_told(plan, officer, chief_officer, sign_in):
    section = section_of(plan, "about")
    foreword = section_of(plan, "foreword")
    services.change_section(
        section=section,
        details=details(title="Theirs"),
        after=foreword,
        expected_revision=1,
        by=chief_officer,
    )
    client = sign_in(officer)
    sent = {"title": "Mine", "prompt": "", "after": foreword.pk, "owner": "", "due_on": "", "revision": "1"}
    answer = client.post(url(plan, "section_about", "about"), sent)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "heading “Theirs”" in html
    assert 'value="Mine"' in html
    assert client.post(url(plan, "section_about", "about"), sent | {"revision": "2"}).status_code == 302
    section.refresh_from_db()
    assert section.title == "Mine"


def test_sections_move_one_place_and_stop_at_the_ends(plan, officer, sign_in):
    client = sign_in(officer)
    client.post(url(plan, "move_section", "about"), {"up": "1"})
    assert first_keys(plan, 3) == ["about", "foreword", "context"]
    client.post(url(plan, "move_section", "about"), {"up": "1"})
    assert first_keys(plan, 3) == ["about", "foreword", "context"]
    client.post(url(plan, "move_section", "about"), {"down": "1"})
    assert first_keys(plan, 3) == KEYS
    assert Entry.objects.filter(action="strategic_plans.section_moved").count() == 2


def test_only_what_is_empty_and_not_needed_is_removed(plan, officer, sign_in):
    client = sign_in(officer)
    client.post(url(plan, "new_section"), {"title": "Our islands", "after": "", "owner": "", "due_on": ""})
    page = client.get(url(plan, "remove_section", "our-islands"))
    assert "Nothing is written in it" in page.content.decode()
    assert client.post(url(plan, "remove_section", "our-islands")).status_code == 302
    assert not plan.sections.filter(key="our-islands").exists()
    for key, words in (("measure", "so it stays"), ("priorities", "a plan cannot be without it")):
        answer = client.post(url(plan, "remove_section", key))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert plan.sections.filter(key=key).exists()


def test_a_section_with_saved_texts_is_emptied_instead(plan, officer):
    added = services.add_section(plan=plan, details=details(), after=None, by=officer)
    added.plan = plan
    services.save_section(section=added, body="<p>Words</p>", expected_revision=0, by=officer)
    with pytest.raises(services.SectionNeeded, match="Empty it instead"):
        services.remove_section(section=added, by=officer)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"title": ""}, "Enter the heading"),
        ({"title": "x" * 161}, "at most 160"),
        ({"title": "Good", "due_on": "soon"}, "Enter a real date"),
        ({"title": "Good", "after": "999999"}, "Select a valid choice"),
        ({"title": "Good", "owner": "999999"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(plan, officer, sign_in, sent, words):
    answer = sign_in(officer).post(url(plan, "new_section"), {"prompt": "Typed before", **sent})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert "Typed before" in html


def test_a_section_of_another_partnership_is_no_place(
    plan, officer, other_partnership, chief_officer, sign_in
):
    other = services.start_plan(partnership=other_partnership, title="Other", by=chief_officer)
    answer = sign_in(officer).post(
        url(plan, "new_section"), {"title": "Good", "after": other.sections.first().pk}
    )
    assert answer.status_code == 422


def test_the_owner_finds_the_section_among_what_is_due(plan, officer, chief_officer):
    tomorrow = timezone.localdate() + timedelta(days=1)
    section = section_of(plan, "about")
    services.change_section(
        section=section,
        details=details(title="About", owner=officer, due_on=tomorrow),
        after=None,
        expected_revision=1,
        by=chief_officer,
    )
    (mine,) = sections_due(standing_of(officer, plan.partnership))
    assert (mine.title, mine.due_on, mine.mine, mine.action) == (
        f"Write “About” in “{plan}”",
        tomorrow,
        True,
        "Write",
    )
    (theirs,) = sections_due(standing_of(chief_officer, plan.partnership))
    assert (theirs.mine, theirs.action) == (False, "See the section")
    section.refresh_from_db()
    section.plan = plan
    services.save_section(section=section, body="<p>Written</p>", expected_revision=0, by=officer)
    assert sections_due(standing_of(officer, plan.partnership)) == []
