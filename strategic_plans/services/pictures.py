"""Keeping the pictures that stand in texts, and letting go of those that stand in none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from foundation import audit
from foundation.richtext.cleaning import pictures_in
from foundation.richtext.pictures import PictureRefused, Prepared, prepare
from partnerships.models import Partnership, User

from ..models import (
    ArrangementRevision,
    LocalityArrangement,
    Picture,
    Section,
    SectionRevision,
    WorkingCopy,
    WrittenVariant,
)

# Uploaded, and in no text since. Stated in docs/retention.md.
FORGOTTEN_AFTER = timedelta(days=30)
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}


def keep_picture(partnership: Partnership, data: bytes, by: User) -> Picture:
    """The partnership has the picture in the file, without metadata and at a size for print; the same one only once.

    A text shows it by its address. Raises ValidationError in words for a file that is not taken.
    """
    try:
        prepared = prepare(data)
    except PictureRefused as refusal:
        raise ValidationError(str(refusal), code="picture") from None
    return keep_prepared(partnership, prepared, by)


def keep_prepared(partnership: Partnership, prepared: Prepared, by: User) -> Picture:
    """The partnership has the picture that `prepare` made; the same one only once."""
    digest = hashlib.sha256(prepared.data).hexdigest()
    kept = Picture.objects.filter(partnership=partnership, digest=digest).first()
    return kept or _keep(partnership, digest, prepared, by)


def _keep(partnership: Partnership, digest: str, prepared: Prepared, by: User) -> Picture:
    storage = Picture._meta.get_field("file").storage
    name = f"pictures/{partnership.slug}/{digest[:2]}/{digest}.{_ENDINGS[prepared.media_type]}"
    stored = storage.save(name, ContentFile(prepared.data))
    try:
        with transaction.atomic():
            picture, is_new = Picture.objects.get_or_create(
                partnership=partnership,
                digest=digest,
                defaults={
                    "file": stored,
                    "media_type": prepared.media_type,
                    "width": prepared.width,
                    "height": prepared.height,
                    "uploaded_by": by,
                },
            )
            if is_new:
                audit.record(
                    by=by,
                    action="strategic_plans.picture_kept",
                    subject=picture,
                    tenant=partnership.slug,
                    after={"digest": digest, "width": prepared.width, "height": prepared.height},
                )
    except Exception:
        storage.delete(stored)
        raise
    if not is_new:  # somebody else kept the same picture in the same instant
        storage.delete(stored)
    return picture


def show_in_public(partnership: Partnership, digests: Iterable[str]) -> None:
    """The partnership's pictures of these digests may be seen by everybody: they stand in a published version."""
    Picture.objects.filter(
        partnership=partnership, digest__in=set(digests), published_at__isnull=True
    ).update(published_at=timezone.now())


def forget_pictures() -> int:
    """Pictures uploaded thirty days ago that stand in no text, saved or unsaved, are gone. Returns how many."""
    old = Picture.objects.filter(
        uploaded_at__lt=timezone.now() - FORGOTTEN_AFTER, published_at__isnull=True
    ).select_related("partnership")
    candidates = {(picture.partnership_id, picture.digest): picture for picture in old}
    if not candidates:
        return 0
    for used in _used():
        candidates.pop(used, None)
    for picture in candidates.values():
        _forget(picture)
    return len(candidates)


def _used() -> Iterator[tuple[int, str]]:
    """Partnership and digest of every picture in a text, in a state of one, or in what somebody has not saved."""
    names_one = {"body__contains": "/pictures/"}
    for texts, owner in (
        (Section.objects.filter(**names_one), "plan__partnership"),
        (LocalityArrangement.objects.filter(**names_one), "plan__partnership"),
        (SectionRevision.objects.filter(**names_one), "section__plan__partnership"),
        (ArrangementRevision.objects.filter(**names_one), "arrangement__plan__partnership"),
        (WrittenVariant.objects.filter(**names_one), "plan__partnership"),
        (WorkingCopy.objects.filter(**names_one, section__isnull=False), "section__plan__partnership"),
        (WorkingCopy.objects.filter(**names_one, section__isnull=True), "arrangement__plan__partnership"),
    ):
        for partnership, body in texts.values_list(owner, "body").iterator(chunk_size=50):
            for digest in pictures_in(body):
                yield partnership, digest


def _forget(picture: Picture) -> None:
    storage, name = picture.file.storage, str(picture.file.name)
    with transaction.atomic():
        audit.record(
            by=audit.SYSTEM,
            action="strategic_plans.picture_forgotten",
            subject=picture,
            tenant=picture.partnership.slug,
            before={"digest": picture.digest},
        )
        picture.delete()
    storage.delete(name)
