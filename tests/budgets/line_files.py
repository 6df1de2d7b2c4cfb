"""Files of lines as tests bring them in."""

from django.core.files.base import ContentFile

from budgets import services
from budgets.models import Budget, LineImport
from partnerships.models import User


def brought(budget: Budget, by: User, data: bytes | str, name: str = "lines.csv", **facts) -> LineImport:
    """The file, read and compared as a worker does it."""
    content = data.encode() if isinstance(data, str) else data
    row = services.start_import(budget=budget, file=ContentFile(content, name=name), by=by, **facts)
    services.read_import(row.pk)
    row.refresh_from_db()
    return row


def problems(row: LineImport) -> dict[str, str]:
    """What stands against the file, by cell."""
    assert row.state == "read", (row.state, row.refusal, row.found.get("problems"))
    return {f"{letter}{number}": text for number, letter, _, text in row.found["faults"]}
