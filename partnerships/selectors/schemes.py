"""The page of the integration scheme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django import forms
from django.db.models import Model
from django.utils import timezone

from ..enums import BodyKind, FunctionSetting
from ..models import (
    Body,
    DelegatedFunction,
    IntegrationModelPeriod,
    IntegrationScheme,
    Partnership,
    PostHolder,
)
from ..rules import bodies_of, scheme_review_anchor, scheme_review_due
from .audit import in_words


@dataclass(frozen=True, slots=True)
class FunctionGroup:
    """Functions of one setting under one law: what a reader looks for together."""

    setting: FunctionSetting
    law: str
    functions: list[DelegatedFunction]

    @property
    def heading(self) -> str:
        return f"{self.setting.label}, {self.law}"


@dataclass(frozen=True, slots=True)
class Delegation:
    """What one kind of body delegates."""

    kind: BodyKind
    bodies: list[Body]
    groups: list[FunctionGroup]
    count: int


@dataclass(frozen=True, slots=True)
class SchemePage:
    scheme: IntegrationScheme | None
    versions: list[IntegrationScheme]
    review_anchor: date | None
    review_due: date | None
    model: IntegrationModelPeriod | None
    models: list[IntegrationModelPeriod]
    delegations: list[Delegation]
    ended: list[DelegatedFunction]
    holders: list[PostHolder]
    former_holders: list[PostHolder]
    bodies: list[Body]


def current_scheme(partnership: Partnership) -> IntegrationScheme | None:
    return IntegrationScheme.objects.for_partnership(partnership).first()


def scheme_page(partnership: Partnership) -> SchemePage:
    """Everything the page shows, as of today, in six queries."""
    today = timezone.localdate()
    versions = list(IntegrationScheme.objects.for_partnership(partnership))
    scheme = versions[0] if versions else None
    models = list(IntegrationModelPeriod.objects.for_partnership(partnership))
    functions = list(DelegatedFunction.objects.for_partnership(partnership).order_by("pk"))
    holders = list(PostHolder.objects.for_partnership(partnership))
    bodies = bodies_of(partnership)
    in_force = [f for f in functions if f.ends_on is None or f.ends_on >= today]
    return SchemePage(
        scheme=scheme,
        versions=versions,
        review_anchor=scheme_review_anchor(scheme) if scheme else None,
        review_due=scheme_review_due(scheme) if scheme else None,
        model=next((model for model in models if _holds(model, today)), None),
        models=models,
        delegations=[_delegation(kind, bodies, in_force) for kind in BodyKind],
        ended=[function for function in functions if function not in in_force],
        holders=[holder for holder in holders if holder.ends_on is None or holder.ends_on >= today],
        former_holders=[holder for holder in holders if holder.ends_on and holder.ends_on < today],
        bodies=bodies,
    )


def _holds(period: IntegrationModelPeriod, day: date) -> bool:
    return period.starts_on <= day and (period.ends_on is None or period.ends_on >= day)


def _delegation(kind: BodyKind, bodies: list[Body], functions: list[DelegatedFunction]) -> Delegation:
    own = [function for function in functions if function.delegated_by == kind]
    return Delegation(
        kind=kind,
        bodies=[body for body in bodies if body.kind == kind],
        groups=function_groups(own),
        count=len(own),
    )


def function_groups(functions: Iterable[DelegatedFunction]) -> list[FunctionGroup]:
    """The functions by setting and law, what a partnership added to the list of the law last in its setting."""
    groups: dict[tuple[str, str], list[DelegatedFunction]] = {}
    order = list(FunctionSetting.values)
    for function in sorted(functions, key=lambda f: (order.index(f.setting), not f.is_prescribed)):
        law = function.legal_basis.partition(", section")[0] if function.is_prescribed else "Local choice"
        groups.setdefault((function.setting, law), []).append(function)
    return [FunctionGroup(FunctionSetting(setting), law, rows) for (setting, law), rows in groups.items()]


def name_in_its_group(function: DelegatedFunction) -> str:
    """The function as its group lists it: two functions of one title are told apart by their section."""
    law, _, section = function.legal_basis.partition(", section ")
    if not function.is_prescribed:
        return f"{function} ({law}{f', section {section}' if section else ''})"
    return f"{function} (section {section})" if section else str(function)


def saved_facts(row: Model, form: forms.Form) -> list[tuple[str, str]]:
    """What is saved now beside a form that was filled in meanwhile: label and value in words, field by field."""
    facts = []
    for bound in form.visible_fields():
        display = getattr(row, f"get_{bound.name}_display", None)
        value = display() if display else getattr(row, bound.name)
        if isinstance(value, date):
            value = value.isoformat()
        facts.append((str(bound.label), in_words(value)))
    return facts
