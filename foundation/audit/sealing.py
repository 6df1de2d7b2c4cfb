"""Sealing entries in batches, apart from the writers: nobody who records an act ever waits for a seal."""

import logging
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from . import chain
from .models import Entry, Seal, SealedEntry

logger = logging.getLogger(__name__)

BATCH = 2_000
# Entries become visible in the order of their commits, not of their numbers. A run looks back this far before the
# last sealed one; whoever keeps a transaction open longer is found by a run with everything=True.
LOOK_BACK = timedelta(hours=24)
# Any fixed number: the name of the advisory lock that makes the sealer single.
_LOCK = 7_311_842_001


def seal_entries(*, everything: bool = False) -> int:
    """Each visible entry is in a seal, whatever order entries were committed in; returns how many were sealed now.

    If another sealer is at work, nothing is done and 0 returned.
    """
    sealed = 0
    while count := _seal_batch(everything=everything):
        sealed += count
    return sealed


@transaction.atomic
def _seal_batch(*, everything: bool) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    last = Seal.objects.order_by("-number").first()
    entries = list(_unsealed(last, everything=everything).order_by("pk").values_list(*chain.FIELDS)[:BATCH])
    if not entries:
        return 0
    digests = [chain.entry_digest(values) for values in entries]
    number = last.number + 1 if last else 1
    previous = last.digest if last else chain.BEGINNING
    sealed_at = timezone.now()
    seal = Seal.objects.create(
        number=number,
        previous_digest=previous,
        digest=chain.seal_digest(number=number, previous=previous, sealed_at=sealed_at, entries=digests),
        entries_count=len(entries),
        sealed_at=sealed_at,
    )
    SealedEntry.objects.bulk_create(
        SealedEntry(seal=seal, entry_id=values[0], position=position, digest=digest)
        for position, (values, digest) in enumerate(zip(entries, digests, strict=True), start=1)
    )
    # A witness outside the database: whoever rewrites the whole chain must also rewrite the logs.
    logger.info("audit seal %s of %s entries: %s", number, len(entries), seal.digest)
    return len(entries)


def _unsealed(last: Seal | None, *, everything: bool) -> QuerySet[Entry]:
    entries = Entry.objects.filter(sealed=None)
    if last is None or everything:
        return entries
    newest = SealedEntry.objects.filter(seal=last).order_by("-position").select_related("entry").first()
    return entries.filter(at__gte=newest.entry.at - LOOK_BACK) if newest else entries
