"""Freezing and publishing. What is frozen here is never changed again: the database refuses it as well."""

from dataclasses import replace

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from foundation import audit
from foundation.documents.models import Document
from foundation.documents.services import request_document
from partnerships.models import Partnership, User

from ..editions import Edition, Publication
from ..enums import PlanState
from ..models import NamedSnapshot, Plan, PlanVersion, Snapshot
from ..paragraphs import pictures_of
from ..rules.publishing import Check
from ..selectors.checks import checks_of
from ..selectors.draft_text import draft_text
from ..selectors.editions import draft_edition
from ..selectors.plans import PLAN_PDF, PLAN_VARIANT, PLAN_WORD, document_key, variant_key
from ..variants import variants_of
from .passages import index_version
from .pictures import show_in_public
from .plans import lock_draft


class PlanNotReady(Exception):
    """Something that the law asks for is missing; `missing` holds every reason at once."""

    def __init__(self, missing: tuple[Check, ...]) -> None:
        self.missing = missing
        super().__init__("; ".join(f"{check.claim} ({check.source}): {check.words}" for check in missing))


class PlanChangedSinceReview(Exception):
    """The plan or one of its figures is no longer what the person saw who is about to publish it."""


def take_snapshot(*, plan: Plan, by: User) -> Snapshot:
    """The plan's present state is kept with its hash. The same state is kept once."""
    with transaction.atomic():
        return _keep(plan, draft_edition(plan), by)


def name_snapshot(*, plan: Plan, label: str, by: User) -> NamedSnapshot:
    """The draft's present state is kept for good under this label. The same state may be kept under several.

    Raises PlanFrozen.
    """
    with transaction.atomic():
        locked = lock_draft(plan)
        last = locked.named_snapshots.aggregate(last=Max("number"))["last"] or 0
        named = NamedSnapshot.objects.create(
            plan=locked,
            number=last + 1,
            label=label,
            snapshot=_keep(locked, draft_edition(locked), by),
            taken_by=by,
        )
        audit.record(
            by=by,
            action="strategic_plans.snapshot_taken",
            subject=named,
            tenant=locked.partnership.slug,
            after={"number": named.number, "label": label, "sha256": named.snapshot.sha256},
        )
    return named


def publish_plan(
    *, plan: Plan, by: User, approval_reference: str, label: str = "", reviewed_sha256: str = ""
) -> PlanVersion:
    """The plan is public as its next version, frozen with its figures and its hash; the plan before is superseded.

    `reviewed_sha256` is the hash of the draft that the person saw on the confirmation page; without it nothing is
    compared. 2014 Act s.35: published as soon as practicable after it is finalised.

    Raises PlanFrozen, PlanNotReady with all reasons, PlanChangedSinceReview.
    """
    with transaction.atomic():
        # Two plans of one partnership are not published at the same time: the second supersedes the first.
        Partnership.objects.select_for_update().get(pk=plan.partnership_id)
        locked = lock_draft(plan)
        text = draft_text(locked)
        missing = tuple(check for check in checks_of(locked, text) if check.blocks)
        if missing:
            raise PlanNotReady(missing)
        draft = draft_edition(locked, text)
        if reviewed_sha256 and draft.sha256 != reviewed_sha256:
            raise PlanChangedSinceReview(f"“{locked}” changed after you opened the page")
        number = (locked.versions.aggregate(last=Max("number"))["last"] or 0) + 1
        version = freeze(
            locked,
            draft,
            by,
            number=number,
            label=label or f"Version {number}",
            approval_reference=approval_reference,
        )
        show_in_public(locked.partnership, pictures_of(draft))
        superseded = _supersede(locked)
        locked.state = PlanState.PUBLISHED
        locked.save(update_fields=["state", "supersedes"])
        audit.record(
            by=by,
            action="strategic_plans.plan_published",
            subject=version,
            tenant=locked.partnership.slug,
            after={
                "number": version.number,
                "label": version.label,
                "approval_reference": approval_reference,
                "sha256": version.sha256,
                "supersedes": superseded,
            },
        )
    plan.refresh_from_db()
    return version


def freeze(
    plan: Plan,
    text: Edition,
    by: User,
    *,
    number: int,
    label: str,
    approval_reference: str,
    correction: str = "",
) -> PlanVersion:
    """The edition is the plan’s version of this number, and the search finds it. Call it with the plan’s row locked."""
    now = timezone.now()
    edition = replace(
        text,
        publication=Publication(
            number=number,
            label=label,
            approval_reference=approval_reference,
            published_on=timezone.localdate(now),
            correction=correction,
        ),
    )
    snapshot = _keep(plan, edition, by)
    version = PlanVersion.objects.create(
        plan=plan,
        number=number,
        label=label,
        snapshot=snapshot,
        sha256=snapshot.sha256,
        approval_reference=approval_reference,
        correction=correction,
        published_at=now,
        published_by=by,
    )
    index_version(version)
    return version


