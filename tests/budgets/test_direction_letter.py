"""The letter of a direction and the demonstration's directions."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.documents.directions import LETTER, letter_book, letter_of, may_download_letter
from budgets.services.letters import request_letter
from foundation.documents import assembly
from foundation.documents.pdf import faults
from partnerships.enums import Role
from tests.factories import DelegatedFunctionFactory, MembershipFactory, UserFactory

from .directing import draft, issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def direction(budget, line, finance_officer, chief_officer):
    nursing = DelegatedFunctionFactory(partnership=budget.partnership, title="District nursing")
    return issued(budget, nursing, finance_officer, chief_officer, {line: Decimal("1000.00")})


def test_the_letter_is_a_pdf_without_faults_and_the_same_each_time(direction, chief_officer):
    document = request_letter(direction=direction, by=chief_officer)
    assert request_letter(direction=direction, by=chief_officer) == document == letter_of(direction)
    book = letter_book(document)
    first = assembly.produce(book)
    assert faults(first) == []
    assert first == assembly.produce(letter_book(document))
    html = book.chapters[0].html
    for words in (direction.reference, "District nursing", "£1,000", "Minute 12", "The offer comes in May."):
        assert words in html


def test_a_draft_has_no_letter(budget, finance_officer):
    made = draft(budget, DelegatedFunctionFactory(partnership=budget.partnership), finance_officer)
    with pytest.raises(ValidationError, match="Issue"):
        request_letter(direction=made, by=finance_officer)


def test_a_letter_is_for_those_who_may_read_the_direction(
    direction, chief_officer, partner_officer, outsider, council
):
    document = request_letter(direction=direction, by=chief_officer)
    assert document.kind == LETTER
    other = UserFactory()
    MembershipFactory(user=other, partnership=direction.partnership, role=Role.PARTNER_OFFICER, body=council)
    assert may_download_letter(partner_officer, document)
    assert not may_download_letter(other, document)
    assert not may_download_letter(outsider, document)


def test_letters_are_listed_for_those_who_may_have_them_however_many_there_are(
    direction, chief_officer, partner_officer, auditor, council, sign_in, django_assert_num_queries
):
    document = request_letter(direction=direction, by=chief_officer)
    other = UserFactory()
    MembershipFactory(user=other, partnership=direction.partnership, role=Role.PARTNER_OFFICER, body=council)
    lists = {person: sign_in(person) for person in (auditor, partner_officer, other)}

    def listed(person):
        return [found.pk for found in lists[person].get("/angus/documents/").context["page"]]

    with CaptureQueriesContext(connection) as first:
        assert listed(partner_officer) == [document.pk]
    needed = len(first)
    assert listed(auditor) == [document.pk]
    assert listed(other) == []
    for number in range(3):
        document.pk, document._state.adding, document.key = uuid4(), True, str(number)
        document.save()
    with django_assert_num_queries(needed):
        assert len(listed(partner_officer)) == 4
