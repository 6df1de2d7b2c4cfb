from dataclasses import dataclass

from django.db.models import QuerySet

from ..models import ArrangementRevision, LocalityArrangement, Section, SectionRevision

SomeRevision = SectionRevision | ArrangementRevision


@dataclass(frozen=True)
class Pair:
    """A saved state, the one it is compared with (None before the first), and the numbers one can choose from."""

    shown: SomeRevision
    before: SomeRevision | None
    numbers: tuple[int, ...]

    @property
    def title(self) -> str:
        return f"Revision {self.shown.number}"


def revisions_of(
    text: Section | LocalityArrangement,
) -> "QuerySet[SectionRevision] | QuerySet[ArrangementRevision]":
    """Every saved state of the text, the latest first, without the texts themselves."""
    if text.pk is None:
        return ArrangementRevision.objects.none()
    return text.revisions.defer("body").select_related("saved_by")


def compared_revisions(text: Section | LocalityArrangement, number: int, other: str) -> Pair | None:
    """The state of this number beside the state `other`, or beside the one before it if `other` names none."""
    if text.pk is None:
        return None
    revisions = text.revisions.select_related("saved_by")
    shown = revisions.filter(number=number).first()
    if shown is None:
        return None
    wanted = int(other) if other.isdecimal() and len(other) < 10 else number - 1
    return Pair(
        shown=shown,
        before=revisions.filter(number=wanted).first(),
        numbers=tuple(text.revisions.exclude(number=number).values_list("number", flat=True)),
    )
