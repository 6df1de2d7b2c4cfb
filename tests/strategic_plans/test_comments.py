"""What people say about a draft's text, where it stands when the text changes, and how it is settled."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml.html import fromstring

from foundation.audit.models import Entry
from strategic_plans import services
from strategic_plans.models import Comment
from strategic_plans.selectors.comments import commented_text, place_of

pytestmark = pytest.mark.django_db

FIRST, SECOND = "Home care starts within two days.", "Carers are asked how they are."
BODY = f"<p>{FIRST}</p><h2>Carers</h2><p>{SECOND}</p>"


@pytest.fixture
def section(plan, officer):
    section = plan.sections.get(key="needs")
    section.plan = plan
    saved = services.save_section(section=section, body=BODY, expected_revision=0, by=officer)
    saved.plan = plan
    return saved


@pytest.fixture
def comment(section, clerk):
    return services.add_comment(text=section, words="Is two days enough?", by=clerk, block=0)


def url(section, name="section_comments", *arguments):
    return reverse(
        f"strategic_plans:{name}", args=["angus", section.plan.slug, *(arguments or [section.key])]
    )


def rewrite(section, body, by):
    section.refresh_from_db()
    services.save_section(section=section, body=body, expected_revision=section.revision, by=by)
    section.refresh_from_db()


def places(section):
    section.refresh_from_db()
    found = commented_text(section)
    return [[thread.is_changed for thread in block.threads] for block in found.blocks], len(found.apart)


# Where a comment stands


def test_a_comment_stands_beside_its_paragraph_wherever_that_goes(section, comment, officer):
    assert comment.quote == FIRST
    assert places(section) == ([[False], [], []], 0)
    rewrite(section, f"<p>Quite new.</p><p>More.</p>{BODY}", officer)
    assert places(section) == ([[], [], [False], [], []], 0)


def test_a_comment_stays_with_its_paragraph_in_other_words(section, comment, officer):
    rewrite(section, BODY.replace("two days", "three days"), officer)
    assert places(section) == ([[True], [], []], 0)


def test_a_comment_on_what_is_gone_still_says_what_it_was_about(section, comment, officer, sign_in):
    rewrite(section, f"<p>{SECOND}</p>", officer)
    assert places(section) == ([[]], 1)
    html = sign_in(officer).get(url(section)).content.decode()
    assert f"About this paragraph as it was: “{FIRST}”" in html


def test_two_equal_paragraphs_are_one_place():
    assert place_of("Same.", ["Other.", "Same.", "Same."]) == 1
    assert place_of("", ["Same."]) is None
    assert place_of("Same.", []) is None


# Saying something


def test_everybody_who_works_here_comments_on_a_draft(
    section, planning_group_member, partner_officer, officer, sign_in
):
    for person in (planning_group_member, partner_officer):
        client = sign_in(person)
        assert "Comment" in client.get(f"{url(section)}?on=2").content.decode()
        sent = {"words": f"From {person.name}", "block": "2", "suggestion": "", "assigned_to": officer.pk}
        assert client.post(url(section), sent).status_code == 302
    assert Comment.objects.filter(quote=SECOND, assigned_to=officer).count() == 2
    assert Entry.objects.filter(action="strategic_plans.comment_written").count() == 2


def test_readers_comment_on_nothing(section, comment, auditor, supporter, outsider, sign_in):
    for person, status in ((auditor, 403), (supporter, 403), (outsider, 404)):
        client = sign_in(person)
        assert client.post(url(section), {"words": "x"}).status_code == status
        for act in ("answer_comment", "settle_comment", "reopen_comment"):
            assert client.post(url(section, act, comment.pk), {"words": "x"}).status_code == status
    assert Comment.objects.count() == 1
    assert "Is two days enough?" in sign_in(auditor).get(url(section)).content.decode()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"words": ""}, "Write your comment"),
        ({"words": "Good", "block": "99"}, "this paragraph is not there any more"),
        ({"words": "Good", "block": "x"}, "Enter a whole number"),
        ({"words": "Good", "assigned_to": "999999"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_said_stays_in_its_box(section, officer, sign_in, sent, words):
    answer = sign_in(officer).post(url(section), {"block": "0", "suggestion": "Typed before", **sent})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Comment.objects.exists()


def test_hostile_words_are_words(section, officer, sign_in):
    client = sign_in(officer)
    client.post(
        url(section), {"words": "<script>alert(1)</script>", "block": "0", "suggestion": "<img src=x>"}
    )
    html = client.get(url(section)).content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_answers_stand_under_the_comment(section, comment, officer, sign_in):
    client = sign_in(officer)
    assert client.post(url(section, "answer_comment", comment.pk), {"words": ""}).status_code == 422
    assert (
        client.post(url(section, "answer_comment", comment.pk), {"words": "It is the target."}).status_code
        == 302
    )
    html = client.get(url(section)).content.decode()
    assert html.index("Is two days enough?") < html.index("It is the target.")


# Settling


def test_writers_and_the_author_settle_and_anybody_opens_again(
    section, comment, officer, clerk, partner_officer, sign_in
):
    settle, reopen = url(section, "settle_comment", comment.pk), url(section, "reopen_comment", comment.pk)
    assert sign_in(partner_officer).post(settle).status_code == 403
    assert sign_in(clerk).post(settle, {"words": "Answered at the meeting"}).status_code == 302
    comment.refresh_from_db()
    assert (comment.settled_by, comment.settled_words, comment.was_taken) == (
        clerk,
        "Answered at the meeting",
        None,
    )
    answer = sign_in(officer).post(settle, follow=True)
    assert "Somebody settled this comment in between" in answer.content.decode()
    assert sign_in(partner_officer).post(reopen).status_code == 302
    comment.refresh_from_db()
    assert not comment.is_settled
    actions = Entry.objects.filter(action__startswith="strategic_plans.comment_")
    assert actions.count() == 3


@pytest.fixture
def suggested(section, clerk):
    return services.add_comment(
        text=section,
        words="Plainer",
        by=clerk,
        block=0,
        suggestion="Help at home comes in two days & <stays>.",
    )


def test_one_suggests_by_changing_the_words_and_sees_what_changed(section, clerk, sign_in):
    client = sign_in(clerk)
    page = fromstring(client.get(f"{url(section)}?on=2").content.decode())
    assert page.xpath("string(//textarea[@name='suggestion'])").split() == SECOND.split()
    (shown,) = page.xpath("//input[@name='shown']/@value")
    client.post(url(section), {"words": "Why?", "block": "2", "suggestion": f" {SECOND}\r\n", "shown": shown})
    assert Comment.objects.get().suggestion == ""
    other = f"{SECOND} Sooner."
    client.post(url(section), {"words": "So", "block": "2", "suggestion": other, "shown": shown})
    assert Comment.objects.latest("pk").suggestion == other
    (thread,) = fromstring(client.get(url(section)).content.decode()).find_class("plan-comparison")
    assert [" ".join(one.text_content().split()) for one in thread.iter("ins", "del")] == ["[added: Sooner.]"]


def test_a_suggestion_that_is_taken_is_the_text(section, suggested, officer, sign_in):
    assert (
        sign_in(officer).post(url(section, "settle_comment", suggested.pk), {"take": "1"}).status_code == 302
    )
    section.refresh_from_db()
    assert section.body.startswith("<p>Help at home comes in two days &amp; &lt;stays&gt;.</p><h2>")
    revision = section.revisions.first()
    assert (revision.number, revision.reason) == (2, f"Suggested by {suggested.written_by.name}")
    suggested.refresh_from_db()
    assert suggested.was_taken


def test_a_suggestion_that_is_taken_keeps_the_footnotes_that_it_still_names(section, clerk, officer):
    services.save_section(
        section=section,
        body='<p>Falls<small>See <a href="https://x.example">it</a> &amp; more</small> fell<small>NRS</small>.</p>',
        expected_revision=section.revision,
        by=officer,
    )
    section.refresh_from_db()
    comment = services.add_comment(
        text=section, block=0, words="Shorter", suggestion="Fewer falls [See it & more].", by=clerk
    )
    services.take_suggestion(comment=comment, by=officer)
    section.refresh_from_db()
    assert section.body == (
        '<p>Fewer falls<small>See <a href="https://x.example" rel="noopener">it</a> &amp; more</small>.</p>'
    )


def test_a_suggestion_is_not_taken_over_what_was_written_since(section, suggested, officer, sign_in):
    rewrite(section, BODY.replace("two days", "three days"), officer)
    answer = sign_in(officer).post(url(section, "settle_comment", suggested.pk), {"take": "1"}, follow=True)
    assert "The paragraph was changed after the suggestion was made" in answer.content.decode()
    section.refresh_from_db()
    suggested.refresh_from_db()
    assert "three days" in section.body
    assert not suggested.is_settled


def test_a_suggestion_that_is_not_taken_has_a_reason(section, suggested, officer, sign_in):
    client = sign_in(officer)
    answer = client.post(url(section, "settle_comment", suggested.pk), {"words": ""})
    assert answer.status_code == 422
    assert "Say why the suggestion is not taken" in answer.content.decode()
    client.post(url(section, "settle_comment", suggested.pk), {"words": "The target is the Board’s."})
    suggested.refresh_from_db()
    assert (suggested.was_taken, suggested.settled_words) == (False, "The target is the Board’s.")


def test_its_author_takes_no_suggestion_into_a_text_that_is_not_theirs(section, suggested, clerk, sign_in):
    assert sign_in(clerk).post(url(section, "settle_comment", suggested.pk), {"take": "1"}).status_code == 403
    suggested.refresh_from_db()
    assert not suggested.is_settled


def test_nothing_is_said_about_a_published_plan(section, comment, officer, sign_in):
    section.plan.state = "superseded"
    section.plan.save()
    client = sign_in(officer)
    assert client.post(url(section), {"words": "Late"}).status_code == 403
    assert client.post(url(section, "answer_comment", comment.pk), {"words": "Late"}).status_code == 403
    assert "Is two days enough?" in client.get(url(section)).content.decode()


def test_arrangements_are_commented_on_too(plan, north_lead, clerk, sign_in):
    where = reverse("strategic_plans:arrangement_comments", args=["angus", plan.slug, "north-angus"])
    assert sign_in(clerk).post(where, {"words": "Who leads?"}).status_code == 302
    comment = Comment.objects.get()
    settle = reverse("strategic_plans:settle_comment", args=["angus", plan.slug, comment.pk])
    assert sign_in(north_lead).post(settle).status_code == 302


# Finding


def test_the_list_shows_what_is_open_and_what_is_mine(section, comment, officer, clerk, sign_in):
    services.add_comment(text=section, words="For the officer", by=clerk, assigned_to=officer)
    services.settle_comment(comment=comment, by=clerk)
    client = sign_in(officer)
    address = reverse("strategic_plans:comments", args=["angus", section.plan.slug])
    for show, found in (
        ("", {"For the officer"}),
        ("mine", {"For the officer"}),
        ("all", {"For the officer", "Is two days enough?"}),
    ):
        html = client.get(address, {"show": show}).content.decode()
        assert {words for words in ("For the officer", "Is two days enough?") if words in html} == found
    assert "For the officer" not in sign_in(clerk).get(address, {"show": "mine"}).content.decode()


@pytest.mark.parametrize("name", ["section_comments", "comments"])
def test_queries_do_not_grow_with_comments(section, comment, officer, clerk, sign_in, name):
    client = sign_in(officer)
    where = (
        url(section)
        if name == "section_comments"
        else reverse("strategic_plans:comments", args=["angus", section.plan.slug])
    )

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        return len(queries)

    count()
    one = count()
    for number in range(3):
        more = services.add_comment(
            text=section, words=f"More {number}", by=clerk, block=number, assigned_to=officer
        )
        services.answer_comment(comment=more, words="Yes", by=officer)
    assert count() == one <= 15


def test_what_is_open_goes_on_in_the_successor_beside_the_same_paragraph(
    ready_plan, localities, clerk, officer, chief_officer
):
    section = ready_plan.sections.filter(is_statutory=True).first()
    section.plan = ready_plan
    kept = services.add_comment(text=section, words="Is it enough?", by=clerk, block=1)
    services.answer_comment(comment=kept, words="We will see.", by=officer)
    settled = services.add_comment(text=section, words="A typo.", by=clerk)
    services.settle_comment(comment=settled, by=officer, words="Mended.")
    services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Minute 4")
    successor = services.start_successor(partnership=ready_plan.partnership, title="Next", by=officer)
    (carried,) = Comment.objects.of_plan(successor).filter(parent=None)
    assert (carried.words, carried.written_by, carried.carried_from) == ("Is it enough?", clerk, kept)
    assert [answer.words for answer in carried.answers.all()] == ["We will see."]
    assert places(successor.sections.get(key=section.key))[0][1] == [False]
    assert Comment.objects.of_plan(ready_plan).open().get() == kept
