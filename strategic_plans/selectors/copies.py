"""What one person left unsaved at a text, and who else is there."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from partnerships.models import User

from ..models import LocalityArrangement, Section, WorkingCopy


@dataclass(frozen=True)
class Desk:
    """A text as one person finds it: their own unsaved copy, if it says something else, and who else is here."""

    copy: WorkingCopy | None
    others: tuple[WorkingCopy, ...]

    @property
    def others_in_words(self) -> str:
        """Who else has the text open: nobody, one, or several by name."""
        names = [
            f"{other.person.name} (has text that is not saved yet)" if other.kept_at else other.person.name
            for other in self.others
        ]
        if not names:
            return ""
        if len(names) == 1:
            return f"{names[0]} has this text open too."
        return f"{', '.join(names[:-1])} and {names[-1]} have this text open too."


def desk_of(text: Section | LocalityArrangement, person: User) -> Desk:
    """The text as this person finds it now. One query."""
    if text.pk is None:
        return Desk(None, ())
    now = timezone.now()
    copies = list(WorkingCopy.objects.of(text).select_related("person").order_by("person__name"))
    own = next((copy for copy in copies if copy.person_id == person.pk and copy.kept_at), None)
    others = (copy for copy in copies if copy.person_id != person.pk and copy.is_here(now))
    return Desk(own if own and own.body != text.body else None, tuple(others))
