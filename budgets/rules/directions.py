"""Who prepares, issues, answers and reads directions, and what the 2014 Act asks of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from foundation.sgds.formats import date_uk, joined, money
from partnerships.enums import BodyKind, IntegrationModel, Role
from partnerships.models import Body, DelegatedFunction
from partnerships.permissions import EVERY_ROLE, YES, Answer, Standing, permission

from ..enums import STANDING, DirectionState, FundKind, MoneyStated
from ..models import Direction, DirectionLine, DirectionTarget, Replacement, Revocation

VIEW_DIRECTIONS = permission("budgets.view_directions", "Reading directions", *EVERY_ROLE, writes=False)
VIEW_COVERAGE = permission(
    "budgets.view_coverage",
    "Seeing which functions and which money are directed",
    *(EVERY_ROLE - {Role.PARTNER_OFFICER}),
    writes=False,
    source="2014 Act s.26(1)",
)
PREPARE_DIRECTIONS = permission(
    "budgets.prepare_directions",
    "Preparing a direction",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
    Role.PLANNING_OFFICER,
    source="2014 Act s.26",
)
ISSUE_DIRECTIONS = permission(
    "budgets.issue_directions",
    "Issuing or revoking a direction",
    Role.CHIEF_OFFICER,
    needs_second_factor=True,
    source="2014 Act s.26",
)
ANSWER_DIRECTIONS = permission(
    "budgets.answer_directions",
    "Acknowledging a direction and reporting on it",
    Role.PARTNER_OFFICER,
    source="2014 Act s.27(4)",
)

MAKE_LETTER = permission(
    "budgets.make_letter", "Making the letter of a direction", *(EVERY_ROLE - {Role.AUDITOR, Role.SUPPORT})
)

ACKNOWLEDGED_WITHIN = timedelta(days=14)
# Prepared by the portal, so that two pages say the same.
NO_DIRECTION_IN_FORCE = "no direction in force (s.26(1))"


def sees_own_body_only(standing: Standing) -> bool:
    """Whether this person is here for a council or the health board and for nothing else."""
    return standing.roles == {Role.PARTNER_OFFICER}


def may_read_direction(standing: Standing, direction: Direction, bodies: Iterable[int]) -> Answer:
    """Partner officers read what was issued to their own body; everybody else reads all. `bodies` are keys."""
    if not sees_own_body_only(standing):
        return YES
    if direction.is_issued and standing.body_ids & set(bodies):
        return YES
    return Answer(
        False, "You see the directions that were issued to the body that you speak for, and no others."
    )


def is_open_for_change(direction: Direction) -> Answer:
    """Only what is not issued yet can be changed (2014 Act s.27(5))."""
    if not direction.is_issued:
        return YES
    return Answer(
        False,
        f"{direction.reference} is issued, so its words and its money stand still. Vary it with a new direction, "
        "supersede it, or revoke it (2014 Act s.27(5)).",
    )


def may_change_direction(standing: Standing, direction: Direction) -> Answer:
    return standing.may(PREPARE_DIRECTIONS) and is_open_for_change(direction)


def may_issue_direction(standing: Standing, direction: Direction) -> Answer:
    """The chief officer issues what somebody else prepared: two people answer for each direction."""
    answer = standing.may(ISSUE_DIRECTIONS) and is_open_for_change(direction)
    return answer and is_issued_by_another(direction, standing.user.pk)


def is_issued_by_another(direction: Direction, issuer: int) -> Answer:
    if direction.state != DirectionState.READY:
        return Answer(
            False,
            "This direction is a draft. Somebody who prepares directions marks it as prepared before it is issued.",
        )
    if direction.prepared_by_id == issuer:
        return Answer(
            False,
            "Whoever prepares a direction does not issue it: two people answer for it. You prepared this one, so "
            "another chief officer has to issue it.",
        )
    return YES


def still_stands(direction: Direction) -> Answer:
    """Whether the direction can still be varied, superseded, revoked, completed or reported on."""
    if direction.state in STANDING:
        return YES
    if not direction.is_issued:
        return Answer(False, "This direction is not issued yet.")
    return Answer(
        False,
        f"{direction.reference} is {direction.get_state_display().lower()}: its last day in force is "
        f"{date_uk(direction.ends_on)}.",
    )


def may_follow_up(standing: Standing, direction: Direction) -> Answer:
    """Whether this person may begin a direction that varies or supersedes this one."""
    return standing.may(PREPARE_DIRECTIONS) and still_stands(direction)


def may_decide_revocation(standing: Standing, revocation: Revocation) -> Answer:
    """The chief officer revokes what somebody else prepared, as they issue it."""
    answer = standing.may(ISSUE_DIRECTIONS) and still_stands(revocation.direction)
    return answer and is_decided_by_another(revocation, standing.user.pk)


def is_decided_by_another(revocation: Revocation, decider: int) -> Answer:
    if not revocation.is_waiting:
        return Answer(
            False,
            "This revocation was given back. Whoever prepares directions puts it right and sends it again.",
        )
    if revocation.prepared_by_id == decider:
        return Answer(
            False,
            "Whoever prepares a revocation does not decide it: two people answer for it. You prepared this one, so "
            "another chief officer has to decide it.",
        )
    return YES


def may_answer_direction(standing: Standing, direction: Direction, bodies: Iterable[int]) -> Answer:
    """Whether this person acknowledges the direction and reports on it: for their own body, while it stands."""
    answer = standing.may(ANSWER_DIRECTIONS) and still_stands(direction)
    if answer and not standing.body_ids & set(bodies):
        return Answer(False, "This direction was not issued to the body that you speak for.")
    return answer


def must_direct(model: IntegrationModel | None) -> bool:
    """Whether each function needs a direction: an integration joint board must, a lead agency may (s.26(1))."""
    return model == IntegrationModel.BODY_CORPORATE


def duty_words(model: IntegrationModel | None) -> str:
    """What section 26 asks of the authority under this model, in a sentence."""
    if model is None:
        return (
            "It is not recorded under which model the partnership works, so the portal cannot tell whether each "
            "function needs a direction (2014 Act s.26)."
        )
    if must_direct(model):
        return "An integration joint board must give a direction for each function delegated to it (2014 Act s.26(1))."
    return "A lead agency may give directions; none is owed for each function (2014 Act s.26)."


@dataclass(frozen=True)
class Missing:
    """Something without which a direction is not issued: what, where it is put right, and who asks for it."""

    words: str
    source: str
    place: str = "words"  # "words": the draft's form; "money": its lines


@dataclass(frozen=True)
class DirectionParts:
    """A direction with all its rows, as its check needs them."""

    direction: Direction
    targets: tuple[DirectionTarget, ...]
    functions: tuple[DelegatedFunction, ...]
    lines: tuple[DirectionLine, ...]
    replaces: tuple[Replacement, ...]

    @property
    def bodies(self) -> tuple[Body, ...]:
        return tuple(target.body for target in self.targets)

    @property
    def earlier(self) -> tuple[Direction, ...]:
        return tuple(link.earlier for link in self.replaces)

    @property
    def by_line(self) -> Decimal:
        return sum((row.amount for row in self.lines), Decimal("0.00"))


def missing_in(parts: DirectionParts, model: IntegrationModel | None) -> list[Missing]:
    """Everything that keeps the direction from being issued (R-DIR-02; 2014 Act ss.26-28)."""
    return [*_missing_words(parts), *_missing_money(parts, model), *_missing_days(parts)]


def _missing_words(parts: DirectionParts) -> Iterable[Missing]:
    direction = parts.direction
    if not direction.text.strip():
        yield Missing("Say what must be done: a direction is in writing.", "2014 Act s.27(1)")
    if not parts.bodies:
        yield Missing(
            "Choose who must carry it out: the council, the health board or both.", "2014 Act s.26(1)"
        )
    if not parts.functions:
        yield Missing("Choose the delegated functions that it is about.", "2014 Act s.26(1)")
    if not direction.use_of_money.strip():
        yield Missing("Say how the money is to be used.", "2014 Act s.27(1)")
    if not direction.approved_on or not direction.minute_reference.strip():
        yield Missing(
            "Say when the authority approved it and under which minute: a direction follows from a decision.",
            "Statutory guidance on directions, 2020",
        )


def _missing_money(parts: DirectionParts, model: IntegrationModel | None) -> Iterable[Missing]:
    direction, kind = parts.direction, parts.direction.money
    if kind == MoneyStated.METHOD:
        if not direction.method.strip():
            yield Missing("Say by which method the payment is worked out.", "2014 Act s.27(1)")
    elif direction.amount is None or direction.budget is None:
        what = "set aside" if kind == MoneyStated.SET_ASIDE else "paid"
        yield Missing(f"Say how much is {what}, and for which year.", "2014 Act s.27(1)", "money")
    if parts.lines and direction.amount is not None and parts.by_line != direction.amount:
        yield Missing(
            f"The direction says {money(direction.amount)}, and its lines come to {money(parts.by_line)}. "
            f"Make them agree: {money(abs(direction.amount - parts.by_line))} lies between them.",
            "2014 Act s.27(1)",
            "money",
        )
    yield from _wrong_lines(parts)
    if kind == MoneyStated.SET_ASIDE:
        yield from _wrong_set_aside(parts, model)


def _wrong_lines(parts: DirectionParts) -> Iterable[Missing]:
    aside = parts.direction.money == MoneyStated.SET_ASIDE
    wrong_fund = [row.line.title for row in parts.lines if (row.line.fund == FundKind.SET_ASIDE) != aside]
    if wrong_fund:
        yield Missing(
            "A direction is about payments or about the set-aside, never one sum of both. Take out "
            f"{joined([f'“{title}”' for title in wrong_fund])}.",
            "2014 Act s.27(1)",
            "money",
        )
    named = {body.pk for body in parts.bodies}
    elsewhere = [row.line.title for row in parts.lines if row.line.delivered_by_id not in named]
    if elsewhere:
        yield Missing(
            f"{joined([f'“{title}”' for title in elsewhere])} is delivered by a body that this direction does not "
            "go to. Take it out, or direct that body too.",
            "2014 Act s.26(1)",
            "money",
        )


def _wrong_set_aside(parts: DirectionParts, model: IntegrationModel | None) -> Iterable[Missing]:
    if any(body.kind == BodyKind.COUNCIL for body in parts.bodies):
        yield Missing(
            "A council never holds money that is set aside. Direct the set-aside to the health board alone.",
            "2014 Act s.14",
        )
    if model == IntegrationModel.LEAD_HEALTH_BOARD:
        yield Missing(
            "Where the health board leads, nothing is set aside: the council pays it. State a payment instead.",
            "2014 Act s.18",
        )
    wrong = [function.title for function in parts.functions if not function.is_large_hospital]
    if wrong:
        yield Missing(
            f"Money is set aside for functions of a large hospital alone, and {joined([f'“{w}”' for w in wrong])} "
            "is not one.",
            "2014 Act s.1(14)",
        )


def _missing_days(parts: DirectionParts) -> Iterable[Missing]:
    direction = parts.direction
    guidance = "Statutory guidance on directions, 2020"
    if direction.starts_on is None:
        yield Missing("Say from which day it holds.", guidance)
    if direction.review_on is None:
        yield Missing("Say when it is reviewed: it does not end by itself with the year.", guidance)
    if direction.starts_on and direction.review_on and direction.review_on <= direction.starts_on:
        yield Missing("Its review comes after its first day.", guidance)
    for earlier in parts.earlier:
        if not (answer := still_stands(earlier)):
            yield Missing(f"It cannot replace {earlier.reference}: {answer.reason}", "2014 Act s.27(5)")
        elif direction.starts_on and earlier.starts_on and direction.starts_on < earlier.starts_on:
            yield Missing(
                f"It begins before {earlier.reference}, which it replaces and which holds from "
                f"{date_uk(earlier.starts_on)}.",
                "2014 Act s.27(5)",
            )
    if direction.starts_on:
        yield from _functions_not_held(parts, direction.starts_on)


def _functions_not_held(parts: DirectionParts, day: date) -> Iterable[Missing]:
    gone = [
        function.title
        for function in parts.functions
        if function.starts_on > day or (function.ends_on and function.ends_on < day)
    ]
    if gone:
        yield Missing(
            f"{joined([f'“{title}”' for title in gone])} is not delegated on {date_uk(day)}.",
            "2014 Act s.26(1)",
        )
