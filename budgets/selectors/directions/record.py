"""One direction with everything that belongs to it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from partnerships.enums import IntegrationModel
from partnerships.models import Body, IntegrationModelPeriod, Partnership

from ...enums import STANDING
from ...issued import (
    IssuedDirection,
    IssuedEarlier,
    IssuedFunction,
    IssuedLine,
    IssuedTarget,
    content_hash,
)
from ...models import (
    Acknowledgement,
    BudgetLine,
    Direction,
    DirectionReport,
    DirectionTarget,
    Replacement,
    RevisionFlag,
)
from ...rules.directions import ACKNOWLEDGED_WITHIN, DirectionParts, Missing, missing_in
from .lines import unconfirmed_in


def model_on(partnership: Partnership, day: date) -> IntegrationModel | None:
    """The model of integration under which the partnership works on that day; None: not recorded (s.1(4))."""
    found = IntegrationModelPeriod.objects.for_partnership(partnership).on(day).first()
    return IntegrationModel(found.model) if found else None


def parts_of(direction: Direction) -> DirectionParts:
    """The direction's rows as they stand. Four queries."""
    return DirectionParts(
        direction=direction,
        targets=tuple(direction.targets.select_related("body")),
        functions=tuple(direction.functions.all()),
        lines=tuple(direction.lines.select_related("line__delivered_by", "line__function")),
        replaces=tuple(direction.replaces.select_related("earlier")),
    )


def content_now(parts: DirectionParts, *, issued_by: str, reference: str, on: date) -> IssuedDirection:
    """The direction as its letter would say it today: what is frozen when it is issued, and shown before."""
    direction = parts.direction
    model = model_on(direction.partnership, direction.starts_on or on)
    return IssuedDirection(
        partnership=direction.partnership.name,
        model=model.value if model else "",
        reference=reference,
        version=direction.version,
        title=direction.title,
        text=direction.text,
        targets=tuple(IssuedTarget(target.body.name, target.part) for target in parts.targets),
        functions=tuple(IssuedFunction(function.title, function.legal_basis) for function in parts.functions),
        money=direction.money,
        year=direction.budget.year_label if direction.budget else "",
        amount=direction.amount,
        method=direction.method,
        lines=tuple(
            IssuedLine(
                row.line.title,
                row.line.delivered_by.name,
                row.line.function.title if row.line.function else "",
                row.amount,
            )
            for row in parts.lines
        ),
        use_of_money=direction.use_of_money,
        plan_reference=direction.plan_reference,
        measures=direction.measures,
        information=direction.information,
        engagement=direction.engagement,
        impact=direction.impact,
        approved_on=direction.approved_on,
        minute_reference=direction.minute_reference,
        unconfirmed_reason=direction.unconfirmed_reason,
        starts_on=direction.starts_on or on,
        review_on=direction.review_on,
        replaces=tuple(
            IssuedEarlier(link.get_effect_display(), link.earlier.reference, link.earlier.title)
            for link in parts.replaces
        ),
        issued_on=on,
        issued_by=issued_by,
        prepared_by=direction.prepared_by.name if direction.prepared_by else "",
        expected_end_on=direction.expected_end_on,
    )


def model_of_content(content: IssuedDirection) -> IntegrationModel | None:
    """The model under which the direction was issued."""
    return IntegrationModel(content.model) if content.model else None


@dataclass(frozen=True)
class Answered:
    """What one body said to a direction."""

    target: DirectionTarget
    acknowledgement: Acknowledgement | None
    last_report: DirectionReport | None
    is_late: bool

    @property
    def body(self) -> Body:
        return self.target.body


@dataclass(frozen=True)
class ChainLink:
    """One direction in a chain of directions that replaced one another; `words` say how it came into it."""

    direction: Direction
    words: str
    is_this: bool


