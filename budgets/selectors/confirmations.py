"""How the partners stand to each figure of a year."""

from __future__ import annotations

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from partnerships.enums import BodyKind
from partnerships.models import Body

from ..enums import Arm, Word
from ..models import Budget, BudgetLine, Confirmation
from .lines import lines_of_year


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