def _keep(plan: Plan, edition: Edition, by: User) -> Snapshot:
    snapshot, _ = Snapshot.objects.get_or_create(
        plan=plan, sha256=edition.sha256, defaults={"content": edition.to_json(), "taken_by": by}
    )
    return snapshot


def _supersede(plan: Plan) -> Plan | None:
    """The plan published before, if there is one, is superseded by this one, which drafts in hand will succeed."""
    before = (
        Plan.objects.select_for_update()
        .filter(partnership=plan.partnership, state=PlanState.PUBLISHED)
        .exclude(pk=plan.pk)
        .first()
    )
    if before is not None:
        before.state = PlanState.SUPERSEDED
        before.save(update_fields=["state"])
        Plan.objects.filter(supersedes=before).exclude(pk=plan.pk).update(supersedes=None)
        plan.supersedes = before
    return before


def request_plan_pdf(*, plan: Plan, by: User) -> Document:
    """A PDF of the plan as it stands now is asked for: one file for each state of the text. Wake a worker with it."""
    return _request_draft(PLAN_PDF, plan, by)


def request_plan_word(*, plan: Plan, by: User) -> Document:
    """As request_plan_pdf, for a Word file."""
    return _request_draft(PLAN_WORD, plan, by)


def request_version_pdf(*, version: PlanVersion, by: User) -> Document:
    """The PDF of a published version is asked for, once for everybody."""
    return _request_version(PLAN_PDF, version, by)


def request_version_word(*, version: PlanVersion, by: User) -> Document:
    """The Word file of a published version is asked for, once for everybody."""
    return _request_version(PLAN_WORD, version, by)


def request_named_pdf(*, named: NamedSnapshot, by: User) -> Document:
    """The PDF of a named snapshot is asked for; its pages say the label beside that it is a draft."""
    return _request_named(PLAN_PDF, named, by)


def request_named_word(*, named: NamedSnapshot, by: User) -> Document:
    """As request_named_pdf, for a Word file."""
    return _request_named(PLAN_WORD, named, by)


def request_version_files(*, version: PlanVersion, by: User) -> list[Document]:
    """Every file that the public downloads of a version is asked for, the one that people wait for first."""
    with transaction.atomic():
        return [
            request_version_pdf(version=version, by=by),
            request_version_word(version=version, by=by),
            *request_variants(version=version, by=by),
        ]


def request_variants(*, version: PlanVersion, by: User) -> list[Document]:
    """The PDFs of the version's shorter forms are asked for: the summary, and what it says to each locality."""
    plan, snapshot = version.plan, version.snapshot
    named = f"{plan.title}, version {version.number}"
    return [
        request_document(
            kind=PLAN_VARIANT,
            key=variant_key(snapshot, variant.key),
            label=f"{named}: {variant.title} ({plan.partnership.short_name})",
            tenant=plan.partnership.slug,
            by=by,
            inputs={"snapshot": snapshot.pk, "variant": variant.key},
        )
        for variant in variants_of(snapshot.edition)
    ]


def _request_draft(kind: str, plan: Plan, by: User) -> Document:
    with transaction.atomic():
        return _request(kind, take_snapshot(plan=plan, by=by), f"{plan.title}, draft", plan, by=by)


def _request_named(kind: str, named: NamedSnapshot, by: User) -> Document:
    plan = named.plan
    return _request(kind, named.snapshot, f"{plan.title}, {named.label}", plan, by=by, named=named)


def _request_version(kind: str, version: PlanVersion, by: User) -> Document:
    return _request(
        kind,
        version.snapshot,
        f"{version.plan.title}, version {version.number}{', Word' if kind == PLAN_WORD else ''}",
        version.plan,
        by=by,
    )


def _request(
    kind: str, snapshot: Snapshot, label: str, plan: Plan, *, by: User, named: NamedSnapshot | None = None
) -> Document:
    return request_document(
        kind=kind,
        key=document_key(snapshot, named),
        label=f"{label} ({plan.partnership.short_name})",
        tenant=plan.partnership.slug,
        by=by,
        inputs={"snapshot": snapshot.pk} | ({"named": named.pk} if named else {}),
    )


def record_download(user: User, document: Document) -> None:
    """The audit says who took the file. Readers of the public pages are not followed."""
    if not getattr(user, "is_authenticated", False):
        return
    audit.record(
        by=user,
        action=f"{document.kind}_downloaded",
        subject=document,
        tenant=document.tenant,
        after={"sha256": document.sha256, "size": document.size},
    )
