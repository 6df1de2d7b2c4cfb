import pytest

from foundation.audit.models import Entry
from tests.factories import PartnershipFactory

PAGES_OF_ADMINISTRATION = ["/angus/administer/", "/angus/administer/invite/", "/angus/administer/support/"]


def test_whoever_is_not_signed_in_is_asked_to(client, partnership):
    response = client.get("/angus/")
    assert response.status_code == 302
    assert response.url == "/accounts/login/?next=/angus/"


@pytest.mark.parametrize("path", ["/angus/", "/angus/scheme/", "/angus/audit/", *PAGES_OF_ADMINISTRATION])
def test_a_stranger_cannot_tell_whether_the_partnership_exists(
    sign_in, stranger, outsider, national_viewer, partnership, path
):
    for user in (stranger, outsider, national_viewer):
        there = sign_in(user).get(path)
        nowhere = sign_in(user).get(path.replace("angus", "atlantis"))
        assert there.status_code == nowhere.status_code == 404
        assert b"Angus" not in there.content


@pytest.mark.parametrize("path", PAGES_OF_ADMINISTRATION)
def test_a_member_without_the_right_reads_why(sign_in, officer, path):
    response = sign_in(officer).get(path)
    assert response.status_code == 403
    text = response.content.decode()
    assert "Inviting people and changing their roles needs the Administrator role in Angus." in text
    assert "You hold: Planning officer." in text


def test_each_page_that_support_opens_is_recorded_with_the_reason(sign_in, supporter):
    client = sign_in(supporter)
    assert client.get("/angus/scheme/").status_code == 200
    assert client.post("/angus/scheme/change/", {}).status_code == 403
    entry = Entry.objects.get(action="partnerships.support_read")
    assert (entry.tenant, entry.actor_name) == ("angus", "Stuart Support")
    assert entry.subject_label == "GET /angus/scheme/"
    assert entry.reason == "The plan's PDF does not open"


def test_members_leave_no_trace_by_reading(sign_in, officer):
    sign_in(officer).get("/angus/scheme/")
    assert not Entry.objects.filter(action="partnerships.support_read").exists()


def test_addresses_are_told_apart_by_partnership(sign_in, officer, other_partnership):
    PartnershipFactory(slug="angus-2")
    assert sign_in(officer).get("/angus-2/scheme/").status_code == 404
