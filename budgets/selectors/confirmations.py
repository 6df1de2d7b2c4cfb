"""How the partners stand to each figure of a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from foundation.sgds.formats import count_in_words
from partnerships.enums import BodyKind
from partnerships.home import Due
from partnerships.models import Body
from partnerships.permissions import Standing

from ..enums import Agreement, Arm, Word
from ..models import Budget, BudgetLine, Confirmation
from ..rules import agreement_of
from .lines import lines_of_year
from .scheme import bodies_of
from .totals import NOTHING

# What wants attention first.
URGENCY = (Agreement.DISPUTED, Agreement.UNCONFIRMED, Agreement.AGREED)


def whose_line(budget: Budget) -> Case:
    """The body whose figure a line is: its side of the budget decides.

    The council's lines are the delivering council's, or the first council's where the health board delivers. The
    health board's, the set-aside's and hosted lines are the health board's: it carries the services that one
    partnership hosts for others of its area.
    """
    first_council = Body.objects.filter(council_partnerships=budget.partnership_id).order_by("name")
    return Case(
        When(arm=Arm.COUNCIL, delivered_by__kind=BodyKind.COUNCIL, then=F("delivered_by_id")),
        When(arm=Arm.COUNCIL, then=Subquery(first_council.values("pk")[:1])),
        default=F("budget__partnership__health_board_id"),
        output_field=BigIntegerField(),
    )


def lines_with_words(budget: Budget) -> QuerySet[BudgetLine]:
    """The year's lines, each with its body (`party_id`) and that body's newest word: `said_word`, `said_amount`."""
    words = Confirmation.objects.filter(line=OuterRef("pk"), body=OuterRef("party_id")).order_by(
        "-said_at", "-pk"
    )
    return (
        lines_of_year(budget)
        .annotate(party_id=whose_line(budget))
        .annotate(
            said_word=Coalesce(Subquery(words.values("word")[:1]), Value("")),
            said_amount=Subquery(words.values("amount")[:1]),
        )
    )


def unconfirmed_lines(budget: Budget) -> QuerySet[BudgetLine]:
    """The lines that their body has not confirmed at the amount that stands: unconfirmed or disputed."""
    return lines_with_words(budget).exclude(Q(said_word=Word.CONFIRMED) & Q(said_amount=F("amount")))


@dataclass(frozen=True)
class Figure:
    """One figure of the year with what its body and the authority last said of it. Amounts in pounds.

    `said` is the newest word of the body whose figure it is, `kept` that of the authority; None: nothing yet.
    """

    key: str
    label: str
    group: str
    body: Body
    amount: Decimal
    changed_at: datetime
    said: Confirmation | None
    kept: Confirmation | None
    is_income: bool = False

    @property
    def state(self) -> Agreement:
        return agreement_of(self.amount, self.said, self.kept)

    @property
    def difference(self) -> Decimal | None:
        """The body's figure less the one that stands; None while the body has said nothing."""
        return None if self.said is None else self.said.amount - self.amount

    @property
    def since(self) -> datetime:
        """From when it stands as it does."""
        if self.state == Agreement.DISPUTED and self.said is not None:
            return self.said.said_at
        if self.state == Agreement.AGREED and self.said is not None and self.kept is not None:
            return max(self.said.said_at, self.kept.said_at)
        return self.changed_at

    @property
    def days(self) -> int:
        return (timezone.now() - self.since).days

    def is_confirmed_by(self, body: Body | None) -> bool:
        """Whether this party has confirmed the amount that stands."""
        word = self.kept if body is None else self.said
        return word is not None and word.word == Word.CONFIRMED and word.amount == self.amount

    def is_of(self, body: Body | None) -> bool:
        """Whether the party has a word on it: its body has, and the authority on every figure."""
        return body is None or body.pk == self.body.pk


@dataclass(frozen=True)
class FigureRow:
    """A figure in the list of a person; `is_open`: it waits for the word of the party that the person speaks for."""

    figure: Figure
    is_open: bool

    @property
    def order(self) -> tuple[int, bool]:
        """Disputed first, then what nobody or one party alone confirmed, the reader's own before others'."""
        return URGENCY.index(self.figure.state), not self.is_open

    @property
    def seen(self) -> str:
        """What a person saw who confirms it: the figure and its amount."""
        return f"{self.figure.key}:{self.figure.amount:.2f}"