@dataclass(frozen=True)
class DirectionRecord:
    """Everything on a direction's page."""

    direction: Direction
    content: IssuedDirection
    is_intact: bool
    answers: tuple[Answered, ...]
    reports: tuple[DirectionReport, ...]
    flags: tuple[RevisionFlag, ...]
    chain: tuple[ChainLink, ...]
    missing: tuple[Missing, ...]
    unconfirmed: tuple[BudgetLine, ...]
    model: IntegrationModel | None

    @property
    def body_ids(self) -> frozenset[int]:
        return frozenset(answer.target.body_id for answer in self.answers)

    @property
    def silent_ids(self) -> frozenset[int]:
        """The bodies that have not acknowledged it."""
        return frozenset(answer.target.body_id for answer in self.answers if not answer.acknowledgement)


def direction_record(direction: Direction) -> DirectionRecord:
    """The direction with its chain and what was answered to it; what is missing as long as it is not issued."""
    today = timezone.localdate()
    missing: list[Missing] = []
    unconfirmed: list[BudgetLine] = []
    reports: list[DirectionReport] = []
    if direction.content is not None:
        content = IssuedDirection.from_json(direction.content)
        targets = list(direction.targets.select_related("body"))
        reports = list(direction.reports.select_related("body", "by"))
    else:
        parts = parts_of(direction)
        content = content_now(parts, issued_by="", reference="", on=today)
        targets = list(parts.targets)
        missing, unconfirmed = missing_in(parts, model_of_content(content)), unconfirmed_in(direction)
    return DirectionRecord(
        direction=direction,
        content=content,
        is_intact=direction.content is None or content_hash(direction.content) == direction.sha256,
        answers=_answers(direction, targets, reports, today),
        reports=tuple(reports),
        flags=tuple(direction.flags.select_related("line", "raised_by")) if direction.is_standing else (),
        chain=_chain(direction),
        missing=tuple(missing),
        unconfirmed=tuple(unconfirmed),
        model=model_of_content(content),
    )


def _answers(
    direction: Direction, targets: list[DirectionTarget], reports: list[DirectionReport], today: date
) -> tuple[Answered, ...]:
    received: dict[int, Acknowledgement] = {}
    if direction.is_issued:
        received = {row.body_id: row for row in direction.acknowledgements.select_related("by")}
    last: dict[int, DirectionReport] = {}
    for report in reports:
        last.setdefault(report.body_id, report)
    late = bool(
        direction.is_standing
        and direction.issued_at
        and timezone.localdate(direction.issued_at) + ACKNOWLEDGED_WITHIN < today
    )
    return tuple(
        Answered(
            target,
            received.get(target.body_id),
            last.get(target.body_id),
            late and target.body_id not in received,
        )
        for target in targets
    )


def _chain(direction: Direction) -> tuple[ChainLink, ...]:
    """All directions that this one replaced or was replaced by, over all steps, oldest first. At most two queries."""
    links = Replacement.objects.for_partnership(direction.partnership).filter(
        Q(direction=direction) | Q(direction__issued_at__isnull=False)
    )
    neighbours: dict[int, set[int]] = defaultdict(set)
    into: dict[int, list[Any]] = defaultdict(list)
    for link in links:
        neighbours[link.direction_id].add(link.earlier_id)
        neighbours[link.earlier_id].add(link.direction_id)
        into[link.direction_id].append(link)
    found, waiting = {direction.pk}, [direction.pk]
    while waiting:
        for pk in neighbours[waiting.pop()] - found:
            found.add(pk)
            waiting.append(pk)
    if len(found) == 1:
        return ()
    rows = {row.pk: row for row in Direction.objects.filter(pk__in=found).select_related("partnership")}
    ordered = sorted(rows.values(), key=lambda row: (row.issued_at is None, row.issued_at or 0, row.pk))
    return tuple(
        ChainLink(
            row,
            "; ".join(
                f"{link.get_effect_display().lower()} {rows[link.earlier_id].reference}"
                for link in into[row.pk]
            )
            or "the first",
            row.pk == direction.pk,
        )
        for row in ordered
    )


def standing_directions(partnership: Partnership) -> QuerySet[Direction]:
    """The directions that nothing has ended, for choices in forms."""
    return Direction.objects.for_partnership(partnership).filter(state__in=STANDING).order_by("reference")
