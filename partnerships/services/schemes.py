"""The record of the integration scheme: dates, model, functions, post holders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from foundation.audit import record

from ..models import (
    DelegatedFunction,
    IntegrationModelPeriod,
    IntegrationScheme,
    Partnership,
    PostHolder,
    User,
)
from ..rules import may_be_large_hospital, words_of
from .errors import EditedMeanwhile, FunctionIsPrescribed, NotPossible
from .facts import facts_of

_Revised = TypeVar("_Revised", IntegrationScheme, PostHolder)

SCHEME_FIELDS = (
    "approved_on",
    "effective_on",
    "published_on",
    "last_review_on",
    "url",
    "reporting_frequency",
    "variance_policy",
    "virement_policy",
    "dispute_policy",
)
FUNCTION_FIELDS = (
    "title",
    "legal_basis",
    "limits",
    "delegated_by",
    "setting",
    "age_scope",
    "is_large_hospital",
    "starts_on",
    "ends_on",
)
HOLDER_FIELDS = ("post", "name", "is_interim", "starts_on", "ends_on")
MODEL_FIELDS = ("model", "starts_on", "ends_on")


@transaction.atomic
def update_scheme(
    *, scheme: IntegrationScheme, changes: Mapping[str, Any], revision: int, by: User
) -> IntegrationScheme:
    """The scheme record holds the changes (of SCHEME_FIELDS) and its revision is one higher.

    Raises EditedMeanwhile when `revision` is no longer the current one.
    """
    return _revise(
        scheme, changes, SCHEME_FIELDS, revision=revision, by=by, action="partnerships.scheme_changed"
    )


@transaction.atomic
def begin_scheme_version(*, partnership: Partnership, by: User) -> IntegrationScheme:
    """There is a next version of the scheme, without dates; the policies are carried over (2014 Act ss.46, 47)."""
    latest = IntegrationScheme.objects.for_partnership(partnership).select_for_update().first()
    carried = ("url", "reporting_frequency", "variance_policy", "virement_policy", "dispute_policy")
    scheme = IntegrationScheme.objects.create(
        partnership=partnership,
        version=latest.version + 1 if latest else 1,
        **({name: getattr(latest, name) for name in carried} if latest else {}),
    )
    record(
        by=by,
        action="partnerships.scheme_version_begun",
        subject=scheme,
        tenant=partnership.slug,
        after=facts_of(scheme, SCHEME_FIELDS) | {"version": scheme.version},
    )
    return scheme


@transaction.atomic
def change_model(
    *, partnership: Partnership, model: str, starts_on: date, by: User
) -> IntegrationModelPeriod:
    """The partnership works under the model from that day; the model before it ends on the day before.

    A change that was recorded and has not begun yet gives way to this one; to record the model in force takes such a
    change back. A change of model needs a new scheme (2014 Act s.47): begin one beside it.

    Raises NotPossible unless the day is after the start of the current model and the model is another one.
    """
    locked = IntegrationModelPeriod.objects.select_for_update().filter(partnership=partnership)
    periods = list(locked.order_by("starts_on"))
    planned = periods.pop() if len(periods) > 1 and periods[-1].starts_on > timezone.localdate() else None
    current = periods[-1] if periods else None
    if current and starts_on <= current.starts_on:
        raise NotPossible(
            f"The model in force began on {words_of(current.starts_on)}. Enter a later day for the new one."
        )
    stays = current is not None and current.model == model
    if current and stays and not (planned or current.ends_on):
        raise NotPossible(f"{current.get_model_display()} is the model already in force.")
    replaced = planned or current
    before = facts_of(replaced, MODEL_FIELDS) if replaced else None
    if planned:
        planned.delete()
    if current and planned and stays:
        current.ends_on = None
        current.save(update_fields=["ends_on"])
        period: IntegrationModelPeriod = current
    else:
        if current:
            current.ends_on = starts_on - timedelta(days=1)
            current.save(update_fields=["ends_on"])
        period = IntegrationModelPeriod.objects.create(
            partnership=partnership, model=model, starts_on=starts_on
        )
    record(
        by=by,
        action="partnerships.model_changed",
        subject=period,
        tenant=partnership.slug,
        before=before,
        after=facts_of(period, MODEL_FIELDS),
    )
    return period


@transaction.atomic
def record_start_day(*, partnership: Partnership, day: date, is_exact: bool, by: User) -> Partnership:
    """The clocks of the Act run from this day (2014 Act s.9); the first model period begins on it too.

    Raises NotPossible when a later model began before that day.
    """
    partnership = Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)
    fields = ("integration_start_day", "is_start_day_exact")
    before = facts_of(partnership, fields)
    first = partnership.model_periods.order_by("starts_on").first()
    if first and first.ends_on and day > first.ends_on:
        raise NotPossible(
            f"The first model ended on {words_of(first.ends_on)}; integration began before that."
        )
    partnership.integration_start_day, partnership.is_start_day_exact = day, is_exact
    partnership.save(update_fields=fields)
    if first:
        first.starts_on = day
        first.save(update_fields=["starts_on"])
    record(
        by=by,
        action="partnerships.start_day_changed",
        subject=partnership,
        tenant=partnership.slug,
        before=before,
        after=facts_of(partnership, fields),
    )
    return partnership


@transaction.atomic
def add_function(*, partnership: Partnership, by: User, **values: Any) -> DelegatedFunction:
    """The partnership has a local function beyond the prescribed minimum (FUNCTION_FIELDS; 2014 Act s.1(5)).

    Raises NotPossible for a large hospital function that is not a health board's in a hospital.
    """
    _require_large_hospital_fits(values)
    function = DelegatedFunction(
        partnership=partnership, is_prescribed=False, code=_free_code(partnership, values["title"])
    )
    _set(function, values, FUNCTION_FIELDS)
    function.save()
    record(
        by=by,
        action="partnerships.function_added",
        subject=function,
        tenant=partnership.slug,
        after=facts_of(function, FUNCTION_FIELDS),
    )
    return function


@transaction.atomic
def end_function(*, function: DelegatedFunction, ends_on: date, by: User) -> DelegatedFunction:
    """The local function is delegated until that day. Raises FunctionIsPrescribed, NotPossible."""
    function = (
        DelegatedFunction.objects.select_for_update(of=("self",))
        .select_related("partnership")
        .get(pk=function.pk)
    )
    if function.is_prescribed:
        raise FunctionIsPrescribed(
            f"“{function.title}” must be delegated for adults ({function.legal_basis}; 2014 Act s.1(7)-(8)), "
            "so it cannot be ended here."
        )
    if ends_on < function.starts_on:
        raise NotPossible(
            f"The function is delegated from {words_of(function.starts_on)}. Enter that day or a later one."
        )
    before = facts_of(function, FUNCTION_FIELDS)
    function.ends_on = ends_on
    function.save(update_fields=["ends_on"])
    record(
        by=by,
        action="partnerships.function_ended",
        subject=function,
        tenant=function.partnership.slug,
        before=before,
        after=facts_of(function, FUNCTION_FIELDS),
    )
    return function


@transaction.atomic
def mark_large_hospital(
    *, function: DelegatedFunction, is_large_hospital: bool, reason: str, by: User
) -> DelegatedFunction:
    """The scheme's answer to section 1(14) is recorded: a sum is set aside for the function, or it is paid.

    Raises NotPossible for a function that no hospital of the board carries out.
    """
    function = (
        DelegatedFunction.objects.select_for_update(of=("self",))
        .select_related("partnership")
        .get(pk=function.pk)
    )
    values = {name: getattr(function, name) for name in FUNCTION_FIELDS}
    _require_large_hospital_fits(values | {"is_large_hospital": is_large_hospital})
    before = facts_of(function, ["is_large_hospital"])
    function.is_large_hospital = is_large_hospital
    function.save(update_fields=["is_large_hospital"])
    record(
        by=by,
        action="partnerships.large_hospital_marked",
        subject=function,
        tenant=function.partnership.slug,
        before=before,
        after=facts_of(function, ["is_large_hospital"]),
        reason=reason,
    )
    return function


@transaction.atomic
def add_post_holder(*, partnership: Partnership, by: User, **values: Any) -> PostHolder:
    """The person holds the post from the first to the last day (HOLDER_FIELDS)."""
    holder = PostHolder(partnership=partnership)
    _set(holder, values, HOLDER_FIELDS)
    holder.save()
    record(
        by=by,
        action="partnerships.post_holder_added",
        subject=holder,
        tenant=partnership.slug,
        after=facts_of(holder, HOLDER_FIELDS),
    )
    return holder


@transaction.atomic
def change_post_holder(
    *, holder: PostHolder, changes: Mapping[str, Any], revision: int, by: User
) -> PostHolder:
    """The record of the post holder is as given. Raises EditedMeanwhile."""
    return _revise(
        holder, changes, HOLDER_FIELDS, revision=revision, by=by, action="partnerships.post_holder_changed"
    )


def _revise(
    row: _Revised,
    changes: Mapping[str, Any],
    allowed: tuple[str, ...],
    *,
    revision: int,
    by: User,
    action: str,
) -> _Revised:
    """The row under a lock has the changes and the next revision, and the trail what was and what became."""
    rows = type(row).objects.select_for_update(of=("self",)).select_related("partnership")
    current: _Revised = rows.get(pk=row.pk)
    if current.revision != revision:
        raise EditedMeanwhile(current)
    before = facts_of(current, allowed)
    _set(current, changes, allowed)
    current.revision += 1
    current.save()
    record(
        by=by,
        action=action,
        subject=current,
        tenant=current.partnership.slug,
        before=before,
        after=facts_of(current, allowed),
    )
    return current


def _set(row: Any, values: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    unknown = set(values) - set(allowed)
    if unknown:
        raise TypeError(f"{type(row).__name__} is not changed in {', '.join(sorted(unknown))} here")
    for name, value in values.items():
        setattr(row, name, value)


def _require_large_hospital_fits(values: Mapping[str, Any]) -> None:
    if values.get("is_large_hospital") and not may_be_large_hospital(
        values["delegated_by"], values["setting"]
    ):
        raise NotPossible(
            "Money is set aside only for functions that the health board carries out in a hospital "
            "(2014 Act s.1(14))."
        )


def _free_code(partnership: Partnership, title: str) -> str:
    stem = f"local-{slugify(title)[:45]}".rstrip("-")
    taken = set(
        DelegatedFunction.objects.for_partnership(partnership)
        .filter(code__startswith=stem)
        .values_list("code", flat=True)
    )
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(code for code in numbered if code not in taken)
