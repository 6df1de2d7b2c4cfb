"""Entries and log lines written by a task carry the task's identifier."""

from contextvars import Token
from typing import Any

from celery.signals import task_postrun, task_prerun

from .context import reset_request_id, set_request_id

_tokens: dict[str, Token[str]] = {}


def connect() -> None:
    """Every task run from here on sets and clears the request id."""
    task_prerun.connect(_enter, dispatch_uid="audit_request_id")
    task_postrun.connect(_leave, dispatch_uid="audit_request_id")


def _enter(task_id: str, **_: Any) -> None:
    _tokens[task_id] = set_request_id(task_id)


def _leave(task_id: str, **_: Any) -> None:
    if token := _tokens.pop(task_id, None):
        reset_request_id(token)
