"""How typed content is frozen: its one canonical JSON, read back in every format in which it was ever written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, ClassVar, Self, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class UnknownFormat(ValueError):
    """The stored content was written by a form of the portal that this one cannot read."""


def since(written: int, default: Any) -> Any:
    """A part that content of an older format than `written` does not have: it is read as `default` there.

    A document of an older format is written down without it, so that its bytes and its hash stay what they were.
    """
    return field(default=default, metadata={"since": written})


def canonical(content: dict[str, Any]) -> bytes:
    """The content as the one JSON that it can be: keys sorted, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(content: dict[str, Any]) -> str:
    """The SHA-256 of the content's canonical JSON."""
    return hashlib.sha256(canonical(content)).hexdigest()


def encode(value: Any, written: int) -> Any:
    """The value as plain JSON in the format numbered `written`."""
    if is_dataclass(value):
        return {
            part.name: encode(getattr(value, part.name), written)
            for part in fields(value)
            if part.metadata.get("since", 1) <= written
        }
    if isinstance(value, tuple | list):
        return [encode(item, written) for item in value]
    if isinstance(value, dict):
        return {key: encode(item, written) for key, item in value.items()}
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return value


@cache
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _always(kind: type) -> frozenset[str]:
    """The parts that content of every format has: without one of them it is not read."""
    return frozenset(part.name for part in fields(kind) if "since" not in part.metadata)


def thawed(kind: type[T], content: dict[str, Any], *, newest: int, what: str) -> T:
    """Content with a format number, read as `kind` whichever of the formats 1 to `newest` it has.

    `what` names it in the error. Raises UnknownFormat for any other number and for none.
    """
    written = content.get("format")
    if not isinstance(written, int) or not 1 <= written <= newest:
        raise UnknownFormat(f"Format {written!r} of {what}, expected 1 to {newest}")
    read: T = decode(kind, content)
    return read


class Frozen:
    """Content that is frozen whole, with the number of the format that it was written in."""

    NEWEST: ClassVar[int]
    WHAT: ClassVar[str]  # as an error names it

    format: int

    def to_json(self) -> dict[str, Any]:
        """The content as plain JSON values: money and shares as strings, dates as 2027-03-31."""
        plain: dict[str, Any] = encode(self, self.format)
        return plain

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """The content that `to_json` wrote down, in this format or an older one. Raises UnknownFormat."""
        return thawed(cls, content, newest=cls.NEWEST, what=cls.WHAT)

    @property
    def sha256(self) -> str:
        return digest(self.to_json())


def decode(kind: Any, value: Any) -> Any:
    """The value as the type hint `kind` wants it: parts of a document, tuples of them, money, dates, plain values."""
    if get_origin(kind) is UnionType:
        kind = next(option for option in get_args(kind) if option is not NoneType)
    if value is None:
        return None
    if get_origin(kind) is tuple:
        return tuple(decode(get_args(kind)[0], item) for item in value)
    if is_dataclass(kind) and isinstance(kind, type):
        return kind(
            **{
                name: decode(wanted, value[name])
                for name, wanted in _types(kind).items()
                if name in value or name in _always(kind)
            }
        )
    return _READERS.get(kind, _as_it_is)(value)


def _as_it_is(value: Any) -> Any:
    return value


_READERS: dict[Any, Callable[[Any], Any]] = {Decimal: Decimal, date: date.fromisoformat}
