"""Signing and publishing the annual financial statement."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from budgets.models import Budget
from foundation import audit
from foundation.documents.models import Document
from foundation.documents.services import request_document
from partnerships.models import User

from ..models import FinancialStatement, StatementPublication
from ..selectors.statements import plan_in_force, statement_now
from ..statement_documents import STATEMENT_PDF, statement_key
from ..statements import Statement, statement_hash


@transaction.atomic
def sign_statement(
    *, budget: Budget, assumptions: str, difference_reason: str, seen: str, by: User
) -> FinancialStatement:
    """The year's statement stands still as signed; the one before, if any, stays beside it.

    `seen` is the amount that the signing person saw, with the set-aside, so that nobody signs figures that have moved.

    Raises ValidationError without a published plan, for a budget that is not agreed, without assumptions, without a
    reason where it differs from the plan (R-PLAN-12), or when the figures moved. Source: 2014 Act s.39.
    """
    current = Budget.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=budget.pk)
    plan = plan_in_force(current.partnership)
    if plan is None:
        raise ValidationError(
            "No plan is published yet, and the statement says what implementing one costs (s.39)."
        )
    if not current.is_agreed:
        raise ValidationError(
            f"The {current.year_label} budget is not agreed yet. Agree it first, then sign."
        )
    if not assumptions.strip():
        raise ValidationError({"assumptions": "Say which assumptions the figures rest on."})
    now = timezone.now()
    statement = statement_now(
        plan,
        current,
        assumptions=assumptions.strip(),
        difference_reason=difference_reason.strip(),
        signed_by=by.name,
        signed_on=timezone.localdate(now),
    )
    if format(statement.total, "f") != seen:
        raise ValidationError(
            "The figures changed while this page was open. Look at them again before you sign."
        )
    if statement.difference is not None and not statement.ties and not difference_reason.strip():
        raise ValidationError({"difference_reason": f"{statement.plan_words} Say why (section 39)."})
    content = statement.to_json()
    signed = FinancialStatement.objects.create(
        plan=plan,
        budget=current,
        number=FinancialStatement.objects.filter(budget=current).count() + 1,
        content=content,
        sha256=statement_hash(content),
        signed_by=by,
        signed_at=now,
    )
    audit.record(
        by=by,
        action="strategic_plans.statement_signed",
        subject=signed,
        tenant=current.partnership.slug,
        after={"year": current.year_label, "total": statement.total, "sha256": signed.sha256},
        reason=difference_reason.strip(),
    )
    return signed


@transaction.atomic
def publish_statement(*, statement: FinancialStatement, by: User) -> StatementPublication:
    """Everybody can read the signed statement. Raises ValidationError for who signed it, or when it is public."""
    if statement.signed_by_id == by.pk:
        raise ValidationError("Whoever signs the statement does not publish it.")
    publication, is_new = StatementPublication.objects.get_or_create(
        statement=statement, defaults={"published_by": by}
    )
    if not is_new:
        raise ValidationError("This statement is public already.")
    audit.record(
        by=by,
        action="strategic_plans.statement_published",
        subject=statement,
        tenant=statement.plan.partnership.slug,
        after={"sha256": statement.sha256},
    )
    return publication


def request_statement_pdf(*, statement: FinancialStatement, by: User) -> Document:
    """The PDF of the signed statement is there or being made."""
    year = Statement.from_json(statement.content).year
    return request_document(
        kind=STATEMENT_PDF,
        key=statement_key(statement),
        label=f"Annual financial statement {year} ({statement.plan.partnership.short_name})",
        tenant=statement.plan.partnership.slug,
        by=by,
        inputs={"statement": statement.pk},
    )
