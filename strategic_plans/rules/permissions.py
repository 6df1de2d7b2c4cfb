from foundation.documents.models import Document
from localities.models import Locality
from localities.rules import leads_locality, led_locality_ids
from partnerships.enums import Role
from partnerships.models import Partnership, User
from partnerships.permissions import EVERY_ROLE, YES, Answer, Standing, permission, standing_of

from ..enums import PlanState
from ..models import Plan, PlanVersion

READ_PLAN = permission("strategic_plans.read", "Reading the plan", *EVERY_ROLE, writes=False)
EDIT_PLAN = permission(
    "strategic_plans.edit",
    "Changing the plan",
    Role.PLANNING_OFFICER,
    Role.CHIEF_OFFICER,
    source="2014 Act s.29",
)
EDIT_ARRANGEMENTS = permission(
    "strategic_plans.edit_arrangements",
    "Writing a locality's arrangements",
    Role.LOCALITY_LEAD,
    source="2014 Act s.29(3)(b)",
)
# Whoever answers for an action reports on it, whatever else they do; `may_update_action` asks whose it is.
UPDATE_ACTIONS = permission(
    "strategic_plans.update_actions",
    "Reporting on an action of the plan",
    *(EVERY_ROLE - {Role.AUDITOR, Role.SUPPORT}),
)
COMMENT = permission(
    "strategic_plans.comment",
    "Commenting on a draft plan",
    *(EVERY_ROLE - {Role.AUDITOR, Role.SUPPORT}),
    source="2014 Act s.33",
)
PUBLISH_PLAN = permission(
    "strategic_plans.publish",
    "Publishing the plan",
    Role.CHIEF_OFFICER,
    needs_second_factor=True,
    source="2014 Act s.35",
)
MAKE_PDF = permission(
    "strategic_plans.make_pdf",
    "Making a PDF of the plan",
    *(EVERY_ROLE - {Role.AUDITOR, Role.SUPPORT}),
)


def is_open_for_editing(plan: Plan) -> Answer:
    """Only a draft is edited: what was published stays as the public read it."""
    if plan.is_draft:
        return YES
    return Answer(
        False,
        f"“{plan}” was published and its text is frozen. Start its successor to change what it says.",
    )


def may_comment(standing: Standing, plan: Plan) -> Answer:
    """Whether this person may say something about the text: everybody who works here, while it is a draft."""
    return standing.may(COMMENT) and is_open_for_editing(plan)


def may_edit_plan(standing: Standing, plan: Plan) -> Answer:
    """Whether this person may change the plan's sections, priorities and details today."""
    return standing.may(EDIT_PLAN) and is_open_for_editing(plan)


def may_edit_arrangement(standing: Standing, plan: Plan, locality: Locality) -> Answer:
    """Whether this person writes the arrangements of the locality: only its lead does."""
    return (
        standing.may(EDIT_ARRANGEMENTS) and leads_locality(standing, locality) and is_open_for_editing(plan)
    )


def may_add_pictures(standing: Standing, plan: Plan) -> Answer:
    """Whether this person may upload pictures for the plan's text: everybody who writes in some part of it.

    In a published plan those who write it in easy words or in Gaelic.
    """
    if may_write_variant(standing, plan):
        return YES
    writes = standing.may(EDIT_PLAN)
    if not writes and standing.may(EDIT_ARRANGEMENTS):
        writes = YES
    return writes and is_open_for_editing(plan)


def is_in_hand(plan: Plan) -> Answer:
    """Actions are reported on in a draft and in the published plan, until a successor takes its place."""
    if plan.state != PlanState.SUPERSEDED:
        return YES
    return Answer(
        False, f"“{plan}” was replaced. Report on what is still to be done in the plan that took its place."
    )


def may_assign_actions(standing: Standing, plan: Plan) -> Answer:
    """Whether this person says who answers for an action: in a published plan too, since people change posts."""
    return standing.may(EDIT_PLAN) and is_in_hand(plan)


def may_update_action(standing: Standing, plan: Plan, *, owner: int | None, localities: set[int]) -> Answer:
    """Whether this person reports on the action of this owner and these localities (keys; none: the whole area).

    Those who edit the plan report on every action, its owner on their own, a locality lead on what is done there.
    """
    answer = standing.may(UPDATE_ACTIONS) and is_in_hand(plan)
    if not answer or owner == standing.user.pk or standing.may(EDIT_PLAN):
        return answer
    if localities & led_locality_ids(standing):
        return YES
    return Answer(
        False,
        "Only the person who answers for this action, the lead of a locality that it names, or somebody who edits "
        f"the plan may report on it. You hold: {standing.role_names}.",
    )


def may_publish_plan(standing: Standing, plan: Plan) -> Answer:
    """Whether this person may approve and publish: a chief officer, and not the one who started the plan."""
    answer = standing.may(PUBLISH_PLAN) and is_open_for_editing(plan)
    if answer and plan.started_by_id == standing.user.pk:
        return Answer(
            False,
            "Whoever starts a plan does not publish it: two people answer for what becomes public. "
            f"You started “{plan}”, so another chief officer has to publish it.",
        )
    return answer


def may_correct_plan(standing: Standing, plan: Plan) -> Answer:
    """Whether this person may correct words of the published plan: who may publish, as that is what it is."""
    answer = standing.may(PUBLISH_PLAN)
    if not answer:
        return answer
    if plan.state != PlanState.PUBLISHED:
        return Answer(
            False,
            f"“{plan}” is a draft: change its text itself."
            if plan.is_draft
            else f"“{plan}” was replaced, and its text stays as it was. Correct the plan that took its place.",
        )
    if plan.started_by_id == standing.user.pk:
        return Answer(
            False,
            "Whoever starts a plan does not publish it, nor a correction of it: two people answer for what becomes "
            f"public. You started “{plan}”, so another chief officer has to correct it.",
        )
    return answer


def is_public(plan: Plan) -> Answer:
    """Forms of a plan are made for what the public reads, until a successor takes its place."""
    if plan.state == PlanState.PUBLISHED:
        return YES
    return Answer(
        False,
        f"“{plan}” is a draft. Easy read and Gaelic are made for what is published."
        if plan.is_draft
        else f"“{plan}” was replaced. Make the forms of the plan that took its place.",
    )


def may_write_variant(standing: Standing, plan: Plan) -> Answer:
    """Whether this person writes the plan in easy words or in Gaelic: those who edit plans."""
    return standing.may(EDIT_PLAN) and is_public(plan)


def may_publish_variant(standing: Standing, plan: Plan) -> Answer:
    """Whether this person publishes such a text: those who publish plans."""
    return standing.may(PUBLISH_PLAN) and is_public(plan)


def may_download_pdf(user: User, document: Document) -> bool:
    """Everybody may have the PDF of a published version, and a draft's those who may read the plan."""
    if PlanVersion.objects.filter(snapshot=document.inputs.get("snapshot")).exists():
        return True
    partnership = Partnership.objects.filter(slug=document.tenant).first()
    if partnership is None or not user.is_authenticated:
        return False
    return bool(standing_of(user, partnership).may(READ_PLAN))
