from __future__ import annotations

from django.db import transaction

from foundation import audit
from partnerships.models import Partnership, User

from ..models import CareGroup
from ..refusals import CareGroupIsUsed, CareGroupTaken

RECORDED = ("name", "is_key")


@transaction.atomic
def add_care_group(*, partnership: Partnership, name: str, is_key: bool, by: User) -> CareGroup:
    """The partnership tells the money for this care group apart (SSI 2014/326 reg 4(2)(f)). Raises CareGroupTaken."""
    group = CareGroup(partnership=partnership, name=name.strip(), is_key=is_key)
    _check_name(group)
    group.save()
    _record(group, "budgets.care_group_added", by=by, after=audit.snapshot(group, RECORDED))
    return group


@transaction.atomic
def change_care_group(*, group: CareGroup, name: str, is_key: bool, by: User) -> CareGroup:
    """The care group has this name, in every year. Raises CareGroupTaken."""
    current = CareGroup.objects.select_for_update().get(pk=group.pk)
    before = audit.snapshot(current, RECORDED)
    current.name, current.is_key = name.strip(), is_key
    _check_name(current)
    current.save()
    _record(
        current,
        "budgets.care_group_changed",
        by=by,
        before=before,
        after=audit.snapshot(current, RECORDED),
    )
    return current


@transaction.atomic
def remove_care_group(*, group: CareGroup, by: User) -> None:
    """The care group is gone. Raises CareGroupIsUsed while a line of any year is for it."""
    current = CareGroup.objects.select_for_update().get(pk=group.pk)
    used = current.lines.count()
    if used:
        lines = "1 line is" if used == 1 else f"{used} lines are"
        raise CareGroupIsUsed(
            f"{lines} for “{current}”, so it cannot be removed. Take the care group off those lines first, or give "
            "it another name."
        )
    _record(current, "budgets.care_group_removed", by=by, before=audit.snapshot(current, RECORDED))
    current.delete()


def _check_name(group: CareGroup) -> None:
    same = CareGroup.objects.for_partnership(group.partnership).filter(name__iexact=group.name)
    if same.exclude(pk=group.pk).exists():
        raise CareGroupTaken(
            {"name": f"There is a care group “{group.name}” already. Give this one another name."}
        )


def _record(
    group: CareGroup,
    action: str,
    *,
    by: User,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(
        by=by, action=action, subject=group, tenant=group.partnership.slug, before=before, after=after
    )