def figure_rows(figures: Iterable[Figure], *, speaks: bool, body: Body | None) -> list[FigureRow]:
    """The figures in the order in which they want attention; `body` None speaks for the authority."""
    rows = (
        FigureRow(figure, speaks and figure.is_of(body) and not figure.is_confirmed_by(body))
        for figure in figures
    )
    return sorted(rows, key=lambda row: row.order)


def undisputed(rows: Iterable[FigureRow]) -> list[FigureRow]:
    """The rows that can be confirmed without looking at each: open, and nobody says that another amount is right."""
    return [row for row in rows if row.is_open and row.figure.state != Agreement.DISPUTED]


def fingerprint(rows: Iterable[FigureRow]) -> str:
    """Another one as soon as a figure comes, goes or has another amount."""
    return sha256("\n".join(sorted(row.seen for row in rows)).encode()).hexdigest()


@dataclass(frozen=True)
class StateTotal:
    """The figures in one state: how many, and how far apart the partners are on them."""

    state: Agreement
    count: int
    apart: Decimal
    oldest: int


def figures_of(budget: Budget, only: frozenset[int] | None = None) -> list[Figure]:
    """Every figure of the year, contributions first; `only` keeps those of these bodies. Four queries."""
    bodies = {body.pk: body for body in bodies_of(budget.partnership)}
    newest = (
        Confirmation.objects.filter(budget=budget)
        .select_related("by")
        .order_by("line_id", "contribution_id", "body_id", "-said_at", "-pk")
        .distinct("line_id", "contribution_id", "body_id")
    )
    words = {(word.line_id, word.contribution_id, word.body_id): word for word in newest}
    figures = [
        Figure(
            key=f"contribution-{row.pk}",
            label=f"{row.get_kind_display()} by {row.body}",
            group="Contributions",
            body=row.body,
            amount=row.amount,
            changed_at=row.changed_at,
            said=words.get((None, row.pk, row.body_id)),
            kept=words.get((None, row.pk, None)),
        )
        for row in budget.contributions.select_related("body").order_by("body__kind", "body__name", "kind")
    ]
    figures += [
        Figure(
            key=f"line-{line.pk}",
            label=line.title,
            group=line.group or "Lines without a heading",
            body=bodies[line.party_id],
            amount=line.amount,
            changed_at=line.changed_at,
            said=words.get((line.pk, None, line.party_id)),
            kept=words.get((line.pk, None, None)),
            is_income=line.is_income,
        )
        for line in budget.lines.annotate(party_id=whose_line(budget)).order_by("position", "title", "pk")
    ]
    return [figure for figure in figures if only is None or figure.body.pk in only]


def states_of(figures: Iterable[Figure]) -> list[StateTotal]:
    """The figures by state, disputed first."""
    rows = list(figures)
    totals = []
    for state in URGENCY:
        mine = [figure for figure in rows if figure.state == state]
        apart = sum((abs(figure.difference or NOTHING) for figure in mine), NOTHING)
        totals.append(StateTotal(state, len(mine), apart, max((figure.days for figure in mine), default=0)))
    return totals


def words_on(budget: Budget, key: str) -> QuerySet[Confirmation]:
    """Everything that anybody has said of one figure, newest first: nothing of it is ever deleted."""
    kind, _, pk = key.partition("-")
    return (
        Confirmation.objects.filter(budget=budget, **{f"{kind}_id": int(pk)}).select_related("by", "body")
        if kind in {"line", "contribution"} and pk.isdecimal()
        else Confirmation.objects.none()
    )


def figures_due(standing: Standing) -> list[Due]:
    """What a partner officer's bodies have not confirmed of the newest year. Two queries, none for anybody else."""
    if not standing.body_ids:
        return []
    budget = Budget.objects.for_partnership(standing.partnership).select_related("partnership").first()
    count = unconfirmed_of(standing, budget) if budget is not None else 0
    if budget is None or not count:
        return []
    return [
        Due(
            title=f"{count_in_words(count, 'line').capitalize()} of {budget.year_label} that you have not confirmed",
            due_on=None,
            url=reverse("budgets:agreement", args=[standing.partnership.slug, budget.year]),
            action="Confirm or dispute",
            mine=True,
            source="2014 Act s.14",
        )
    ]


def unconfirmed_of(standing: Standing, budget: Budget) -> int:
    """How many lines of the bodies that this person speaks for are not confirmed. One query."""
    return sum(line.party_id in standing.body_ids for line in unconfirmed_lines(budget))  # type: ignore[attr-defined]
