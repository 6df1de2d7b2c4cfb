"""Reading the record: lists for a page, and the proof that nothing in it was changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from . import chain
from .models import Entry, Seal, SealedEntry

# The sealer runs twice a minute: an entry that waits longer says that it does not run.
PATIENCE = timedelta(minutes=10)
_MOST_FAULTS = 100


# Lists


def entries(
    *,
    tenant: str | None = None,
    actor_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
    action: str = "",
    subject_type: str = "",
    subject_id: str = "",
    words: str = "",
) -> QuerySet[Entry]:
    """Entries that fit every filter given, the latest first.

    `since` and `until` are days, both included. `action` may be a whole app ("budgets") or one act
    ("budgets.line_changed"). `words` are looked for in the subject, the person's name and the reason.
    """
    found = Entry.objects.all()
    if tenant is not None:
        found = found.filter(tenant=tenant)
    if actor_id is not None:
        found = found.filter(actor_id=actor_id)
    if since:
        found = found.filter(at__gte=_start_of(since))
    if until:
        found = found.filter(at__lt=_start_of(until + timedelta(days=1)))
    if action:
        found = found.filter(Q(action=action) | Q(action__startswith=f"{action}."))
    if subject_type:
        found = found.filter(subject_type=subject_type)
    if subject_id:
        found = found.filter(subject_id=subject_id)
    if words:
        found = found.filter(
            Q(subject_label__icontains=words) | Q(actor_name__icontains=words) | Q(reason__icontains=words)
        )
    return found


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware here


def actors(*, tenant: str | None = None) -> list[tuple[int, str]]:
    """Everybody who did something, as (number, latest name), by name: the choices of a filter."""
    people = entries(tenant=tenant).exclude(actor_id=None).order_by("actor_id", "-at").distinct("actor_id")
    named = [
        (number, name) for number, name in people.values_list("actor_id", "actor_name") if number is not None
    ]
    return sorted(named, key=lambda person: person[1].casefold())


def actions(*, tenant: str | None = None) -> list[str]:
    """Every kind of act that occurred, in order: the choices of a filter."""
    return sorted(entries(tenant=tenant).order_by().values_list("action", flat=True).distinct())


# Proof


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a walk along the chain found. `faults` are sentences for people; the record is whole if there are none."""

    seals: int
    entries: int
    unsealed: int
    last_number: int
    last_digest: str
    checked_at: datetime
    faults: list[str] = field(default_factory=list)
    first_number: int = 1

    @property
    def is_whole(self) -> bool:
        return not self.faults


def verify_chain(
    *, after: int = 0, latest: int | None = None, known: dict[int, str] | None = None
) -> ChainReport:
    """Every seal after number `after` has been computed again from the entries, and so has every entry.

    `after` trusts what an earlier walk has proved; `latest` looks at that many last seals only, for a page that
    must not take long (some 10,000 entries a second). `known` are digests kept elsewhere (number: digest): the only
    protection against somebody who rewrote the whole chain. Rows are streamed, memory does not grow with them.
    Stops listing at a hundred faults.
    """
    if latest is not None:
        last = Seal.objects.order_by("-number").values_list("number", flat=True).first() or 0
        after = max(after, last - latest)
    walk = _Walk(after, known or {})
    for seal, members in _seals_with_members(after):
        walk.check(seal, members)
        if len(walk.faults) >= _MOST_FAULTS:
            walk.faults.append(
                f"The check stopped at seal {seal.number}: there are more faults than can be listed."
            )
            break
    walk.check_known()
    return walk.report(*_waiting())


class _Member(NamedTuple):
    seal: int
    position: int
    digest: str
    values: tuple[Any, ...]


