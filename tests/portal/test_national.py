import csv
import io

from django.urls import reverse

from integration_portal import national
from strategic_plans.services.plans import start_plan


def test_only_a_national_viewer_sees_the_table(chief_officer, national_viewer, sign_in):
    refused = sign_in(chief_officer).get(reverse("national"))
    assert refused.status_code == 403
    assert "National viewer role" in refused.content.decode()
    assert sign_in(national_viewer).get(reverse("national")).status_code == 200


def test_a_draft_is_not_a_published_fact(partnership, officer, national_viewer, sign_in):
    start_plan(partnership=partnership, title="A secret draft", by=officer)
    text = sign_in(national_viewer).get(reverse("national")).content.decode()
    assert partnership.short_name in text
    assert "A secret draft" not in text


def test_the_table_has_a_row_for_each_partnership(partnership, other_partnership):
    assert [row.partnership for row in national.partnership_rows()] == [partnership, other_partnership]


def test_the_file_has_the_rows_of_the_page(partnership, other_partnership, national_viewer, sign_in):
    response = sign_in(national_viewer).get(reverse("national"), {"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["code"] for row in rows] == [partnership.code, other_partnership.code]


def test_the_queries_do_not_grow_with_the_partnerships(partnership, django_assert_num_queries):
    with django_assert_num_queries(2):
        national.partnership_rows()
