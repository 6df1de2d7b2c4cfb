import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.models import Activity
from integration_portal import search
from localities.models import Locality
from strategic_plans.services.plans import start_plan
from strategic_plans.services.texts import save_section
from tests.budgets.directing import issued
from tests.budgets.factories import BudgetFactory, DirectionFactory
from tests.factories import DelegatedFunctionFactory


@pytest.fixture
def written(partnership, officer):
    plan = start_plan(partnership=partnership, title="Strategic plan 2026 to 2029", by=officer)
    section = plan.sections.first()
    save_section(
        section=section,
        body="<p>More <strong>respite</strong> for unpaid carers at weekends.</p>",
        expected_revision=0,
        by=officer,
    )
    return section


def page(client, partnership, words):
    return client.get(reverse("search", args=[partnership.slug]), {"q": words})


def test_finds_the_plan_by_a_word_in_another_form(partnership, officer, written, sign_in):
    text = page(sign_in(officer), partnership, "carer").content.decode()
    assert written.get_absolute_url() in text
    assert "respite for unpaid carers" in text


def test_finds_what_was_heard(partnership, officer, sign_in):
    activity = Activity.objects.create(
        partnership=partnership,
        held_on="2026-10-01",
        place="Town Hall",
        heard="The evening bus stops too early.",
    )
    assert activity.get_absolute_url() in page(sign_in(officer), partnership, "stopping").content.decode()


def test_a_direction_is_found_by_its_words_and_its_reference_by_those_who_may_read_it(
    partnership, finance_officer, chief_officer, auditor, partner_officer, sign_in
):
    draft = DirectionFactory(budget=BudgetFactory(partnership=partnership), text="Provide ramps.")
    nursing = DelegatedFunctionFactory(partnership=partnership)
    given = issued(draft.budget, nursing, finance_officer, chief_officer, text="Provide ramps and lifts.")
    partner_officer.memberships.update(body=partnership.health_board)
    audited = page(sign_in(auditor), partnership, "ramps").content.decode()
    assert draft.get_absolute_url() in audited
    partners = sign_in(partner_officer)
    for words in ("ramps", given.reference):
        found = page(partners, partnership, words).content.decode()
        assert given.get_absolute_url() in found
        assert draft.get_absolute_url() not in found


def test_finds_nothing_of_another_partnership(partnership, other_partnership, officer, sign_in):
    Locality.objects.create(partnership=other_partnership, name="Speyside", slug="speyside")
    assert "Nothing found" in page(sign_in(officer), partnership, "Speyside").content.decode()


def test_repeats_the_words_as_text(partnership, officer, sign_in):
    text = page(sign_in(officer), partnership, "<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


@pytest.mark.parametrize("words", ["", "   ", "'", '"', "%", "\\", "a" * 5000, "& | !", "\x00"])
def test_any_words_get_an_answer(partnership, officer, sign_in, words):
    assert page(sign_in(officer), partnership, words).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_hits(
    partnership, officer, sign_in, django_assert_max_num_queries
):
    client = sign_in(officer)
    for number in range(12):
        Activity.objects.create(
            partnership=partnership, held_on="2026-10-01", place=f"Hall {number}", heard="respite"
        )
    with django_assert_max_num_queries(15):
        page(client, partnership, "respite")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=st.text(max_size=600), words=st.text(max_size=60))
def test_an_excerpt_is_never_longer_than_said(text, words):
    assert len(search.excerpt(text, words)) <= search.EXCERPT_LENGTH + len("…  …")
