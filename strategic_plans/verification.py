"""Whether a code or a file belongs to a published version, and what that version is worth today.

A code is the beginning of a version's fingerprint (SHA-256 of its content), as the PDF prints it: 3F2A 91BC 77D0 12AA.
Sixteen hexadecimal digits are enough to name one version among all that will ever be, and short enough to type.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from foundation.documents.models import Document

from .models import PlanVersion
from .selectors.plans import (
    PLAN_PDF,
    PLAN_VARIANT,
    PLAN_WORD,
    PLAN_WRITTEN,
    newest_number,
    superseded_words,
)

CODE_LENGTH = 16


class NoCode(ValueError):
    """What was typed is no code; the text says to people what one looks like."""


@dataclass(frozen=True)
class Verdict:
    """What is known of a code or a file. `version` is None if nothing is; `issued_as` is what it calls the file."""

    version: PlanVersion | None
    is_file: bool = False
    issued_as: str = ""
    is_newest: bool = False
    superseded: str = ""

    @property
    def is_known(self) -> bool:
        return self.version is not None


def code_of(sha256: str) -> str:
    """The code that a document of this content prints, in groups of four."""
    short = sha256[:CODE_LENGTH].upper()
    return " ".join(short[place : place + 4] for place in range(0, CODE_LENGTH, 4))


def verify_address(sha256: str) -> str:
    """Where the code is checked by whoever follows the address, or the square that stands for it."""
    return f"{settings.PORTAL_URL}{reverse('published:verify_code', args=[sha256[:CODE_LENGTH]])}"


def read_code(typed: str) -> str:
    """The hexadecimal digits of a code or of a whole fingerprint, however they were typed. Raises NoCode."""
    digits = re.sub(r"[\s.:-]", "", typed).lower()
    if not re.fullmatch(rf"[0-9a-f]{{{CODE_LENGTH}}}|[0-9a-f]{{64}}", digits):
        raise NoCode(
            f"Enter the code as it is printed: {CODE_LENGTH} signs from 0 to 9 and A to F, "
            "for example 3F2A 91BC 77D0 12AA"
        )
    return digits


def verdict_on_code(digits: str) -> Verdict:
    """Which version these digits name: the beginning of its fingerprint, or the whole of it or of its PDF."""
    version = _versions().filter(sha256__startswith=digits).first()
    if version is None and len(digits) == 64:
        return verdict_on_file(digits)
    return _verdict(version, is_file=False)


def verdict_on_file(sha256: str) -> Verdict:
    """Whether a file with this fingerprint, byte for byte, is a document or the data of a published version."""
    kinds = [PLAN_PDF, PLAN_WORD, PLAN_VARIANT, PLAN_WRITTEN]
    issued = Document.objects.filter(kind__in=kinds, sha256=sha256).first()
    content = (issued.key if issued else sha256).partition(":")[0]
    version = _versions().filter(sha256=content).first()
    return _verdict(version, is_file=True, issued_as=issued.label if issued else "")


def fingerprint(chunks: Iterable[bytes]) -> str:
    """The SHA-256 of a file that is read piece by piece."""
    total = hashlib.sha256()
    for chunk in chunks:
        total.update(chunk)
    return total.hexdigest()


def _versions() -> QuerySet[PlanVersion]:
    return PlanVersion.objects.select_related("plan__partnership", "plan__superseded_by")


def _verdict(version: PlanVersion | None, *, is_file: bool, issued_as: str = "") -> Verdict:
    if version is None:
        return Verdict(None, is_file=is_file)
    return Verdict(
        version,
        is_file=is_file,
        issued_as=issued_as,
        is_newest=version.number == newest_number(version.plan),
        superseded=superseded_words(version.plan),
    )
