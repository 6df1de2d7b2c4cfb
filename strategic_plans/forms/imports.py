from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.base import File
from django.http import HttpRequest

from foundation.incoming.archives import FileRefused
from foundation.richtext.placed import references_in
from foundation.sgds.formats import count_in_words
from foundation.sgds.forms import Form, FormHelper

from ..imports.proposals import LEAVE, NEW, Preview, Proposal
from ..imports.safe_archive import MOST_BYTES, first_look
from ..imports.word import LONGEST_HEADING
from ..models import Section
from ..services import Placement

TOO_LARGE = (
    f"This file is larger than {MOST_BYTES // 1024 // 1024} MB. Make its pictures smaller in Word (choose a picture, "
    "then Picture Format, Compress Pictures), or divide it into several documents."
)


class WordFileForm(Form):
    """A Word document to be brought in. What its first bytes give away is refused here, the rest when it is read."""

    file = forms.FileField(
        label="Word document",
        max_length=200,
        allow_empty_file=True,  # refused below, in words
        help_text="A .docx file of up to 50 MB, without macros and without a password.",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={
            "required": "Choose the Word document",
            "max_length": "The name of this file is too long. Give it a name of up to 200 characters.",
        },
    )

    def __init__(self, request: HttpRequest) -> None:
        posted = request.method == "POST"
        super().__init__(request.POST if posted else None, request.FILES if posted else None)
        if getattr(request, "upload_too_large", False):
            self.fields["file"].error_messages["required"] = TOO_LARGE
        self.helper = FormHelper(submit="Read the document")

    def clean_file(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        head = file.read(8)
        file.seek(0)
        try:
            first_look(head)
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return file


@dataclass(frozen=True)
class PartRow:
    """A part with the boxes that say where it goes."""

    proposal: Proposal
    goes: forms.BoundField
    heading: forms.BoundField


@dataclass(frozen=True)
class PictureRow:
    """A picture without alternative text, with the boxes for it and the headings under which it stands."""

    number: int
    places: list[str]
    shows: forms.BoundField
    decorative: forms.BoundField


class PlacementForm(Form):
    """Where each part of the file goes, and what pictures show that nobody has described in Word."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=4_000, required=False)

    def __init__(self, data: Any = None, *, preview: Preview) -> None:
        self.preview = preview
        self._sections = {str(section.pk): section for section in preview.sections}
        seen = " ".join(f"{pk}:{revision}" for pk, revision in preview.seen.items())
        super().__init__(data, initial={"seen": seen})
        for proposal in preview.proposals:
            self._ask_for_part(proposal)
        for number in preview.read.undescribed:
            self._ask_for_picture(number)

    def _ask_for_part(self, proposal: Proposal) -> None:
        title = proposal.part.title
        self.fields[f"goes_{proposal.number}"] = forms.ChoiceField(
            label=f"Where “{title}” goes", choices=self._choices(), initial=proposal.goes_to
        )
        self.fields[f"heading_{proposal.number}"] = forms.CharField(
            label="Heading, if it becomes a new section",
            max_length=LONGEST_HEADING,
            required=False,
            initial=proposal.heading,
        )

    def _choices(self) -> list[tuple[str, str]]:
        return [
            (LEAVE, "Nowhere: leave it out"),
            (NEW, "A new section"),
            *((pk, _place(section)) for pk, section in self._sections.items()),
        ]

    def _ask_for_picture(self, number: int) -> None:
        words = f"Say what picture {number} shows, or tick that it is decoration"
        self.fields[f"shows_{number}"] = forms.CharField(
            label=f"What picture {number} shows",
            max_length=500,
            required=self._needs_words(number),
            error_messages={"required": words},
        )
        self.fields[f"decorative_{number}"] = forms.BooleanField(
            label=f"Picture {number} is decoration and says nothing", required=False
        )

    def _needs_words(self, number: int) -> bool:
        """Whether the picture has to be described: not if it is called decoration, or its parts are left out."""
        if not self.is_bound:
            return True
        parts = [each.number for each in self.preview.proposals if number in each.part.undescribed]
        placed = any(self.data.get(f"goes_{part}") != LEAVE for part in parts)
        return placed and not self.data.get(f"decorative_{number}")

    def parts(self) -> Iterator[PartRow]:
        for proposal in self.preview.proposals:
            number = proposal.number
            yield PartRow(proposal, self[f"goes_{number}"], self[f"heading_{number}"])

    def pictures(self) -> Iterator[PictureRow]:
        for number in self.preview.read.undescribed:
            places = [each.part.title for each in self.preview.proposals if number in each.part.undescribed]
            yield PictureRow(number, places, self[f"shows_{number}"], self[f"decorative_{number}"])

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not self.errors:
            given = dict(answers)  # an error takes its answer away
            placed = [each for each in self.preview.proposals if given[f"goes_{each.number}"] != LEAVE]
            self._check_targets(given, placed)
            self._check_pictures(given)
        return answers

    def _check_targets(self, answers: dict[str, Any], placed: list[Proposal]) -> None:
        taken: dict[str, str] = {}
        if not placed:
            self.add_error(None, "Every part is left out. Choose where at least one of them goes.")
        for proposal in placed:
            goes, title = answers[f"goes_{proposal.number}"], proposal.part.title
            if goes == NEW and not answers[f"heading_{proposal.number}"]:
                self.add_error(
                    f"heading_{proposal.number}", f"Enter the heading of the new section for “{title}”"
                )
            elif goes in taken:
                self.add_error(
                    f"goes_{proposal.number}",
                    f"“{taken[goes]}” goes into “{self._sections[goes]}” as well, and would be replaced by this part. "
                    "Choose another place for one of the two.",
                )
            elif goes != NEW:
                taken[goes] = title

    def _check_pictures(self, answers: dict[str, Any]) -> None:
        for number in self.preview.read.undescribed:
            if answers[f"shows_{number}"] and answers[f"decorative_{number}"]:
                self.add_error(
                    f"shows_{number}",
                    f"Picture {number} has words and is called decoration. Take away the words, or the tick.",
                )

    def placements(self) -> list[Placement]:
        """Where the parts go that are not left out, in their order."""
        answers = self.cleaned_data
        return [
            Placement(
                proposal.number,
                self._sections.get(answers[f"goes_{proposal.number}"]),
                answers[f"heading_{proposal.number}"],
            )
            for proposal in self.preview.proposals
            if answers[f"goes_{proposal.number}"] != LEAVE
        ]

    def words(self) -> dict[int, str]:
        """What the pictures show that Word says nothing about; empty for decoration."""
        return {number: self.cleaned_data[f"shows_{number}"] for number in self.preview.read.undescribed}

    def revisions_seen(self) -> dict[int, int]:
        """The revision of each section when the person opened the page."""
        pairs = re.findall(r"(\d{1,18}):(\d{1,9})", self.cleaned_data["seen"])
        return {int(pk): int(revision) for pk, revision in pairs}


def _place(section: Section) -> str:
    """The section as a place for a part, with what would be replaced there."""
    if not section.body:
        return f"“{section}”, where nothing is written yet"
    replaced = [count_in_words(section.word_count, "word")]
    if figures := len(references_in(section.body)):
        replaced.append(count_in_words(figures, "live figure"))
    if pictures := section.body.count("<img "):
        replaced.append(count_in_words(pictures, "picture"))
    return f"“{section}”, replacing {' and '.join(replaced)}"
