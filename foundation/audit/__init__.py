"""Who did what, when and why, in a table that nobody can rewrite unnoticed.

from foundation import audit
audit.record(by=user, action="budgets.line_changed", subject=line, tenant="angus", before=..., after=...)
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .services import SYSTEM as SYSTEM
    from .services import record as record
    from .snapshots import snapshot as snapshot

_HOMES = {"record": "services", "SYSTEM": "services", "snapshot": "snapshots"}


def __getattr__(name: str) -> Any:
    """The package's front door, opened on first use: models cannot be imported while Django loads its apps."""
    from importlib import import_module

    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
