"""What the words in a file of lines stand for, and how a line's values are written there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Prefetch

from foundation.documents.spreadsheets import harmless
from localities.models import Locality
from partnerships.models import Body, DelegatedFunction, Partnership

from ..enums import (
    NOT_TOLD_APART,
    Arm,
    FundKind,
    LocalityMethod,
    ProviderSector,
    Setting,
    SpendCategory,
    Subjective,
)
from ..models import Budget, BudgetLine, CareGroup, LocalityShare
from ..shape import AREA_WIDE, LINE_COLUMNS, METHOD, NOTE, LineColumn, locality_column
from .localities import localities_of
from .scheme import bodies_of, functions_of

YES_AND_NO = {
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
}
INSTITUTIONAL = YES_AND_NO | {"institutional": True, "community": False}
# How ledgers and other reports name the subjective headings.
SUBJECTIVE_WORDS = {
    Subjective.EMPLOYEES: ("employees", "employee", "staff", "staff costs", "pay"),
    Subjective.PREMISES: ("premises costs", "property costs"),
    Subjective.TRANSPORT: ("transport costs",),
    Subjective.SUPPLIES: ("supplies & services", "supplies"),
    Subjective.THIRD_PARTY: (
        "third party payments",
        "third party",
        "third-party payments (purchased care)",
        "third party payments (purchased care)",
        "purchased care",
    ),
    Subjective.TRANSFER: ("transfers",),
    Subjective.FAMILY_HEALTH: ("family health service", "fhs"),
    Subjective.PRESCRIBING: ("drugs",),
    Subjective.RESOURCE_TRANSFER: ("resource transfers",),
    Subjective.INCOME: ("receipts",),
}
# What a line says in the columns of its own; care groups and the split by locality stand in other tables.
OWN_KEYS = (*(column.key for column in LINE_COLUMNS if column.key != "care_groups"), METHOD.key, NOTE.key)


@dataclass(frozen=True)
class LineValues:
    """What a line says, in a form that can be compared: keys of budgets.shape, foreign keys as primary keys."""

    own: dict[str, Any]
    care_groups: frozenset[int] = frozenset()
    shares: dict[int, Decimal] = field(default_factory=dict)
    pk: int | None = None

    @property
    def area_wide(self) -> Decimal:
        return Decimal(self.own["amount"] - sum(self.shares.values(), Decimal(0)))


@dataclass(frozen=True)
class LineWords:
    """The budget's bodies, functions, localities and so on, by the words that name them. Four queries."""

    budget: Budget
    bodies: dict[int, Body]
    functions: dict[int, DelegatedFunction]
    hosts: dict[int, Partnership]
    localities: dict[int, Locality]
    care_groups: dict[int, CareGroup]

    @cached_property
    def columns(self) -> tuple[LineColumn, ...]:
        """The columns of a file of this budget's lines, in their order."""
        localities = [locality_column(pk, locality.name) for pk, locality in self.localities.items()]
        return (*LINE_COLUMNS, *localities, *((AREA_WIDE, METHOD, NOTE) if localities else ()))

    @cached_property
    def meanings(self) -> dict[str, dict[str, Any]]:
        """For each column with words of its own: what each word means, in small letters."""
        functions = {_small(name): pk for pk, name in self._function_names().items()}
        functions |= {_small(function.code): pk for pk, function in self.functions.items()}
        return {
            "delivered_by_id": {
                _small(word): pk for pk, body in self.bodies.items() for word in (body.name, body.code)
            },
            "function_id": functions,
            "hosted_by_id": {
                _small(word): pk
                for pk, host in self.hosts.items()
                for word in (host.short_name, host.name, host.code)
            },
            "category": _choices(SpendCategory)
            | {_small(f"{choice.value} {choice.label}"): choice.value for choice in SpendCategory},
            "setting": _choices(Setting),
            "subjective": _choices(Subjective)
            | {word: choice.value for choice, words in SUBJECTIVE_WORDS.items() for word in words}
            | {_small(NOT_TOLD_APART): ""},
            "fund": _choices(FundKind),
            "arm": _choices(Arm),
            "provider_sector": _choices(ProviderSector),
            METHOD.key: _choices(LocalityMethod),
            "is_institutional": INSTITUTIONAL,
            "is_recurring": YES_AND_NO,
            "care_groups": {_small(group.name): pk for pk, group in self.care_groups.items()},
        }

    @cached_property
    def offered(self) -> dict[str, list[str]]:
        """For each column with words of its own: those that a file of ours uses, for a list to choose from."""
        return {
            "delivered_by_id": [body.name for body in self.bodies.values()],
            "function_id": list(self._function_names().values()),
            "hosted_by_id": [host.short_name for host in self.hosts.values()],
            "category": list(SpendCategory.values),
            "setting": [str(label) for label in Setting.labels],
            "subjective": [*(str(label) for label in Subjective.labels), NOT_TOLD_APART],
            "fund": [str(label) for label in FundKind.labels],
            "arm": [str(label) for label in Arm.labels],
            "provider_sector": [str(label) for label in ProviderSector.labels],
            METHOD.key: [str(label) for label in LocalityMethod.labels],
            "is_institutional": ["Yes", "No"],
            "is_recurring": ["Yes", "No"],
            "care_groups": [group.name for group in self.care_groups.values()],
        }

    def written(self, key: str, value: Any) -> Any:
        """The value as a file has it: words for what has a name, figures and text as they are."""
        if value is None or value == "":
            return None
        if key == "care_groups":
            return (
                "; ".join(sorted(self.care_groups[pk].name for pk in value if pk in self.care_groups)) or None
            )
        if isinstance(value, bool):
            return "Yes" if value else "No"
        return self._names.get(key, {}).get(value, value)

    @cached_property
    def _names(self) -> dict[str, dict[Any, str]]:
        return {
            "delivered_by_id": {pk: body.name for pk, body in self.bodies.items()},
            "function_id": self._function_names(),
            "hosted_by_id": {pk: host.short_name for pk, host in self.hosts.items()},
            "setting": dict(Setting.choices),
            "subjective": dict(Subjective.choices),
            "fund": dict(FundKind.choices),
            "arm": dict(Arm.choices),
            "provider_sector": dict(ProviderSector.choices),
            METHOD.key: dict(LocalityMethod.choices),
        }

    def _function_names(self) -> dict[int, str]:
        titles = Counter(_small(function.title) for function in self.functions.values())
        return {
            pk: function.title
            if titles[_small(function.title)] == 1
            else f"{function.title} [{function.code}]"
            for pk, function in self.functions.items()
        }


