"""Nothing that somebody types is lost, and two people who write at the same time are brought together."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.audit.models import Entry
from strategic_plans import services
from strategic_plans.models import WorkingCopy
from strategic_plans.selectors.copies import desk_of
from strategic_plans.tasks import forget_copies

pytestmark = pytest.mark.django_db

BEGUN = "<p>One two three four.</p><p>The end.</p>"
THEIRS = "<p>One 2 three four.</p><p>The end.</p>"
MINE = "<p>One two three four.</p><p>The end, at last.</p>"
TOGETHER = "<p>One 2 three four.</p><p>The end, at last.</p>"


@pytest.fixture
def section(plan, officer):
    section = plan.sections.get(key="needs")
    section.plan = plan
    return services.save_section(section=section, body=BEGUN, expected_revision=0, by=officer)


def save(section, body, revision, by):
    return services.save_section(section=section, body=body, expected_revision=revision, by=by)


def url(section, name="section"):
    return reverse(f"strategic_plans:{name}", args=["angus", section.plan.slug, section.key])


# Brought together


def test_what_two_people_changed_in_different_places_is_brought_together(section, officer, chief_officer):
    save(section, THEIRS, 1, chief_officer)
    saved = save(section, MINE, 1, officer)
    assert (saved.body, saved.revision) == (TOGETHER, 4)
    history = [(row.number, row.body, row.saved_by, row.reason) for row in saved.revisions.all()[:3]]
    assert history == [
        (4, TOGETHER, officer, "Brought together with revision 2"),
        (3, MINE, officer, "Written from revision 1"),
        (2, THEIRS, chief_officer, ""),
    ]
    assert Entry.objects.filter(action="strategic_plans.section_saved").count() == 4


def test_what_the_other_wrote_already_changes_nothing(section, officer, chief_officer):
    save(section, TOGETHER, 1, chief_officer)
    assert save(section, MINE, 1, officer).revision == 2


def test_the_page_says_that_both_were_brought_together(section, officer, chief_officer, sign_in):
    save(section, THEIRS, 1, chief_officer)
    response = sign_in(officer).post(url(section), {"body": MINE, "revision": "1"}, follow=True)
    assert "brought together with what was saved while you were writing" in response.content.decode()


def test_a_revision_that_never_was_brings_nothing_together(section, officer):
    with pytest.raises(services.TextChanged) as refusal:
        save(section, MINE, 99, officer)
    assert (refusal.value.base, refusal.value.theirs) == (0, BEGUN)


def test_setting_aside_never_takes_back_what_somebody_saved_in_between(section, officer, chief_officer):
    save(section, THEIRS, 1, chief_officer)
    with pytest.raises(services.TextChanged):
        services.set_aside_section(section=section, body=MINE, expected_revision=1, by=officer)
    section.refresh_from_db()
    assert (section.body, section.revision) == (THEIRS, 2)


# Choosing


def test_one_chooses_what_stands_where_both_changed_the_same(section, officer, chief_officer, sign_in):
    save(section, "<p>One 2 three four.</p><p>The end.</p>", 1, chief_officer)
    client = sign_in(officer)
    mine = "<p>One zwei three four.</p><p>The end, at last.</p>"
    page = client.post(url(section), {"body": mine, "revision": "1", "reason": "Why not"})
    html = page.content.decode()
    assert page.status_code == 409
    assert "Choose what stands in one place" in html
    for words in ("One 2 three four.", "One zwei three four.", "Catriona Chief", 'name="choice-1"'):
        assert words in html
    sent = {"choices": "1", "mine": mine, "base": "1", "revision": "2", "reason": "Why not"}
    for choice, first in (
        ("theirs", "<p>One 2 three four.</p>"),
        ("mine", "<p>One zwei three four.</p>"),
        ("both", "<p>One 2 three four.</p><p>One zwei three four.</p>"),
        ("nonsense", "<p>One 2 three four.</p><p>One zwei three four.</p>"),
    ):
        section.refresh_from_db()
        services.save_section(
            section=section, body=THEIRS + "<p>.</p>", expected_revision=section.revision, by=chief_officer
        )
        section.refresh_from_db()
        services.save_section(
            section=section, body=THEIRS, expected_revision=section.revision, by=chief_officer
        )
        section.refresh_from_db()
        sent |= {"choice-1": choice, "revision": str(section.revision)}
        assert client.post(url(section), sent).status_code == 302
        section.refresh_from_db()
        assert section.body == first + "<p>The end, at last.</p>"


@pytest.mark.parametrize("field", ["base", "revision"])
@pytest.mark.parametrize("value", ["", "-1", "x", "9" * 30])
def test_choices_that_cannot_be_read_lose_nothing(section, officer, sign_in, field, value):
    sent = {"choices": "1", "mine": MINE, "base": "1", "revision": "1"} | {field: value}
    answer = sign_in(officer).post(url(section), sent)
    assert answer.status_code in {302, 409, 422}
    section.refresh_from_db()
    assert "One two three four." in section.body


# Kept while it is not saved


def keep(client, section, body, **more):
    sent = {"body": body, "revision": "1", "typed": "on"} | more
    return client.post(url(section, "section_copy"), sent)


def test_what_is_typed_is_kept_and_offered_again(section, officer, sign_in):
    client = sign_in(officer)
    answer = keep(client, section, MINE)
    assert answer.json()["kept"]
    assert WorkingCopy.objects.get().body == MINE
    html = client.get(url(section)).content.decode()
    assert "The end, at last." in html
    assert "Your text, not saved yet" in html
    assert "data-unsaved hidden" not in html
    section.refresh_from_db()
    assert section.body == BEGUN
    assert not Entry.objects.filter(action__contains="copy").exists()


def test_the_last_of_what_is_typed_is_kept(section, officer, sign_in):
    client = sign_in(officer)
    keep(client, section, MINE)
    keep(client, section, "<p>Later</p>", revision="1")
    assert [copy.body for copy in WorkingCopy.objects.all()] == ["<p>Later</p>"]


def test_an_unsaved_text_is_its_writers_alone(section, officer, chief_officer, auditor, sign_in):
    keep(sign_in(officer), section, "<p>Not for others</p>")
    for person in (chief_officer, auditor):
        assert "Not for others" not in sign_in(person).get(url(section)).content.decode()


def test_saving_lets_go_of_what_was_kept(section, officer, sign_in):
    client = sign_in(officer)
    keep(client, section, MINE)
    page = "0d7c4b4e-3f5a-4a53-9d3a-0a6f6a1f2b3c"
    response = client.post(url(section), {"body": MINE, "revision": "1", "page": page})
    assert response["Location"] == f"{url(section)}?saved={page}"
    assert not WorkingCopy.objects.exists()


def test_throwing_away_shows_what_is_saved(section, officer, sign_in):
    client = sign_in(officer)
    keep(client, section, MINE)
    html = client.post(url(section, "section_copy"), {"throw-away": "1"}, follow=True).content.decode()
    assert "The end, at last." not in html
    assert not WorkingCopy.objects.exists()


def test_restoring_an_old_state_leaves_what_was_typed_alone(section, officer):
    save(section, MINE, 1, officer)
    section.refresh_from_db()
    services.keep_copy(text=section, by=officer, body="<p>Typed</p>", base_revision=2)
    services.restore_section(section=section, number=1, expected_revision=2, by=officer)
    assert WorkingCopy.objects.get().body == "<p>Typed</p>"


def test_a_clash_keeps_mine_also_if_the_page_is_closed(section, officer, chief_officer, sign_in):
    save(section, "<p>Theirs</p>", 1, chief_officer)
    assert sign_in(officer).post(url(section), {"body": "<p>Mine</p>", "revision": "1"}).status_code == 409
    copy = WorkingCopy.objects.get()
    assert (copy.body, copy.base_revision, copy.person) == ("<p>Mine</p>", 1, officer)
    html = sign_in(officer).get(url(section)).content.decode()
    assert "Catriona Chief saved revision 2" in html


def test_a_published_plan_takes_no_more_text_and_shows_what_was_not_saved(section, officer, sign_in):
    client = sign_in(officer)
    keep(client, section, "<p>Too late</p>")
    section.plan.period_end = section.plan.period_end or timezone.localdate()
    section.plan.state = "superseded"
    section.plan.save()
    assert keep(client, section, "<p>Later still</p>").status_code == 403
    html = client.get(url(section)).content.decode()
    assert "Your text that was never saved" in html
    assert "Too late" in html


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"revision": "x"}, 422), ({"body": "<p>" * 50_000, "typed": "on", "revision": "1"}, 422), ({}, 422)],
)
def test_what_cannot_be_kept_is_said(section, officer, sign_in, sent, status):
    answer = sign_in(officer).post(url(section, "section_copy"), sent)
    assert answer.status_code == status
    assert answer.json()["fault"]


def test_only_writers_keep_texts(section, auditor, north_lead, outsider, sign_in):
    assert keep(sign_in(auditor), section, MINE).status_code == 403
    assert keep(sign_in(north_lead), section, MINE).status_code == 403
    assert keep(sign_in(outsider), section, MINE).status_code == 404
    assert not WorkingCopy.objects.exists()


def test_a_lead_keeps_arrangements_for_which_nothing_was_written_yet(plan, north_lead, sign_in):
    plan.arrangements.all().delete()
    where = reverse("strategic_plans:arrangement_copy", args=["angus", plan.slug, "north-angus"])
    answer = sign_in(north_lead).post(where, {"body": "<p>Draft</p>", "revision": "0", "typed": "on"})
    assert answer.status_code == 200
    assert WorkingCopy.objects.get().arrangement.locality.slug == "north-angus"


# Who else is there


def test_who_else_has_the_text_open_is_shown(section, officer, chief_officer, sign_in):
    chief = sign_in(chief_officer)
    chief.post(url(section, "section_copy"), {"revision": "1"})
    answer = sign_in(officer).post(url(section, "section_copy"), {"revision": "1"}).json()
    assert answer["others"] == "Catriona Chief has this text open too."
    keep(chief, section, MINE)
    words = desk_of(section, officer).others_in_words
    assert words == "Catriona Chief (has text that is not saved yet) has this text open too."
    WorkingCopy.objects.update(seen_at=timezone.now() - timedelta(seconds=31))
    assert desk_of(section, officer).others_in_words == ""


def test_several_others_are_named(section, officer, chief_officer, auditor, clerk):
    for person in (chief_officer, clerk):
        services.look_in(text=section, by=person)
    names = sorted([chief_officer.name, clerk.name])
    assert desk_of(section, officer).others_in_words == f"{names[0]} and {names[1]} have this text open too."


def test_what_was_saved_meanwhile_is_told(section, officer, chief_officer, sign_in):
    save(section, THEIRS, 1, chief_officer)
    answer = keep(sign_in(officer), section, MINE).json()
    assert answer["saved"].startswith("Catriona Chief saved this text at ")


# Forgetting


def test_what_nobody_came_back_to_is_forgotten_after_thirty_days(section, officer, chief_officer):
    services.keep_copy(text=section, by=officer, body=MINE, base_revision=1)
    services.keep_copy(text=section, by=chief_officer, body=THEIRS, base_revision=1)
    WorkingCopy.objects.filter(person=officer).update(seen_at=timezone.now() - timedelta(days=31))
    forget_copies()
    assert WorkingCopy.objects.get().person == chief_officer
