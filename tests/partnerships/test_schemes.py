"""The scheme record: services, the page, two people writing at once."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.audit.models import Entry
from partnerships import services
from partnerships.enums import IntegrationModel, Role
from partnerships.models import IntegrationModelPeriod
from tests.factories import (
    DelegatedFunctionFactory,
    IntegrationModelPeriodFactory,
    IntegrationSchemeFactory,
    PostHolderFactory,
)

TODAY = timezone.localdate()


@pytest.fixture
def scheme(partnership):
    return IntegrationSchemeFactory(partnership=partnership, url="https://www.angus.gov.uk/scheme")


@pytest.fixture
def model(partnership):
    return IntegrationModelPeriodFactory(partnership=partnership, starts_on=date(2016, 4, 1))


@pytest.fixture
def at(sign_in, clerk):
    return sign_in(clerk)


def text_of(response):
    return " ".join(response.content.decode().split())


def last_entry(action):
    return Entry.objects.filter(action=f"partnerships.{action}").latest("pk")


ANSWERS = {
    "approved_on": "1 June 2015",
    "effective_on": "",
    "published_on": "",
    "last_review_on": "20/05/2020",
    "url": "https://www.angus.gov.uk/new",
    "reporting_frequency": "quarterly",
    "variance_policy": "First a plan,\r\nthen reserves.",
    "virement_policy": "",
    "dispute_policy": "",
    "revision": "1",
}


# Services


def test_the_scheme_is_changed_with_what_was_and_what_became(scheme, clerk):
    changes = {"approved_on": date(2015, 6, 1), "url": ""}
    changed = services.update_scheme(scheme=scheme, changes=changes, revision=1, by=clerk)
    assert (changed.revision, changed.approved_on) == (2, date(2015, 6, 1))
    entry = last_entry("scheme_changed")
    assert (entry.tenant, entry.before["approved_on"], entry.after["approved_on"]) == (
        "angus",
        None,
        "2015-06-01",
    )
    assert {name: old for name, old, _ in entry.changes}["url"] == "https://www.angus.gov.uk/scheme"


def test_who_saved_second_gets_what_the_first_saved(scheme, clerk, chief_officer):
    services.update_scheme(
        scheme=scheme, changes={"reporting_frequency": "monthly"}, revision=1, by=chief_officer
    )
    with pytest.raises(services.EditedMeanwhile) as conflict:
        services.update_scheme(
            scheme=scheme, changes={"reporting_frequency": "quarterly"}, revision=1, by=clerk
        )
    assert conflict.value.current.reporting_frequency == "monthly"
    assert Entry.objects.filter(action="partnerships.scheme_changed").count() == 1


def test_only_what_belongs_to_the_record_can_be_changed(scheme, clerk):
    with pytest.raises(TypeError, match="partnership"):
        services.update_scheme(scheme=scheme, changes={"partnership": None}, revision=1, by=clerk)


def test_a_new_version_carries_the_policies_and_no_dates(scheme, clerk, partnership):
    services.update_scheme(
        scheme=scheme,
        changes={"approved_on": date(2015, 6, 1), "virement_policy": "Ask"},
        revision=1,
        by=clerk,
    )
    begun = services.begin_scheme_version(partnership=partnership, by=clerk)
    assert (begun.version, begun.approved_on, begun.virement_policy) == (2, None, "Ask")
    assert last_entry("scheme_version_begun").after["version"] == 2


def test_the_first_version_can_be_begun_where_none_was(partnership, clerk):
    assert services.begin_scheme_version(partnership=partnership, by=clerk).version == 1


def test_a_change_of_model_ends_the_one_before(partnership, model, clerk):
    services.change_model(
        partnership=partnership, model=IntegrationModel.LEAD_BOTH, starts_on=date(2027, 4, 1), by=clerk
    )
    on = IntegrationModelPeriod.objects.for_partnership(partnership)
    assert on.on(date(2027, 3, 31)).get().model == IntegrationModel.BODY_CORPORATE
    assert on.on(date(2027, 4, 1)).get().model == IntegrationModel.LEAD_BOTH
    entry = last_entry("model_changed")
    assert entry.before["model"] == "Integration joint board"
    assert entry.after["starts_on"] == "2027-04-01"


@pytest.mark.parametrize(
    ("code", "day", "words"),
    [("d", date(2016, 4, 1), "Enter a later day"), ("a", date(2027, 4, 1), "already in force")],
)
def test_a_model_cannot_begin_before_the_last_or_follow_itself(partnership, model, clerk, code, day, words):
    with pytest.raises(services.NotPossible, match=words):
        services.change_model(partnership=partnership, model=code, starts_on=day, by=clerk)
    assert IntegrationModelPeriod.objects.count() == 1


def test_a_change_that_has_not_begun_is_replaced_or_taken_back(partnership, model, clerk):
    ahead = timezone.localdate() + timedelta(days=90)

    def change(code, day):
        return services.change_model(partnership=partnership, model=code, starts_on=day, by=clerk)

    change("b", ahead)
    change("d", ahead - timedelta(days=30))
    periods = IntegrationModelPeriod.objects.for_partnership(partnership).order_by("starts_on")
    assert [(row.model, row.starts_on) for row in periods] == [
        ("a", model.starts_on),
        ("d", ahead - timedelta(days=30)),
    ]
    change("a", ahead)
    assert [(row.model, row.ends_on) for row in periods.all()] == [("a", None)]


def test_the_day_of_integration_moves_the_first_model_with_it(partnership, model, clerk):
    services.record_start_day(partnership=partnership, day=date(2015, 10, 1), is_exact=True, by=clerk)
    partnership.refresh_from_db()
    model.refresh_from_db()
    assert (partnership.integration_start_day, partnership.is_start_day_exact) == (date(2015, 10, 1), True)
    assert model.starts_on == date(2015, 10, 1)
    assert last_entry("start_day_changed").before["is_start_day_exact"] is False


def test_the_day_of_integration_is_not_after_the_end_of_the_first_model(partnership, model, clerk):
    services.change_model(partnership=partnership, model="d", starts_on=date(2020, 4, 1), by=clerk)
    with pytest.raises(services.NotPossible, match="ended on 31 March 2020"):
        services.record_start_day(partnership=partnership, day=date(2020, 5, 1), is_exact=True, by=clerk)


FUNCTION = {
    "title": "Criminal justice social work",
    "legal_basis": "Social Work (Scotland) Act 1968, section 27",
    "delegated_by": "council",
    "setting": "social_care",
    "age_scope": "Adults",
    "starts_on": date(2026, 4, 1),
}


def test_local_functions_are_added_and_ended(partnership, clerk):
    first = services.add_function(partnership=partnership, by=clerk, **FUNCTION)
    second = services.add_function(partnership=partnership, by=clerk, **FUNCTION)
    assert (first.code, second.code) == (
        "local-criminal-justice-social-work",
        "local-criminal-justice-social-work-2",
    )
    assert not first.is_prescribed
    assert last_entry("function_added").after["delegated_by"] == "Council"
    services.end_function(function=first, ends_on=date(2027, 3, 31), by=clerk)
    first.refresh_from_db()
    assert first.ends_on == date(2027, 3, 31)
    assert last_entry("function_ended").before["ends_on"] is None
    with pytest.raises(services.NotPossible, match="delegated from 1 April 2026"):
        services.end_function(function=second, ends_on=date(2026, 3, 31), by=clerk)


def test_what_the_law_prescribes_cannot_be_ended(partnership, clerk):
    function = DelegatedFunctionFactory(partnership=partnership, title="District nursing")
    with pytest.raises(
        services.FunctionIsPrescribed, match="“District nursing” must be delegated for adults"
    ):
        services.end_function(function=function, ends_on=TODAY, by=clerk)


def test_money_is_set_aside_only_for_a_hospital_of_the_board(partnership, clerk):
    hospital = DelegatedFunctionFactory(partnership=partnership, setting="hospital")
    community = DelegatedFunctionFactory(partnership=partnership, setting="community")
    services.mark_large_hospital(function=hospital, is_large_hospital=True, reason="Scheme 8.3", by=clerk)
    hospital.refresh_from_db()
    assert hospital.is_large_hospital
    assert last_entry("large_hospital_marked").reason == "Scheme 8.3"
    with pytest.raises(services.NotPossible, match=r"s\.1\(14\)"):
        services.mark_large_hospital(function=community, is_large_hospital=True, reason="x", by=clerk)
    with pytest.raises(services.NotPossible):
        services.add_function(partnership=partnership, by=clerk, **FUNCTION | {"is_large_hospital": True})


def test_post_holders_are_kept_with_their_history(partnership, clerk):
    holder = services.add_post_holder(
        partnership=partnership, by=clerk, post="chair", name="Ann", is_interim=True, starts_on=TODAY
    )
    changed = services.change_post_holder(holder=holder, changes={"name": "Anne"}, revision=1, by=clerk)
    assert (changed.name, changed.revision) == ("Anne", 2)
    assert last_entry("post_holder_changed").before["name"] == "Ann"
    with pytest.raises(services.EditedMeanwhile):
        services.change_post_holder(holder=holder, changes={"name": "Anna"}, revision=1, by=clerk)


# The page


def test_unknown_days_are_said_to_be_so(at, partnership, scheme, model):
    page = text_of(at.get("/angus/scheme/"))
    assert "1 April 2016 at the latest; the day of the order is not recorded" in page
    assert "cannot be counted while the day of approval is not recorded" in page
    assert "Integration joint board (section 1(4)(a)), from 1 April 2016" in page


def test_the_next_review_is_counted(at, partnership, scheme, clerk):
    services.update_scheme(scheme=scheme, changes={"approved_on": date(2015, 6, 1)}, revision=1, by=clerk)
    assert "by 31 May 2020: five years from 1 June 2015" in text_of(at.get("/angus/scheme/"))


def test_functions_are_grouped_by_body_setting_and_law(sign_in, officer, partnership):
    from partnerships.imports import load_reference

    load_reference()
    page = text_of(sign_in(officer).get("/angus/scheme/"))
    assert "By NHS Tayside: 26 functions" in page
    assert "Hospital, SSI 2014/344 schedule 3 part 2 (10 functions)" in page
    assert "By Angus Council: 70 functions" in page
    assert "Social care, Adult Support and Protection (Scotland) Act 2007 (10 functions)" in page
    assert "Only aids and adaptations" in page
    assert "Change the record" not in page


def test_the_page_asks_as_much_for_three_of_all_as_for_one(at, partnership, scheme, model):
    def add(number):
        DelegatedFunctionFactory(partnership=partnership)
        PostHolderFactory(partnership=partnership)
        IntegrationSchemeFactory(partnership=partnership, version=number)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert at.get("/angus/scheme/").status_code == 200
        return len(queries)

    add(2)
    at.get("/angus/scheme/")
    one = count()
    add(3)
    add(4)
    assert count() == one <= 15


def test_no_scheme_yet_is_said_and_can_be_begun(at, sign_in, officer, partnership):
    assert "No scheme is recorded" in text_of(sign_in(officer).get("/angus/scheme/"))
    assert at.get("/angus/scheme/change/").status_code == 404
    assert at.post("/angus/scheme/new-version/").url == "/angus/scheme/change/"
    assert at.get("/angus/scheme/change/").status_code == 200


def test_the_record_is_changed_on_the_page(at, scheme):
    assert at.post("/angus/scheme/change/", ANSWERS).url == "/angus/scheme/"
    scheme.refresh_from_db()
    assert scheme.approved_on == date(2015, 6, 1)
    assert scheme.variance_policy == "First a plan,\nthen reserves."
    assert "by 19 May 2025: five years from 20 May 2020" in text_of(at.get("/angus/scheme/"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"approved_on": "31 February 2015"}, "Enter a real date"),
        ({"effective_on": "1 May 2015"}, "takes effect when it is approved or later"),
        ({"url": "javascript:alert(1)"}, "Enter an address like"),
        ({"reporting_frequency": "q" * 121}, "at most 120 characters"),
        ({"variance_policy": "v" * 5001}, "at most 5000 characters"),
    ],
)
def test_faulty_answers_are_said_and_kept(at, scheme, wrong, words):
    answers = ANSWERS | {"dispute_policy": "<script>alert(1)</script>"} | wrong
    response = at.post("/angus/scheme/change/", answers)
    assert response.status_code == 422
    page = text_of(response)
    assert words in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    scheme.refresh_from_db()
    assert scheme.revision == 1


@pytest.mark.parametrize("revision", ["", "0", "many", "-1"])
def test_a_broken_revision_saves_nothing(at, scheme, revision):
    response = at.post("/angus/scheme/change/", ANSWERS | {"revision": revision})
    assert response.status_code == 422
    scheme.refresh_from_db()
    assert scheme.reporting_frequency == ""


def test_both_texts_are_shown_when_somebody_saved_first(at, scheme, chief_officer):
    services.update_scheme(
        scheme=scheme, changes={"reporting_frequency": "every month"}, revision=1, by=chief_officer
    )
    response = at.post("/angus/scheme/change/", ANSWERS)
    assert response.status_code == 409
    page = text_of(response)
    assert "Somebody else saved this record" in page
    assert "every month" in page
    assert 'value="quarterly"' in page
    scheme.refresh_from_db()
    assert scheme.reporting_frequency == "every month"
    at.post("/angus/scheme/change/", ANSWERS | {"revision": "2"})
    scheme.refresh_from_db()
    assert scheme.reporting_frequency == "quarterly"


def test_both_answers_are_shown_for_a_post_holder_too(at, partnership, clerk):
    holder = PostHolderFactory(partnership=partnership, name="Ann", starts_on=date(2025, 4, 1))
    services.change_post_holder(holder=holder, changes={"name": "Anne"}, revision=1, by=clerk)
    answers = {"post": "chair", "name": "Anna", "starts_on": "1 April 2025", "ends_on": "", "revision": "1"}
    response = at.post(f"/angus/scheme/post-holders/{holder.pk}/", answers)
    assert response.status_code == 409
    assert "Anne" in text_of(response)
    assert 'value="Anna"' in text_of(response)


def test_the_smaller_pages_save(at, partnership, model):
    at.post("/angus/scheme/start-day/", {"day": "1 October 2015", "is_exact": "on"})
    partnership.refresh_from_db()
    assert partnership.integration_start_day == date(2015, 10, 1)
    at.post("/angus/scheme/model/", {"model": "d", "starts_on": "1 April 2027"})
    assert partnership.model_periods.count() == 2
    at.post("/angus/scheme/functions/add/", FUNCTION | {"starts_on": "1 April 2026", "limits": ""})
    function = partnership.functions.get()
    at.post(f"/angus/scheme/functions/{function.code}/end/", {"ends_on": "31 March 2027"})
    function.refresh_from_db()
    assert function.ends_on == date(2027, 3, 31)
    hospital = DelegatedFunctionFactory(partnership=partnership, setting="hospital")
    url = f"/angus/scheme/functions/{hospital.code}/set-aside/"
    at.post(url, {"is_large_hospital": "yes", "reason": "8.3"})
    hospital.refresh_from_db()
    assert hospital.is_large_hospital
    at.post(url, {"is_large_hospital": "no", "reason": "8.4"})
    hospital.refresh_from_db()
    assert not hospital.is_large_hospital
    at.post(
        "/angus/scheme/post-holders/add/",
        {"post": "chair", "name": "A", "starts_on": "1/4/2025", "revision": 1},
    )
    assert str(partnership.post_holders.get()) == "A, Chair"


@pytest.mark.parametrize(
    ("path", "answers", "words"),
    [
        ("start-day/", {"day": "1 January 2013"}, "between 1 April 2014"),
        ("model/", {"model": "z", "starts_on": "1 April 2027"}, "not one of the available choices"),
        ("model/", {"model": "a", "starts_on": "1 April 2027"}, "already in force"),
        ("functions/add/", {"title": "X", "is_large_hospital": "on"}, "Money is set aside only for"),
        (
            "post-holders/add/",
            {"starts_on": "2/4/2025", "ends_on": "1/4/2025"},
            "last day is before the first",
        ),
        ("functions/prescribed/end/", {"ends_on": "31 March 2027"}, "must be delegated for adults"),
        ("functions/prescribed/set-aside/", {"is_large_hospital": "yes", "reason": "x"}, "in a hospital"),
        ("functions/prescribed/set-aside/", {}, "Answer “Is it carried out"),
    ],
)
def test_the_smaller_pages_say_what_is_wrong(at, partnership, model, path, answers, words):
    DelegatedFunctionFactory(partnership=partnership, code="prescribed")
    response = at.post(f"/angus/scheme/{path}", answers)
    assert response.status_code == 422
    assert words in text_of(response)


def test_another_partnerships_rows_are_out_of_reach(at, other_partnership):
    holder = PostHolderFactory(partnership=other_partnership)
    function = DelegatedFunctionFactory(partnership=other_partnership, code="theirs")
    assert at.get(f"/angus/scheme/post-holders/{holder.pk}/").status_code == 404
    assert at.post(f"/angus/scheme/functions/{function.code}/end/", {}).status_code == 404


EDITING = [
    "change/", "new-version/", "start-day/", "model/", "functions/add/", "functions/prescribed/end/",
    "functions/prescribed/set-aside/", "post-holders/add/", "post-holders/{holder}/",
]  # fmt: skip


@pytest.mark.parametrize("path", EDITING)
def test_everybody_reads_and_only_clerk_and_chief_officer_write(cast, sign_in, partnership, scheme, path):
    DelegatedFunctionFactory(partnership=partnership, code="prescribed")
    holder = PostHolderFactory(partnership=partnership)
    url = f"/angus/scheme/{path.format(holder=holder.pk)}"
    before = Entry.objects.exclude(action="partnerships.support_read").count()
    for role, user in cast.items():
        if role in {Role.CLERK, Role.CHIEF_OFFICER}:
            continue
        client = sign_in(user)
        expected = (404, 404) if role is Role.NATIONAL_VIEWER else (200, 403)
        assert (client.get("/angus/scheme/").status_code, client.post(url, ANSWERS).status_code) == expected
    assert Entry.objects.exclude(action="partnerships.support_read").count() == before


def test_a_review_soon_overdue_is_counted_to_the_day(partnership, scheme, clerk):
    from partnerships.rules import scheme_review_due

    changed = services.update_scheme(
        scheme=scheme, changes={"approved_on": date(2020, 2, 29)}, revision=1, by=clerk
    )
    assert scheme_review_due(changed) == date(2025, 2, 28)
    assert scheme_review_due(changed) + timedelta(days=1) == date(2025, 3, 1)
