"""How every process writes its log: one JSON object a line for machines, or one readable line for people."""

import logging
from typing import Any


class RequestId(logging.Filter):
    """Every record carries the identifier of the request or task that it belongs to, or an empty text."""

    def filter(self, record: logging.LogRecord) -> bool:
        from foundation.audit.context import request_id

        if not getattr(record, "request_id", ""):
            record.request_id = request_id()
        return True


class NoRoutine(logging.Filter):
    """What happens every few seconds and went well is not worth a line: probes of the health pages, and the tasks
    that the clock sends."""

    def filter(self, record: logging.LogRecord) -> bool:
        path = getattr(getattr(record, "request", None), "path", "") or getattr(record, "path", "")
        if str(path).startswith("/health/"):
            return False
        facts = getattr(record, "data", None)
        task = facts.get("name") if isinstance(facts, dict) else None
        return record.levelno > logging.INFO or task not in _tasks_of_the_clock()


def _tasks_of_the_clock() -> set[str]:
    from django.conf import settings

    return {str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()}


class Readable(logging.Formatter):
    """`14:02:11 WARNING django.request: Not Found: /nowhere  [request id]`"""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname:<7} {name}: {message}", datefmt="%H:%M:%S", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the standard library's name
        mark = getattr(record, "request_id", "")
        return super().formatMessage(record) + (f"  [{mark}]" if mark else "")


def logging_settings(*, structured: bool, level: str = "INFO") -> dict[str, Any]:
    """The LOGGING setting. `structured` is for machines that collect logs."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "integration_portal.logs.RequestId"},
            "no_routine": {"()": "integration_portal.logs.NoRoutine"},
        },
        "formatters": {
            "readable": {"()": "integration_portal.logs.Readable"},
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": "%(levelname)s %(name)s %(message)s %(request_id)s %(process)d",
                "rename_fields": {"levelname": "level", "name": "logger"},
                "timestamp": "time",
            },
        },
        "handlers": {
            "stream": {
                "class": "logging.StreamHandler",
                "filters": ["no_routine", "request_id"],
                "formatter": "json" if structured else "readable",
            }
        },
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            # Django and gunicorn bring handlers of their own; everything goes through ours instead.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "gunicorn.error": {"handlers": [], "level": level, "propagate": True},
            "gunicorn.access": {"handlers": [], "level": level, "propagate": True},
            # Library chatter that says nothing about the portal.
            "axes.apps": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
        },
    }
