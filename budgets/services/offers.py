from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from foundation import audit
from foundation.sgds.formats import date_uk
from partnerships.models import Body, User

from ..enums import Finding, FundKind, OfferStatus
from ..models import Budget, Contribution, DiligenceNote, Offer, OfferFunding
from ..refusals import AgainstTheAct, ChangedMeanwhile, MoneyRefused, OfferRefused
from ..selectors import lawful_answer
from .contributions import set_contribution
from .guarded import check_amount, check_body, held_for_change

RECORDED = (
    "body",
    "kind",
    "version",
    "status",
    "received_on",
    "base",
    "uplift",
    "pressures",
    "savings_asked",
    "note",
)


@dataclass(frozen=True)
class PassedThrough:
    """National funding that a body passes on with its offer, in pounds."""

    title: str
    amount: Decimal
    conditions: str = ""
    is_recurring: bool = True


@dataclass(frozen=True)
class OfferTerms:
    """What a body offers, in pounds. `savings_asked` is what it takes off; `uplift` can be negative."""

    status: OfferStatus
    received_on: date
    base: Decimal
    uplift: Decimal = Decimal(0)
    pressures: Decimal = Decimal(0)
    savings_asked: Decimal = Decimal(0)
    note: str = ""
    funding: Sequence[PassedThrough] = ()

    @property
    def total(self) -> Decimal:
        passed = sum((row.amount for row in self.funding), Decimal(0))
        return self.base + self.uplift + self.pressures - self.savings_asked + passed


@transaction.atomic
def record_offer(
    *, budget: Budget, body: Body, kind: FundKind, terms: OfferTerms, read_version: int, by: User
) -> Offer:
    """The body's offer has a new version that supersedes the one before, which stays readable.

    `read_version` is the number of the version that the person saw, 0 for none.

    Raises AgainstTheAct (2014 Act ss.14, 18, 19), OutsideThePartnership, NotAnAmount, OfferRefused, BudgetIsAgreed, and
    ChangedMeanwhile when somebody recorded a version in between.
    """
    current = held_for_change(budget)
    check_body(current.partnership, body, field="body")
    answer = lawful_answer(current, body, kind)
    if not answer:
        raise AgainstTheAct({"kind": answer.reason})
    _check_terms(terms)
    newest = Offer.objects.filter(budget=current, body=body, kind=kind).order_by("-version").first()
    if newest is not None and newest.version != read_version:
        raise ChangedMeanwhile(newest)
    if newest is not None and terms.received_on < newest.received_on:
        raise OfferRefused(
            {
                "received_on": f"Version {newest.version} came on {date_uk(newest.received_on)}, so the version that "
                "supersedes it cannot have come before. Enter that day or a later one."
            }
        )
    offer = Offer.objects.create(
        budget=current,
        body=body,
        kind=kind,
        version=newest.version + 1 if newest else 1,
        status=terms.status,
        received_on=terms.received_on,
        base=terms.base,
        uplift=terms.uplift,
        pressures=terms.pressures,
        savings_asked=terms.savings_asked,
        note=terms.note.strip(),
        entered_by=by,
    )
    OfferFunding.objects.bulk_create(
        OfferFunding(
            offer=offer,
            title=row.title.strip(),
            amount=row.amount,
            conditions=row.conditions.strip(),
            is_recurring=row.is_recurring,
        )
        for row in terms.funding
    )
    audit.record(
        by=by,
        action="budgets.offer_recorded",
        subject=offer,
        tenant=current.partnership.slug,
        before=audit.snapshot(newest, RECORDED) if newest else None,
        after={
            **audit.snapshot(offer, RECORDED),
            "passed through": {row.title: row.amount for row in terms.funding},
            "total": terms.total,
        },
    )
    return offer


@transaction.atomic
def take_over_offer(*, offer: Offer, revision: int | None, by: User) -> Contribution:
    """The body's contribution is what its newest offer comes to. `revision` is that of the contribution that was read.

    Raises OfferRefused for a version that is superseded, and what `set_contribution` raises.
    """
    newest = Offer.objects.filter(budget=offer.budget, body=offer.body, kind=offer.kind).aggregate(
        version=Max("version")
    )["version"]
    if offer.version != newest:
        raise OfferRefused(
            f"Version {offer.version} is superseded by version {newest}. Look at that version and take it over instead."
        )
    found = Offer.objects.added_up().select_related("budget__partnership", "body").get(pk=offer.pk)
    recorded = Contribution.objects.filter(budget=found.budget, body=found.body, kind=found.kind).first()
    return set_contribution(
        budget=found.budget,
        body=found.body,
        kind=FundKind(found.kind),
        amount=found.total,
        method=f"Version {found.version} of the offer, received {date_uk(found.received_on)}",
        is_notional=recorded.is_notional if recorded else False,
        revision=revision,
        by=by,
    )


@transaction.atomic
def note_finding(
    *, budget: Budget, body: Body, kind: FundKind, finding: Finding, text: str, revision: int, by: User
) -> DiligenceNote:
    """Finance has said this to the finding. `revision` is that of the note that was read, 0 for none.

    Raises MoneyRefused without words, or when somebody wrote meanwhile: their words are in the refusal.
    """
    check_body(budget.partnership, body, field="body")
    if not text.strip():
        raise MoneyRefused({"text": "Enter what finance says to this finding."})
    note = DiligenceNote.objects.select_for_update().filter(
        budget=budget, body=body, kind=kind, finding=finding
    ).first() or DiligenceNote(budget=budget, body=body, kind=kind, finding=finding, revision=0)
    if note.revision != revision:
        raise MoneyRefused(
            {
                "text": f"{note.changed_by or 'Somebody'} has written meanwhile: “{note.text}” Save again to replace "
                "it with yours."
            }
        )
    before = note.text
    note.text, note.changed_by, note.revision = text.strip(), by, note.revision + 1
    note.save()
    audit.record(
        by=by,
        action="budgets.finding_noted",
        subject=note,
        tenant=budget.partnership.slug,
        before=before,
        after=note.text,
    )
    return note


def _check_terms(terms: OfferTerms) -> None:
    for name in ("base", "pressures", "savings_asked"):
        check_amount(getattr(terms, name), field=name)
    check_amount(terms.uplift, field="uplift", may_be_negative=True)
    for row in terms.funding:
        check_amount(row.amount, field="funding")
        if not row.title.strip() or not row.amount:
            raise OfferRefused(
                {"funding": "Funding that is passed through has a name and an amount above zero."}
            )
    if terms.total < 0:
        raise OfferRefused(
            {
                "savings_asked": "The savings asked are more than everything that is offered. Check the amounts."
            }
        )
    if terms.received_on > timezone.localdate():
        raise OfferRefused({"received_on": "Enter the day on which the offer came: today or earlier."})
