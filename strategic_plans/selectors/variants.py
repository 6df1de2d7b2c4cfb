"""Forms of a plan that people write, and whether the plan has changed since they were made."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import Http404

from foundation.documents.models import Document

from ..enums import WrittenForm
from ..models import Plan, PlanVersion, WrittenVariant
from .plans import PLAN_WRITTEN, written_key


@dataclass(frozen=True)
class Slot:
    """One form of a plan: the text in hand, the one that the public reads, and the plan's newest version."""

    form: WrittenForm
    in_hand: WrittenVariant | None
    public: WrittenVariant | None
    newest: int
    pdf: Document | None = None

    @property
    def lags(self) -> bool:
        """Whether the plan was published anew since the public text was made."""
        return self.public is not None and self.public.version.number < self.newest


def slots_of(plan: Plan) -> list[Slot]:
    """Every form, written or not. Two queries, without the texts and the PDFs."""
    newest = plan.versions.order_by("-number").values_list("number", flat=True).first() or 0
    rows = list(plan.written_variants.select_related("version", "changed_by").defer("body"))
    return [
        Slot(
            form,
            in_hand=next((row for row in rows if row.form == form and not row.is_published), None),
            public=next((row for row in rows if row.form == form and row.is_published), None),
            newest=newest,
        )
        for form in WrittenForm
    ]


def slots_with_pdfs(plan: Plan) -> list[Slot]:
    """The same with the PDFs of what the public reads, in whatever state they are. Three queries."""
    slots = slots_of(plan)
    keys = {slot.form: written_key(slot.public) for slot in slots if slot.public}
    made = {row.key: row for row in Document.objects.filter(kind=PLAN_WRITTEN, key__in=keys.values())}
    return [replace(slot, pdf=made.get(keys.get(slot.form, ""))) for slot in slots]


def written_form(key: str) -> WrittenForm:
    """The form of this name. Raises Http404."""
    if key not in WrittenForm.values:
        raise Http404("A plan has no such form.")
    return WrittenForm(key)


def in_hand(plan: Plan, form: WrittenForm) -> WrittenVariant | None:
    """The text that is being written, if there is one."""
    row: WrittenVariant | None = (
        plan.written_variants.select_related("version", "changed_by")
        .filter(form=form, published_at=None)
        .first()
    )
    return row


def public_variant(partnership: str, plan: str, form: WrittenForm) -> WrittenVariant:
    """What the public reads of this form. Raises Http404."""
    row = (
        WrittenVariant.objects.filter(
            plan__partnership__slug=partnership, plan__slug=plan, form=form, published_at__isnull=False
        )
        .select_related("plan__partnership", "plan__superseded_by", "version")
        .order_by("-number")
        .first()
    )
    if row is None:
        raise Http404("The plan is not published in this form.")
    return row


def last_public(plan: Plan, form: WrittenForm) -> WrittenVariant | None:
    """The newest published text of the form, from which the next one is written."""
    rows = plan.written_variants.filter(form=form, published_at__isnull=False)
    row: WrittenVariant | None = rows.order_by("-number").first()
    return row


def version_choices(plan: Plan) -> list[PlanVersion]:
    return list(plan.versions.defer("snapshot"))
