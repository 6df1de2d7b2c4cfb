"""Who may form a year's budget: its scope, the offers, each body's own word on the figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from foundation.sgds.formats import date_uk
from partnerships.enums import BodyKind, Role
from partnerships.models import Body, Membership
from partnerships.permissions import YES, Answer, Standing, permission

from ..enums import Agreement, Word
from ..models import Confirmation, MoneyPolicy

FINANCE = (Role.FINANCE_OFFICER, Role.CHIEF_FINANCE_OFFICER)

EDIT_CARE_GROUPS = permission(
    "budgets.edit_care_groups",
    "Keeping the care groups",
    *FINANCE,
    source="SSI 2014/326 reg 4(2)(f)",
)
RECORD_OFFERS = permission(
    "budgets.record_offers",
    "Recording a body’s offer",
    *FINANCE,
    Role.PARTNER_OFFICER,
    source="2014 Act s.14",
)
WEIGH_OFFERS = permission("budgets.weigh_offers", "Writing what finance says to a finding", *FINANCE)
CONFIRM_FIGURES = permission(
    "budgets.confirm_figures",
    "Confirming a party’s own figures",
    Role.PARTNER_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
    source="2014 Act ss.14, 18, 19",
)
DECLARE_DISAGREEMENT = permission(
    "budgets.declare_disagreement",
    "Recording that the partners have not agreed",
    Role.CHIEF_FINANCE_OFFICER,
    source="2014 Act s.1(3)(f)",
)
KEEP_DISPUTE_STEPS = permission(
    "budgets.keep_dispute_steps",
    "Keeping the steps of a dispute",
    *FINANCE,
    Role.CHIEF_OFFICER,
    Role.CLERK,
    source="2014 Act s.1(3)(f)",
)
PLAN_PAYMENTS = permission(
    "budgets.plan_payments",
    "Planning and marking payments",
    *FINANCE,
    source="2014 Act s.1(3)(e)",
)


def may_record_offer_of(standing: Standing, body: Body) -> Answer:
    """Whether this person may record what the body offers: its own officer may, and finance staff."""
    if standing.holds(*FINANCE) or body.pk in standing.body_ids:
        return YES
    return Answer(
        False,
        f"The offer of {body} is recorded by its own officer, or by finance staff. As a partner officer you record the "
        "offer of your own body alone.",
    )


def bodies_shown(standing: Standing) -> frozenset[int] | None:
    """The bodies whose offers and words this person sees; None: all. A partner officer sees their own body's."""
    if standing.roles == {Role.PARTNER_OFFICER}:
        return standing.body_ids
    return None


def speaks_for(standing: Standing, body: Body | None) -> Membership | None:
    """The membership in which this person speaks for the body, or for the authority where there is none."""
    role = Role.CHIEF_FINANCE_OFFICER if body is None else Role.PARTNER_OFFICER
    body_id = None if body is None else body.pk
    return next(
        (m for m in standing.memberships if m.role == role and (body is None or m.body_id == body_id)),
        None,
    )


def may_speak_for(standing: Standing, body: Body | None) -> Answer:
    """Whether this person gives the party's word on its figures: each party confirms its own and nobody else's."""
    if speaks_for(standing, body) is not None:
        return YES
    party = "the integration authority" if body is None else str(body)
    speaker = "its chief finance officer" if body is None else "its own partner officer"
    return Answer(
        False,
        f"Only {speaker} speaks for {party}. Each party confirms its own figures and nobody else’s. "
        f"You hold: {standing.role_names}.",
    )


def offers_close_on(year: int, body: Body, policy: MoneyPolicy) -> date:
    """The last day on which the body's offer is in time, as the partnership's policy has it.

    Without a decision it is 11 March for a council, by which councils set their budgets, and 31 March for the health
    board, for the integration authority's year begins on 1 April.
    """
    by = policy.council_offers_by if body.kind == BodyKind.COUNCIL else policy.board_offers_by
    return date.fromisoformat(f"{year}-{by}")


def offer_days_in_words(policy: MoneyPolicy) -> tuple[str, str]:
    """`11 March` for a council, `31 March` for the health board."""
    days = (policy.council_offers_by, policy.board_offers_by)
    council, board = (f"{date.fromisoformat(f'2001-{day}'):%-d %B}" for day in days)
    return council, board


def late_words(year: int, body: Body, received_on: date, policy: MoneyPolicy) -> str:
    """What there is to say of an offer that came late; empty where it came in time."""
    closed = offers_close_on(year, body, policy)
    if received_on <= closed:
        return ""
    days = (received_on - closed).days
    why = (
        "the last day that the board has set"
        if closed != offers_close_on(year, body, MoneyPolicy())
        else "by which a council sets its budget and tells the integration authority its payment"
        if body.kind == BodyKind.COUNCIL
        else "the last day before the year begins, when the integration authority needs its budget"
    )
    late = "1 day" if days == 1 else f"{days} days"
    return f"The offer came on {date_uk(received_on)}, {late} after {date_uk(closed)}, {why}."


def agreement_of(amount: Decimal, said: Confirmation | None, kept: Confirmation | None) -> Agreement:
    """How the partners stand to an amount: `said` is its body's newest word, `kept` the authority's.

    A word counts for the amount that it was about. Where the figure has changed since, it is unconfirmed again; a body
    that thinks another amount right disputes the figure until the two are the same and it confirms that.
    """
    if said is not None and said.word == Word.DISPUTED and said.amount != amount:
        return Agreement.DISPUTED
    for word in (said, kept):
        if word is None or word.word != Word.CONFIRMED or word.amount != amount:
            return Agreement.UNCONFIRMED
    return Agreement.AGREED
