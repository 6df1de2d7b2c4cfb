"""The audit trail of one partnership in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone

from foundation.audit import selectors as trail
from foundation.audit.models import Entry, Seal

from ..models import Partnership
from ..rules import words_of

LONGEST_VALUE = 4_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")


def entry_rows(
    partnership: Partnership,
    *,
    actor_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
    action: str = "",
    words: str = "",
) -> QuerySet[Entry]:
    """The acts in this partnership that fit every filter, the latest first."""
    return trail.entries(
        tenant=partnership.slug, actor_id=actor_id, since=since, until=until, action=action, words=words
    )


def action_words(action: str) -> str:
    """`budgets.line_changed` reads "Line changed"."""
    return action.partition(".")[2].replace("_", " ").replace(".", ", ").capitalize()


def app_words(code: str) -> str:
    """The app of a permission or an act in words: `strategic_plans.publish` belongs to "Strategic plans"."""
    label = code.partition(".")[0]
    configs = {config.label: config for config in apps.get_app_configs()}
    return str(configs[label].verbose_name if label in configs else label).replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class ChainState:
    """How far the trail is sealed, read from the last seal. Checking it all takes longer and is a page of its own."""

    sealed_at: datetime | None
    seals: int
    waiting: int
    oldest_waiting: datetime | None

    @property
    def is_behind(self) -> bool:
        return self.oldest_waiting is not None and self.oldest_waiting < timezone.now() - trail.PATIENCE


def chain_state() -> ChainState:
    last = Seal.objects.order_by("number").last()
    waiting = Entry.objects.filter(sealed=None)
    oldest = waiting.order_by("at").values_list("at", flat=True).first()
    count = waiting.count() if oldest else 0
    return ChainState(last.sealed_at if last else None, last.number if last else 0, count, oldest)


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact before and after, in words. None where the fact did not exist."""

    name: str
    before: str
    after: str
    changed: bool


@dataclass(frozen=True, slots=True)
class EntryView:
    entry: Entry
    action: str
    facts: list[Difference]
    seal: int | None
    sealed_at: datetime | None

    @property
    def is_comparison(self) -> bool:
        """Whether there is a before and an after; otherwise something came or went."""
        return bool(self.entry.before) and bool(self.entry.after)


def entry_view(partnership: Partnership, pk: int) -> EntryView | None:
    """One act with what was and what became of it, side by side; None when it is not of this partnership."""
    entry = trail.entries(tenant=partnership.slug).filter(pk=pk).select_related("sealed__seal").first()
    if entry is None:
        return None
    sealed = getattr(entry, "sealed", None)
    return EntryView(
        entry=entry,
        action=action_words(entry.action),
        facts=_differences(entry.before, entry.after),
        seal=sealed.seal_id if sealed else None,
        sealed_at=sealed.seal.sealed_at if sealed else None,
    )


def _differences(before: Any, after: Any) -> list[Difference]:
    old, new = _as_facts(before), _as_facts(after)
    names = [*old, *[name for name in new if name not in old]]
    if not old or not new:  # something came or went: what it did not have is not worth a line
        names = [name for name in names if (old or new)[name] not in {None, ""}]
    rows = [
        Difference(
            name=name.replace("_", " ").capitalize(),
            before=in_words(old[name]) if name in old else "",
            after=in_words(new[name]) if name in new else "",
            changed=old.get(name) != new.get(name),
        )
        for name in names
    ]
    return sorted(rows, key=lambda row: not row.changed)


def _as_facts(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    return value if isinstance(value, dict) else {"value": value}


def in_words(value: Any) -> str:
    """A kept value as people write it: dates and times in words, yes and no, lists with commas."""
    match value:
        case None | "":
            return "not recorded"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(in_words(item) for item in value) or "none"
        case dict():
            return "; ".join(f"{name.replace('_', ' ')}: {in_words(item)}" for name, item in value.items())
        case _:
            return _text_in_words(str(value))


def _text_in_words(text: str) -> str:
    if _DAY.fullmatch(text):
        return _day_in_words(text)
    if _MOMENT.fullmatch(text):
        return _moment_in_words(text)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"


def _day_in_words(text: str) -> str:
    try:
        return words_of(date.fromisoformat(text))
    except ValueError:
        return text


def _moment_in_words(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    return f"{words_of(moment.date())}, {moment:%H:%M}"
