from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.audit.models import Entry
from partnerships.enums import Role
from partnerships.models import Invitation, Membership
from tests.factories import InvitationFactory, MembershipFactory, SupportGrantFactory, UserFactory

TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.fixture
def at(sign_in, administrator):
    return sign_in(administrator)


@pytest.fixture(autouse=True)
def tasks_run_at_once(settings, monkeypatch):
    from partnerships import tasks

    monkeypatch.setattr(tasks.send_invitation, "apply_async", lambda args, **_: tasks.send_invitation(*args))


def text_of(response):
    return " ".join(response.content.decode().split())


def count_queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "url", ["/angus/administer/?state=all", "/angus/administer/invitations/", "/angus/administer/support/"]
)
def test_lists_ask_as_much_for_three_as_for_one(at, partnership, administrator, url):
    def add():
        MembershipFactory(partnership=partnership, role=Role.PARTNER_OFFICER)
        InvitationFactory(partnership=partnership, invited_by=administrator)
        SupportGrantFactory(partnership=partnership, granted_by=administrator)

    add()
    one = count_queries(at, url)
    add()
    add()
    assert count_queries(at, url) == one <= 15


def test_the_list_of_people_is_filtered_by_the_address(at, partnership, officer, clerk, outsider):
    officer.memberships.update(ends_on=TODAY - DAY)
    clerk.memberships.update(starts_on=TODAY + DAY)

    def names(query):
        rows = at.get(f"/angus/administer/{query}").context["page"]
        return [role.user.name for role in rows]

    assert names("") == ["Adam Administrator"]
    assert names("?state=over") == ["Olive Officer"]
    assert names("?state=to_come") == ["Kirsty Clerk"]
    assert names("?state=all&q=olive") == ["Olive Officer"]
    assert names("?state=all&role=clerk") == ["Kirsty Clerk"]
    assert names("?state=all&q=oona") == []
    assert names("?role=emperor&state=never") == ["Adam Administrator"]
    assert "Nobody fits" in text_of(at.get("/angus/administer/?q=oona"))


def test_a_person_is_shown_to_their_own_partnership_only(at, officer, outsider):
    page = text_of(at.get(f"/angus/administer/people/{officer.pk}/"))
    assert "Olive Officer" in page
    assert "not set up" in page
    assert at.get(f"/angus/administer/people/{outsider.pk}/").status_code == 404
    assert at.get("/angus/administer/people/999999/").status_code == 404


def test_a_locality_leads_page_leads_to_the_localities(at, locality_lead, officer):
    assert b"/angus/localities/leads/" in at.get(f"/angus/administer/people/{locality_lead.pk}/").content
    assert b"/angus/localities/leads/" not in at.get(f"/angus/administer/people/{officer.pk}/").content


def test_a_role_is_given_on_the_page(at, officer, partnership):
    url = f"/angus/administer/people/{officer.pk}/add-role/"
    assert at.get(url).status_code == 200
    answers = {"role": "clerk", "starts_on": "21/11/2030", "reason": "Cover", "body": "", "ends_on": ""}
    assert at.post(url, answers).url == f"/angus/administer/people/{officer.pk}/"
    given = officer.memberships.get(role="clerk")
    assert (str(given.starts_on), given.reason) == ("2030-11-21", "Cover")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"role": "emperor"}, "not one of the available choices"),
        ({"role": "support"}, "not one of the available choices"),
        ({"role": "partner_officer"}, "Choose the council or health board"),
        ({"role": "auditor"}, "Enter the last day"),
        ({"role": "auditor", "ends_on": "31 December 2099"}, "twelve months at most"),
        ({"starts_on": "soon"}, "Enter a real date"),
        ({"ends_on": "1 January 2020"}, "The last day is before the first day"),
        ({"reason": ""}, "Enter the reason"),
        ({"reason": "x" * 301}, "at most 300 characters"),
        ({"role": "planning_officer"}, "holds the Planning officer role already"),
        ({"body": "999999"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_given_is_said_and_nothing_typed_is_lost(at, officer, wrong, words):
    answers = {
        "role": "clerk",
        "starts_on": TODAY.isoformat(),
        "reason": "Because <b>so</b>",
        "ends_on": "",
    } | wrong
    response = at.post(f"/angus/administer/people/{officer.pk}/add-role/", answers)
    assert response.status_code == 422
    page = text_of(response)
    assert words in page
    if "reason" not in wrong:
        assert "Because &lt;b&gt;so&lt;/b&gt;" in page
    assert officer.memberships.count() == 1


def test_another_partnerships_body_is_no_choice(at, officer, other_partnership):
    answers = {
        "role": "partner_officer",
        "body": other_partnership.health_board_id,
        "starts_on": "21/11/2030",
    }
    response = at.post(f"/angus/administer/people/{officer.pk}/add-role/", answers | {"reason": "x"})
    assert response.status_code == 422
    assert officer.memberships.count() == 1


def test_a_role_is_ended_at_once_or_later(at, officer, clerk):
    url = f"/angus/administer/roles/{officer.memberships.get().pk}/end/"
    assert at.get(url).status_code == 200
    at.post(url, {"when": "later", "ends_on": (TODAY + 3 * DAY).isoformat(), "reason": "Leaves"})
    assert officer.memberships.get().ends_on == TODAY + 3 * DAY
    at.post(url, {"when": "at_once", "ends_on": "", "reason": "Left earlier"})
    assert officer.memberships.get().ends_on == TODAY - DAY


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"when": "later", "ends_on": "", "reason": "x"}, "Enter the last day, or choose"),
        ({"when": "later", "ends_on": "1 January 2020", "reason": "x"}, "That day has passed"),
        ({"when": "later", "ends_on": "1/1/2030", "reason": ""}, "Enter the reason"),
        ({"when": "never", "reason": "x"}, "not one of the available choices"),
        ({}, "Enter the reason"),
    ],
)
def test_ending_asks_for_day_and_reason(at, officer, answers, words):
    response = at.post(f"/angus/administer/roles/{officer.memberships.get().pk}/end/", answers)
    assert response.status_code == 422
    assert words in text_of(response)
    assert officer.memberships.get().ends_on is None


