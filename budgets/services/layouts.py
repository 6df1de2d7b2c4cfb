"""Saved layouts of ledgers: what the headers of a partner's file mean."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from foundation import audit
from partnerships.models import Partnership, User

from ..enums import Sign, Unit
from ..imports.amounts import Convention
from ..imports.matching import Layout
from ..models import LedgerLayout
from ..refusals import MoneyRefused

RECORDED = ("name", "means", "unit", "sign", "header_row", "fixed")


@transaction.atomic
def save_layout(
    *, partnership: Partnership, name: str, layout: Layout, by: User, saved: LedgerLayout | None = None
) -> LedgerLayout:
    """The partnership keeps this layout under this name: in place of `saved`, or of one that had the name before.

    Raises MoneyRefused when `saved` would take the name of another one.
    """
    named = (
        LedgerLayout.objects.select_for_update().filter(partnership=partnership, name__iexact=name).first()
    )
    if saved is not None and named is not None and named != saved:
        raise MoneyRefused({"save_as": f"There is another layout “{named}”. Choose another name."})
    saved = saved or named
    before = audit.snapshot(saved, RECORDED) if saved else None
    saved = saved or LedgerLayout(partnership=partnership)
    saved.name = name
    saved.means, saved.fixed = dict(layout.means), dict(layout.fixed)
    saved.unit, saved.sign = layout.convention.unit, layout.convention.sign
    saved.header_row = layout.header_row
    saved.changed_by = by
    saved.save()
    audit.record(
        by=by,
        action="budgets.layout_saved",
        subject=saved,
        tenant=partnership.slug,
        before=before,
        after=audit.snapshot(saved, RECORDED),
    )
    return saved


@transaction.atomic
def remove_layout(*, layout: LedgerLayout, by: User) -> None:
    """Files of this kind are not recognised any more. Files that were read with it keep what they were read with."""
    audit.record(
        by=by,
        action="budgets.layout_removed",
        subject=f"{layout.name} (ledger layout {layout.pk})",
        tenant=layout.partnership.slug,
        before=audit.snapshot(layout, RECORDED),
    )
    layout.delete()


def layout_of(saved: LedgerLayout) -> Layout:
    return Layout(
        dict(saved.means), Convention(Unit(saved.unit), Sign(saved.sign)), saved.header_row, dict(saved.fixed)
    )


def layout_facts(layout: Layout) -> dict[str, Any]:
    """The layout as JSON; `layout_from` reads it back."""
    return {
        "means": dict(layout.means),
        "unit": layout.convention.unit,
        "sign": layout.convention.sign,
        "header_row": layout.header_row,
        "fixed": dict(layout.fixed),
    }


def layout_from(facts: dict[str, Any]) -> Layout:
    convention = Convention(Unit(facts["unit"]), Sign(facts["sign"]))
    return Layout(facts["means"], convention, facts["header_row"], facts["fixed"])
