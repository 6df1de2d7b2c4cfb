"""Word files on their way into a draft, for the person who chose them."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from partnerships.models import User

from ..enums import ImportState
from ..models import ImportedPicture, Plan, WordImport


def import_of(plan: Plan, person: User, pk: UUID) -> WordImport:
    """The file that the person brought. Raises Http404, for what others brought as well."""
    row: WordImport = get_object_or_404(plan.word_imports.filter(brought_by=person), pk=pk)
    row.plan = plan
    return row


def open_import(plan: Plan, person: User) -> WordImport | None:
    """The file that the person brought and has not applied or given up, without what was found in it."""
    waiting = plan.word_imports.filter(brought_by=person).exclude(state=ImportState.APPLIED)
    row: WordImport | None = waiting.defer("found").first()
    if row is not None:
        row.plan = plan
    return row


def picture_of(word_import: WordImport, number: int) -> ImportedPicture:
    """Raises Http404."""
    picture: ImportedPicture | None = word_import.pictures.filter(number=number).first()
    if picture is None:
        raise Http404("The file has no such picture.")
    return picture