def line_words(budget: Budget, *, of_lines: Iterable[BudgetLine] = ()) -> LineWords:
    """The words of this budget; of functions and bodies that only `of_lines` still name, too."""
    lines = list(of_lines)
    bodies = {body.pk: body for body in bodies_of(budget.partnership)}
    functions = {function.pk: function for function in functions_of(budget)}
    for line in lines:
        bodies.setdefault(line.delivered_by_id, line.delivered_by)
        if line.function is not None:
            functions.setdefault(line.function.pk, line.function)
    return LineWords(
        budget=budget,
        bodies=bodies,
        functions=functions,
        hosts={host.pk: host for host in Partnership.objects.all()},
        localities={locality.pk: locality for locality in localities_of(budget)},
        care_groups={group.pk: group for group in CareGroup.objects.for_partnership(budget.partnership)},
    )


def _small(word: str) -> str:
    return " ".join(word.casefold().replace("’", "'").split())


def _choices(choices: Any) -> dict[str, str]:
    by_label = {_small(str(choice.label)): choice.value for choice in choices}
    return by_label | {_small(choice.value): choice.value for choice in choices}


def meaning_of(words: dict[str, Any], typed: str) -> Any:
    """What the word means; KeyError for one that nobody knows."""
    return words[_small(typed)]


def with_scope(lines: Any) -> Any:
    """The lines with what `values_of` reads beside them, in two more queries."""
    shares = LocalityShare.objects.only("line_id", "locality_id", "amount")
    return lines.prefetch_related(
        Prefetch("care_groups", CareGroup.objects.only("pk", "name")), Prefetch("locality_shares", shares)
    )


def values_of(lines: Iterable[BudgetLine]) -> Iterator[LineValues]:
    """What each of the lines says. Ask for them with `with_scope`."""
    for line in lines:
        yield LineValues(
            {key: getattr(line, key) for key in OWN_KEYS},
            frozenset(group.pk for group in line.care_groups.all()),
            {share.locality_id: share.amount for share in line.locality_shares.all()},
            line.pk,
        )


def undone(text: str) -> str:
    """The text as it was before a file of ours kept a spreadsheet from running it."""
    rest = text[1:]
    return rest if text.startswith("'") and harmless(rest) == text else text
