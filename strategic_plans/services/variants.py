"""Forms of a published plan that people write: easy read, Gaelic. Each says for which version it was made."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from foundation import audit
from foundation.documents.models import Document
from foundation.documents.services import request_document
from foundation.richtext.cleaning import clean_html, pictures_in, plain_text, word_count
from partnerships.models import User

from ..enums import PlanState, WrittenForm
from ..models import Plan, PlanVersion, WrittenVariant
from ..selectors.plans import PLAN_WRITTEN, written_key
from .pictures import show_in_public


class VariantChanged(Exception):
    """Somebody saved or published the text in between; `variant` is as it stands now, or None if none is in hand."""

    def __init__(self, variant: WrittenVariant | None) -> None:
        self.variant = variant
        super().__init__(str(variant))


class VariantRefused(Exception):
    """The text cannot be saved or published; the words say to people why, and what to do."""


def save_variant(
    *,
    plan: Plan,
    form: WrittenForm,
    version: PlanVersion,
    title: str,
    body: str,
    expected_revision: int,
    by: User,
) -> WrittenVariant:
    """The form in hand has this text, made for this version, and one revision more; begun if none was in hand.

    `expected_revision` is the one that the person began from, 0 for none. Raises VariantChanged, VariantRefused,
    TextTooLong.
    """
    clean = clean_html(body)
    with transaction.atomic():
        locked = _locked(plan)
        if version.plan_id != locked.pk:
            raise VariantRefused("The version is one of another plan.")
        row = locked.written_variants.filter(form=form, published_at=None).first()
        if (row.revision if row else 0) != expected_revision:
            raise VariantChanged(row)
        before = {"revision": row.revision, "words": word_count(row.body)} if row else None
        if row is None:
            last = locked.written_variants.filter(form=form).aggregate(last=Max("number"))["last"] or 0
            row = WrittenVariant(plan=locked, form=form, number=last + 1, revision=0)
        row.version, row.title, row.body = version, title, clean
        row.revision += 1
        row.changed_at, row.changed_by = timezone.now(), by
        row.save()
        _record("variant_saved", row, by, before=before)
    return row


def publish_variant(*, variant: WrittenVariant, expected_revision: int, by: User) -> WrittenVariant:
    """Everybody reads the text, as it was saved at this revision, in place of the one of this form before it.

    Raises VariantChanged if it was saved or published since, VariantRefused if there is nothing in it.
    """
    with transaction.atomic():
        plan = _locked(variant.plan)
        row = plan.written_variants.select_related("version").get(pk=variant.pk)
        if row.is_published or row.revision != expected_revision:
            raise VariantChanged(None if row.is_published else row)
        if not plain_text(row.body).strip():
            raise VariantRefused("Nothing is written yet, so there is nothing to publish.")
        row.published_at, row.published_by = timezone.now(), by
        row.save(update_fields=["published_at", "published_by"])
        show_in_public(plan.partnership, pictures_in(row.body))
        _record("variant_published", row, by)
    return row


def request_written_pdf(*, variant: WrittenVariant, by: User) -> Document:
    """The PDF of a published text is asked for, once for everybody. Wake a worker with it."""
    plan, version = variant.plan, variant.version
    form = variant.get_form_display()
    return request_document(
        kind=PLAN_WRITTEN,
        key=written_key(variant),
        label=f"{plan.title}, version {version.number}: {form} ({plan.partnership.short_name})",
        tenant=plan.partnership.slug,
        by=by,
        inputs={"snapshot": version.snapshot_id, "written": variant.pk},
    )


def _locked(plan: Plan) -> Plan:
    row = Plan.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=plan.pk)
    if row.state != PlanState.PUBLISHED:
        raise VariantRefused(
            f"“{row}” is not the published plan, and forms are made for what is published. Nothing was saved."
        )
    return row


def _record(what: str, row: WrittenVariant, by: User, before: dict[str, int] | None = None) -> None:
    audit.record(
        by=by,
        action=f"strategic_plans.{what}",
        subject=row,
        tenant=row.plan.partnership.slug,
        before=before,
        after={
            "form": row.form,
            "number": row.number,
            "revision": row.revision,
            "version": row.version.number,
            "words": word_count(row.body),
        },
    )
