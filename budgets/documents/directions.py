"""The letter of a direction, made from what was frozen when it was issued. The same direction is the same file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse

from foundation.documents.assembly import Book, Chapter
from foundation.documents.models import Document
from foundation.documents.registry import DocumentRefused
from foundation.documents.selectors import document_named
from partnerships.models import Partnership
from partnerships.permissions import Standing, standing_of

from ..issued import IssuedDirection
from ..models import Direction
from ..rules.directions import VIEW_DIRECTIONS, may_read_direction, must_direct
from ..selectors.directions import model_of_content, readable_keys

LETTER = "budgets.direction_letter"
STYLESHEETS = ("documents/print.css", "budgets/letter.css")
LAW = "Direction under sections 26 to 28 of the Public Bodies (Joint Working) (Scotland) Act 2014"


def letter_key(direction: Direction) -> str:
    """The letter of one content: it never changes, so there is one."""
    return f"{direction.pk}-{direction.sha256[:16]}"


def letter_of(direction: Direction) -> Document | None:
    """The direction's letter, if somebody has asked for it."""
    if not direction.is_issued:
        return None
    return document_named(LETTER, letter_key(direction))


def letter_book(document: Document) -> Book:
    """What is in the letter that the document names. Raises DocumentRefused if there is no such direction."""
    direction = _direction_of(document)
    if direction is None or direction.content is None or direction.issued_at is None:
        raise DocumentRefused("The direction that this letter was to be made from is not there any more.")
    content = IssuedDirection.from_json(direction.content)
    context = {
        "content": content,
        "law": LAW,
        "fingerprint": direction.sha256,
        "must": must_direct(model_of_content(content)),
    }
    return Book(
        title=f"Direction {content.reference}: {content.title}",
        running_title=f"Direction {content.reference}",
        author=content.partnership,
        description=LAW,
        language="en-GB",
        created=direction.issued_at,
        stylesheets=STYLESHEETS,
        chapters=(
            Chapter(
                key="letter",
                title=content.title,
                html=render_to_string("budgets/directions/letter.html", context),
            ),
        ),
    )


def may_download_letter(user: Any, document: Document) -> bool:
    """Who may read the direction may have its letter: a partner officer that of their own body."""
    partnership = Partnership.objects.filter(slug=document.tenant).first()
    direction = _direction_of(document)
    if partnership is None or direction is None or not user.is_authenticated:
        return False
    standing = standing_of(user, partnership)
    bodies = direction.targets.values_list("body", flat=True)
    return bool(standing.may(VIEW_DIRECTIONS) and may_read_direction(standing, direction, bodies))


def letters_of(standing: Standing) -> Callable[[Document], bool]:
    """Which letters this person finds listed: those that may_download_letter gives out, with one question for all."""
    keys = readable_keys(standing)
    may_read = bool(standing.may(VIEW_DIRECTIONS))
    return lambda document: may_read and (keys is None or document.inputs.get("direction") in keys)


def letter_origin(document: Document) -> tuple[str, str]:
    """Where the letter's page leads back to."""
    direction = _direction_of(document)
    if direction is None:
        return reverse("budgets:directions", args=[document.tenant]), "Directions"
    return direction.get_absolute_url(), str(direction)


def _direction_of(document: Document) -> Direction | None:
    found: Direction | None = (
        Direction.objects.filter(pk=document.inputs.get("direction"), partnership__slug=document.tenant)
        .select_related("partnership")
        .first()
    )
    return found
