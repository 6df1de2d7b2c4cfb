from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from foundation import audit
from foundation.sgds.formats import date_uk
from partnerships.models import IntegrationScheme, User

from ..enums import BudgetState, Meanwhile
from ..models import Budget, Disagreement, DisputeStep
from ..refusals import MoneyRefused, NotAgreedAlready, StepChangedMeanwhile, StepRefused
from ..rules import steps_in
from .guarded import held_for_change

RECORDED = ("since", "about", "meanwhile", "meanwhile_words", "ended_on", "outcome")
STEP_RECORDED = ("position", "title", "due_on", "done_on", "done_by", "outcome")


@transaction.atomic
def declare_disagreement(
    *, budget: Budget, since: date, about: str, meanwhile: Meanwhile, by: User, meanwhile_words: str = ""
) -> Disagreement:
    """The year's budget is not agreed by the partners since that day; what stands meanwhile is said, and the steps are
    those of the integration scheme.

    It is a state, not a fault: the figures can be worked on, and agreeing the budget ends it.

    Raises NotAgreedAlready, BudgetIsAgreed, and MoneyRefused for what is missing. Source: the dispute resolution
    arrangements of the scheme (2014 Act s.1(3)(f); SSI 2014/341).
    """
    current = held_for_change(budget)
    if current.state == BudgetState.NOT_AGREED:
        raise NotAgreedAlready(f"The {current.year_label} budget is recorded as not agreed already.")
    if since > timezone.localdate():
        raise MoneyRefused(
            {"since": "Enter the day from which the partners have not agreed: today or earlier."}
        )
    if not about.strip():
        raise MoneyRefused({"about": "Say what the partners do not agree on."})
    if meanwhile == Meanwhile.SCHEME and not meanwhile_words.strip():
        raise MoneyRefused(
            {"meanwhile_words": "Say what stands meanwhile, as the integration scheme has it."}
        )
    disagreement = Disagreement.objects.create(
        budget=current,
        since=since,
        about=about.strip(),
        meanwhile=meanwhile,
        meanwhile_words=meanwhile_words.strip(),
        declared_by=by,
    )
    scheme = IntegrationScheme.objects.for_partnership(current.partnership).order_by("-version").first()
    titles = steps_in(scheme.dispute_policy) if scheme else []
    DisputeStep.objects.bulk_create(
        DisputeStep(disagreement=disagreement, position=position, title=title, changed_by=by)
        for position, title in enumerate(titles, start=1)
    )
    current.state = BudgetState.NOT_AGREED
    current.save(update_fields=["state"])
    audit.record(
        by=by,
        action="budgets.not_agreed",
        subject=current,
        tenant=current.partnership.slug,
        before={"state": BudgetState.DRAFT},
        after={**audit.snapshot(disagreement, RECORDED), "state": current.state, "steps": titles},
    )
    return disagreement


@transaction.atomic
def settle_disagreement(*, budget: Budget, outcome: str, by: User, on: date | None = None) -> Disagreement:
    """The partners have agreed: the budget is a draft again, ready to be agreed, and the disagreement has its outcome.

    Raises NotAgreedAlready when there is none, MoneyRefused without an outcome.
    """
    current = Budget.objects.select_for_update().get(pk=budget.pk)
    disagreement = current.disagreements.filter(ended_on__isnull=True).first()
    if current.state != BudgetState.NOT_AGREED or disagreement is None:
        raise NotAgreedAlready(
            f"The {current.year_label} budget is not recorded as disputed, so there is nothing to end."
        )
    if not outcome.strip():
        raise MoneyRefused({"outcome": "Say what the partners have agreed, and where it is written down."})
    day = on or timezone.localdate()
    if not disagreement.since <= day <= timezone.localdate():
        raise MoneyRefused(
            {"on": f"Enter a day from {date_uk(disagreement.since)}, when it began, to today."}
        )
    disagreement.ended_on, disagreement.outcome = day, outcome.strip()
    disagreement.save(update_fields=["ended_on", "outcome"])
    current.state = BudgetState.DRAFT
    current.save(update_fields=["state"])
    audit.record(
        by=by,
        action="budgets.disagreement_settled",
        subject=current,
        tenant=current.partnership.slug,
        before={"state": BudgetState.NOT_AGREED},
        after={**audit.snapshot(disagreement, RECORDED), "state": current.state},
    )
    return disagreement


@transaction.atomic
def add_dispute_step(*, disagreement: Disagreement, title: str, due_on: date | None, by: User) -> DisputeStep:
    """The dispute has one step more, after the others. Raises StepRefused when it is over or the step has no name."""
    _check_open(disagreement)
    if not title.strip():
        raise StepRefused({"title": "Say what is to be done."})
    last = disagreement.steps.aggregate(last=Max("position"))["last"] or 0
    step = DisputeStep.objects.create(
        disagreement=disagreement, position=last + 1, title=title.strip(), due_on=due_on, changed_by=by
    )
    _record(step, "budgets.dispute_step_added", by, None)
    return step


@transaction.atomic
def keep_dispute_step(
    *,
    step: DisputeStep,
    title: str,
    due_on: date | None,
    done_on: date | None,
    done_by: str,
    outcome: str,
    revision: int,
    by: User,
) -> DisputeStep:
    """The step says what is to be done, and by when; it is done once it has a day, by somebody, with an outcome.

    Raises StepRefused for what is missing, StepChangedMeanwhile when somebody saved it in between.
    """
    current = DisputeStep.objects.select_for_update().select_related("disagreement__budget").get(pk=step.pk)
    _check_open(current.disagreement)
    if current.revision != revision:
        raise StepChangedMeanwhile(
            f"{current.changed_by or 'Somebody'} saved this step while you were working. What stands now is above the "
            "form; save again to replace it with yours."
        )
    if not title.strip():
        raise StepRefused({"title": "Say what is to be done."})
    if done_on is not None:
        if not done_by.strip():
            raise StepRefused({"done_by": "Say who took the step."})
        if not outcome.strip():
            raise StepRefused({"outcome": "Say what came of the step."})
        if not current.disagreement.since <= done_on <= timezone.localdate():
            since = date_uk(current.disagreement.since)
            raise StepRefused(
                {"done_on": f"Enter a day from {since}, when the disagreement began, to today."}
            )
    elif outcome.strip() or done_by.strip():
        raise StepRefused(
            {"done_on": "Enter the day on which the step was taken, or leave its outcome empty."}
        )
    before = audit.snapshot(current, STEP_RECORDED)
    current.title, current.due_on, current.done_on = title.strip(), due_on, done_on
    current.done_by, current.outcome = done_by.strip(), outcome.strip()
    current.changed_by, current.revision = by, current.revision + 1
    current.save()
    _record(current, "budgets.dispute_step_kept", by, before)
    return current


def _check_open(disagreement: Disagreement) -> None:
    if disagreement.ended_on is not None:
        raise StepRefused(
            f"The disagreement ended on {date_uk(disagreement.ended_on)}, so its steps stand still."
        )


def _record(step: DisputeStep, action: str, by: User, before: dict[str, object] | None) -> None:
    budget = step.disagreement.budget
    audit.record(
        by=by,
        action=action,
        subject=budget,
        tenant=budget.partnership.slug,
        before=before,
        after=audit.snapshot(step, STEP_RECORDED),
    )