def test_the_last_administrator_reads_why_they_stay(at, administrator):
    mine = administrator.memberships.get()
    response = at.post(f"/angus/administer/roles/{mine.pk}/end/", {"when": "at_once", "reason": "Retiring"})
    assert response.status_code == 422
    assert "nobody would administer Angus. Give somebody else the Administrator role first" in text_of(
        response
    )
    assert b"Retiring" in response.content


def test_one_who_ended_their_own_administration_is_led_home(at, administrator, partnership):
    MembershipFactory(partnership=partnership, role=Role.ADMINISTRATOR)
    mine = administrator.memberships.get()
    response = at.post(f"/angus/administer/roles/{mine.pk}/end/", {"when": "at_once", "reason": "Retiring"})
    assert response.url == "/"
    assert at.get("/angus/administer/").status_code == 404


def test_another_partnerships_role_is_out_of_reach(at, outsider):
    role = outsider.memberships.first()
    for send in (at.get, at.post):
        assert send(f"/angus/administer/roles/{role.pk}/end/").status_code == 404
    role.refresh_from_db()


# Inviting


ABOUT_NORA = {
    "name": "  Nora   New ",
    "email": "nora@angus.gov.uk",
    "role": "planning_officer",
    "starts_on": TODAY.isoformat(),
    "ends_on": "",
    "body": "",
}


def test_an_invitation_is_sent(at, partnership, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = at.post("/angus/administer/invite/", ABOUT_NORA)
    assert response.url == "/angus/administer/invitations/"
    invitation = Invitation.objects.get()
    assert invitation.name == "Nora New"
    assert invitation.mailed_at
    assert [sent.to for sent in mail.outbox] == [["nora@angus.gov.uk"]]
    page = text_of(at.get(response.url))
    assert "Nora New" in page
    assert "One invitation not accepted yet" in page


def test_without_a_broker_the_invitation_waits_for_the_sweep(
    at, partnership, monkeypatch, django_capture_on_commit_callbacks
):
    from kombu.exceptions import OperationalError

    from partnerships import tasks

    def nobody(*_, **__):
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.send_invitation, "apply_async", nobody)
    with django_capture_on_commit_callbacks(execute=True):
        assert at.post("/angus/administer/invite/", ABOUT_NORA).status_code == 302
    assert mail.outbox == []
    assert "not sent yet" in text_of(at.get("/angus/administer/invitations/"))
    tasks.sweep_invitations()
    assert len(mail.outbox) == 1
    tasks.sweep_invitations()
    assert len(mail.outbox) == 1


