"""The one act that the current code serves: a web request or a task."""

import re
import uuid
from contextvars import ContextVar, Token

_request_id: ContextVar[str] = ContextVar("audit_request_id", default="")

# What a proxy may hand us. Anything else could forge log lines or fill the column.
_SAFE = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id() -> str:
    """The identifier of the request or task being served; empty outside both (a shell, a command)."""
    return _request_id.get()


def set_request_id(value: str) -> Token[str]:
    return _request_id.set(value)


def reset_request_id(token: Token[str]) -> None:
    _request_id.reset(token)


def safe_or_new(offered: str) -> str:
    """The offered identifier if it can do no harm, else a new random one."""
    return offered if _SAFE.fullmatch(offered) else uuid.uuid4().hex
