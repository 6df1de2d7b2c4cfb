"""The search through every plan in force, open to everybody."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from strategic_plans import services
from strategic_plans.models import Passage
from strategic_plans.passages import passages_of, years_of
from strategic_plans.selectors.passages import Question, choices_for, hits_of, passages_matching

pytestmark = pytest.mark.django_db

SEARCH = "/published/search/"


@pytest.fixture
def version(ready_plan, chief_officer):
    return services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Board, item 7")


def read(query=""):
    response = Client().get(SEARCH + query)
    return response.status_code, response.content.decode()


def test_a_draft_is_never_found(ready_plan):
    assert not Passage.objects.exists()
    assert "No passage matches" in read("?q=care")[1]


def test_a_publication_is_found_by_its_words_whatever_their_endings(version):
    passage = Passage.objects.filter(anchor__startswith="paragraph").first()
    word = max(passage.text.split(), key=len).strip(".,")
    status, html = read(f"?q={word.lower()}")
    assert status == 200
    assert "<mark>" in html
    assert f"/published/angus/{version.plan.slug}/{passage.chapter}/#{passage.anchor}" in html


def test_a_new_plan_takes_the_place_of_the_one_before_in_the_search(version, ready_plan, officer):
    services.passages.index_version(version)
    assert {passage.version for passage in Passage.objects.all()} == {version}
    counted = Passage.objects.count()
    call_command("index_published_plans", verbosity=0)
    assert Passage.objects.count() == counted == len(passages_of(version.snapshot.edition))


def test_priorities_are_found_by_their_outcome_and_each_list_counts_what_it_would_leave(version):
    edition = version.snapshot.edition
    number = edition.priorities[0].outcomes[0].number
    found = passages_matching(Question(outcome=number))
    assert {passage.heading.split(":")[0] for passage in found} >= {"Priority 1"}
    choices = choices_for(Question())
    assert {choice.value: choice.count for choice in choices.outcomes}[str(number)] == found.count()
    assert [choice.value for choice in choices.partnerships] == ["angus"]
    assert [choice.value for choice in choices.years] == [str(year) for year in years_of(edition)]
    assert sum(choice.count for choice in choices.partnerships) == Passage.objects.count()


def test_a_locality_narrows_to_what_is_said_of_it(version):
    name = version.snapshot.edition.localities[0].name
    found = passages_matching(Question(locality=name))
    assert found
    assert all(name in passage.localities for passage in found)


def test_choices_narrow_each_other_but_a_list_still_offers_its_own_others(version):
    years = years_of(version.snapshot.edition)
    choices = choices_for(Question(year=years[0], partnership="moray"))
    assert [choice.value for choice in choices.partnerships] == ["angus"]
    assert choices.years == ()


def test_what_is_looked_for_and_what_is_found_cannot_act(version):
    passage = Passage.objects.first()
    Passage.objects.filter(pk=passage.pk).update(text="<script>alert(1)</script> & carers")
    services.passages.Passage.objects.filter(pk=passage.pk).update(vector="'alert':1")
    (hit,) = hits_of([passage], Question(words="alert"))
    assert "<script>" not in hit.excerpt
    assert "&amp; carers" in hit.excerpt
    assert "<script>alert" not in read("?q=<script>alert(1)</script>")[1]


@pytest.mark.parametrize(
    "query", ["?year=abc", "?outcome=x", "?q=" + "a" * 300, "?page=999&q=care", "?q=%22"]
)
def test_odd_questions_are_answered_in_words(version, query):
    assert read(query)[0] == 200


def test_nothing_is_listed_before_somebody_asks(version):
    assert "plan-hits" not in read()[1]


def test_the_number_of_queries_does_not_depend_on_what_is_found(version):
    def queries(query):
        with CaptureQueriesContext(connection) as captured:
            read(query)
        return len(captured)

    many = queries("?partnership=angus")
    Passage.objects.exclude(pk=Passage.objects.first().pk).delete()
    assert queries("?partnership=angus") == many <= 10


def test_years_run_from_april_to_march(version):
    edition = version.snapshot.edition
    assert edition.period_start.month == 4
    assert years_of(edition)[0] == edition.period_start.year
    assert years_of(edition)[-1] == edition.period_end.year - 1