def test_a_mail_server_that_refuses_is_asked_again(partnership, monkeypatch):
    from partnerships import services
    from partnerships.services import invitations

    invitation = InvitationFactory(partnership=partnership)
    with monkeypatch.context() as refusing:
        refusing.setattr(invitations, "send_mail", lambda *_: (_ for _ in ()).throw(ConnectionRefusedError()))
        assert services.mail_waiting_invitations() == 0
    invitation.refresh_from_db()
    assert invitation.mailed_at is None
    assert services.mail_waiting_invitations() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "nora"}, "Enter an e-mail address like"),
        ({"email": "nora@angus.gov.uk\r\nBcc: all@example.scot"}, "Enter an e-mail address like"),
        ({"name": ""}, "Enter the name"),
        ({"name": "N" * 121}, "at most 120 characters"),
        ({"role": ""}, "Choose the role"),
        ({"role": "national_viewer"}, "not one of the available choices"),
        ({"role": "auditor"}, "Enter the last day"),
        ({"starts_on": "1 January 2020", "ends_on": "2 January 2020"}, "The last day has passed"),
    ],
)
def test_a_faulty_invitation_is_not_sent(at, partnership, wrong, words):
    response = at.post("/angus/administer/invite/", ABOUT_NORA | wrong)
    assert response.status_code == 422
    assert words in text_of(response)
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def test_an_invitation_is_sent_again_and_withdrawn(at, partnership):
    invitation = InvitationFactory(partnership=partnership, mailed_at=timezone.now() - DAY)
    at.post(f"/angus/administer/invitations/{invitation.pk}/send-again/")
    assert len(mail.outbox) == 1
    assert Entry.objects.get(action="partnerships.invitation_sent_again").actor_name == "Adam Administrator"
    at.post(f"/angus/administer/invitations/{invitation.pk}/withdraw/")
    invitation.refresh_from_db()
    assert invitation.withdrawn_at
    assert at.post(f"/angus/administer/invitations/{invitation.pk}/send-again/").status_code == 404
    assert "Nobody is waiting" in text_of(at.get("/angus/administer/invitations/"))


def test_one_that_ran_out_is_shown_and_not_sent_again(at, partnership):
    invitation = InvitationFactory(partnership=partnership, expires_at=timezone.now() - DAY)
    assert "Ran out" in text_of(at.get("/angus/administer/invitations/"))
    response = at.post(f"/angus/administer/invitations/{invitation.pk}/send-again/", follow=True)
    assert "This invitation ran out on" in text_of(response)
    assert mail.outbox == []


def test_another_partnerships_invitation_is_out_of_reach(at, other_partnership):
    invitation = InvitationFactory(partnership=other_partnership)
    assert at.post(f"/angus/administer/invitations/{invitation.pk}/withdraw/").status_code == 404
    assert at.get(f"/angus/administer/invitations/{invitation.pk}/withdraw/").status_code == 405


# Support


def test_support_access_is_given_and_ended_on_the_page(at, partnership):
    assert "has no support people" in text_of(at.get("/angus/administer/support/"))
    helper = UserFactory(name="Sheila Support", is_staff=True)
    answers = {"user": helper.pk, "hours": "3", "reason": "The PDF fails"}
    assert at.post("/angus/administer/support/", answers).status_code == 302
    grant = helper.support_grants.get()
    page = text_of(at.get("/angus/administer/support/"))
    assert "The PDF fails" in page
    assert "Adam Administrator" in page
    assert at.post(f"/angus/administer/support/{grant.pk}/end/").status_code == 302
    grant.refresh_from_db()
    assert not grant.is_open


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"hours": "9"}, "Enter a number of hours from 1 to 8"),
        ({"hours": "0"}, "Enter a number of hours from 1 to 8"),
        ({"hours": "many"}, "Enter a number of hours from 1 to 8"),
        ({"reason": "   "}, "Enter the reason"),
        ({"user": ""}, "Choose the support person"),
    ],
)
def test_faulty_support_access_is_not_given(at, partnership, wrong, words):
    helper = UserFactory(is_staff=True)
    answers = {"user": helper.pk, "hours": "3", "reason": "The PDF fails"} | wrong
    response = at.post("/angus/administer/support/", answers)
    assert response.status_code == 422
    assert words in text_of(response)
    assert not helper.support_grants.exists()


def test_an_ordinary_person_is_no_support_person(at, officer, outsider):
    UserFactory(is_staff=True)
    for user in (officer, outsider):
        answers = {"user": user.pk, "hours": "3", "reason": "The PDF fails"}
        assert at.post("/angus/administer/support/", answers).status_code == 422


# Who may


WRITES = [
    "/angus/administer/invite/",
    "/angus/administer/support/",
    "/angus/administer/people/{person}/add-role/",
    "/angus/administer/roles/{role}/end/",
    "/angus/administer/invitations/{invitation}/withdraw/",
    "/angus/administer/invitations/{invitation}/send-again/",
    "/angus/administer/support/{grant}/end/",
]


@pytest.mark.parametrize("address", WRITES)
def test_only_administrators_write_here(cast, sign_in, partnership, address):
    person = UserFactory()
    role = MembershipFactory(user=person, partnership=partnership)
    invitation = InvitationFactory(partnership=partnership)
    grant = SupportGrantFactory(partnership=partnership)
    url = address.format(person=person.pk, role=role.pk, invitation=invitation.pk, grant=grant.pk)
    before = (Membership.objects.count(), Invitation.objects.open().count())
    for held, user in cast.items():
        if held is Role.ADMINISTRATOR:
            continue
        expected = 404 if held is Role.NATIONAL_VIEWER else 403
        assert sign_in(user).post(url, {}).status_code == expected, held
    assert (Membership.objects.count(), Invitation.objects.open().count()) == before
    assert not Entry.objects.filter(action__startswith="partnerships.role").exists()
