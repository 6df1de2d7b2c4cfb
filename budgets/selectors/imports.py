"""Files of lines, as their pages and the worker ask for them."""

from __future__ import annotations

import hashlib
import json
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from partnerships.models import Partnership

from ..enums import ImportState
from ..models import Budget, LedgerLayout, LineImport
from .line_words import LineWords
from .scheme import models_of_year


def layouts_of(partnership: Partnership) -> QuerySet[LedgerLayout]:
    return LedgerLayout.objects.for_partnership(partnership).select_related("changed_by").order_by("name")


def imports_of(budget: Budget) -> QuerySet[LineImport]:
    """The files of this budget that were applied, newest first, without what was found in them."""
    applied = budget.imports.filter(state=ImportState.APPLIED)
    return applied.select_related("applied_by").defer("found", "layout").order_by("-applied_at", "pk")


def open_imports(budget: Budget) -> QuerySet[LineImport]:
    """The files that somebody brought and nobody has applied yet."""
    waiting = budget.imports.exclude(state=ImportState.APPLIED)
    return waiting.select_related("brought_by").defer("found", "layout").order_by("-brought_at", "pk")


def import_of(budget: Budget, pk: UUID) -> LineImport:
    """The file of this budget, or 404."""
    found = (
        budget.imports.select_related("brought_by", "applied_by")
        .defer("found", "layout")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("There is no such file. Files that nobody applied are deleted after a week.")
    found.budget = budget
    return found


def applied_before(row: LineImport) -> LineImport | None:
    """The last time that a file of exactly these bytes was applied to the same budget."""
    same = row.budget.imports.filter(state=ImportState.APPLIED, sha256=row.sha256).exclude(pk=row.pk)
    return same.select_related("applied_by").defer("found", "layout").order_by("-applied_at").first()


def state_of(budget: Budget, words: LineWords) -> str:
    """A fingerprint of everything that a file is compared with: it differs as soon as any of it was changed."""
    facts = [
        str(budget.state),
        str(models_of_year(budget)),
        list(budget.lines.order_by("pk").values_list("pk", "revision")),
        sorted(words.bodies),
        sorted((pk, function.is_large_hospital) for pk, function in words.functions.items()),
        sorted(words.localities),
        sorted((pk, group.name) for pk, group in words.care_groups.items()),
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