def _seals_with_members(after: int) -> Iterator[tuple[Seal, list[_Member]]]:
    """Each seal with its members in order; a seal that has lost all its members comes with none."""
    rows = (
        SealedEntry.objects.filter(seal__number__gt=after)
        .order_by("seal_id", "position")
        .values_list("seal_id", "position", "digest", *(f"entry__{name}" for name in chain.FIELDS))
        .iterator(chunk_size=2_000)
    )
    members = (_Member(seal, position, digest, tuple(values)) for seal, position, digest, *values in rows)
    batches = groupby(members, key=lambda member: member.seal)
    waiting = next(batches, None)
    for seal in Seal.objects.filter(number__gt=after).order_by("number").iterator(chunk_size=500):
        if waiting and waiting[0] == seal.number:
            yield seal, list(waiting[1])
            waiting = next(batches, None)
        else:
            yield seal, []


def _waiting() -> tuple[int, datetime | None]:
    unsealed = Entry.objects.filter(sealed=None)
    oldest = unsealed.order_by("at").values_list("at", flat=True).first()
    return unsealed.count(), oldest


class _Walk:
    def __init__(self, after: int, known: dict[int, str]) -> None:
        before = Seal.objects.filter(number=after).first()
        self.faults: list[str] = []
        self._known = known
        self._seen: dict[int, str] = {}
        self._seals = self._entries = 0
        self._first = after + 1
        self._number = after
        self._digest = before.digest if before else chain.BEGINNING
        if after and before is None:
            self.faults.append(f"Seal {after} is missing.")

    def check(self, seal: Seal, members: list[_Member]) -> None:
        self._check_link(seal)
        digests = [self._check_entry(seal, member) for member in members]
        if len(members) != seal.entries_count or [m.position for m in members] != list(
            range(1, len(members) + 1)
        ):
            self.faults.append(
                f"Seal {seal.number} held {seal.entries_count} entries and now holds {len(members)}: some are missing."
            )
        made_again = chain.seal_digest(
            number=seal.number, previous=seal.previous_digest, sealed_at=seal.sealed_at, entries=digests
        )
        if made_again != seal.digest:
            self.faults.append(f"Seal {seal.number} does not match its entries: it or they were changed.")
        self._seals += 1
        self._entries += len(members)
        self._number, self._digest = seal.number, seal.digest
        if seal.number in self._known:
            self._seen[seal.number] = seal.digest

    def _check_link(self, seal: Seal) -> None:
        if seal.number != self._number + 1:
            first, last = self._number + 1, seal.number - 1
            gone = f"Seal {first} is" if first == last else f"Seals {first} to {last} are"
            self.faults.append(f"{gone} missing.")
        elif seal.previous_digest != self._digest:
            self.faults.append(
                f"The chain is broken: seal {seal.number} does not follow from seal {self._number}."
            )

    def _check_entry(self, seal: Seal, member: _Member) -> str:
        if chain.entry_digest(member.values) != member.digest:
            entry = dict(zip(chain.FIELDS, member.values, strict=True))
            self.faults.append(
                f"Entry {entry['id']} of {timezone.localtime(entry['at']):%-d %B %Y, %H:%M} "
                f"({entry['action']}) was changed after it was sealed in seal {seal.number}."
            )
        return member.digest

    def check_known(self) -> None:
        for number, digest in sorted(self._known.items()):
            if self._seen.get(number) != digest:
                self.faults.append(
                    f"Seal {number} is not the one that was kept elsewhere: the chain was rewritten."
                )

    def report(self, unsealed: int, oldest: datetime | None) -> ChainReport:
        now = timezone.now()
        if oldest and oldest < now - PATIENCE:
            self.faults.append(
                f"{unsealed} entr{'y waits' if unsealed == 1 else 'ies wait'} to be sealed since "
                f"{timezone.localtime(oldest):%-d %B %Y, %H:%M}: is the worker running?"
            )
        return ChainReport(
            seals=self._seals,
            entries=self._entries,
            unsealed=unsealed,
            last_number=self._number,
            last_digest=self._digest,
            checked_at=now,
            faults=self.faults,
            first_number=self._first,
        )
