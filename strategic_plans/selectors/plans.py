"""Plans, their published versions and their documents, as lists and single pages read them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from foundation.documents.models import Document
from foundation.documents.selectors import document_named
from foundation.sgds.formats import date_uk
from partnerships.enums import Role
from partnerships.models import Membership, Partnership, User

from ..chapters import chapters_of
from ..enums import PlanState
from ..models import NamedSnapshot, Plan, PlanVersion, Snapshot, WrittenVariant

PLAN_PDF = "strategic_plans.plan_pdf"
PLAN_WORD = "strategic_plans.plan_word"
PLAN_VARIANT = "strategic_plans.plan_variant"
PLAN_WRITTEN = "strategic_plans.plan_written"


def plans_of(partnership: Partnership) -> QuerySet[Plan]:
    """The partnership's plans, drafts and latest first, each with the number and date of its newest version."""
    newest = PlanVersion.objects.filter(plan=OuterRef("pk")).order_by("-number")
    plans: QuerySet[Plan] = Plan.objects.for_partnership(partnership)
    return plans.annotate(
        newest_number=Subquery(newest.values("number")[:1]),
        newest_at=Subquery(newest.values("published_at")[:1]),
    )


def plan_named(partnership: Partnership, slug: str) -> Plan:
    """The partnership's plan of this address. Raises Http404, for the plans of others as well."""
    plans = Plan.objects.for_partnership(partnership).select_related("supersedes", "started_by")
    plan: Plan = get_object_or_404(plans, slug=slug)
    plan.partnership = partnership
    return plan


def plan_to_succeed(partnership: Partnership) -> Plan | None:
    """The published plan that has no successor in hand yet: the next one to be started takes its place."""
    published = Plan.objects.for_partnership(partnership).filter(
        state=PlanState.PUBLISHED, superseded_by=None
    )
    return published.first()


def version_numbered(plan: Plan, number: int) -> PlanVersion:
    """The plan's version of this number, with its content. Raises Http404."""
    versions = plan.versions.select_related("snapshot", "published_by")
    version: PlanVersion = get_object_or_404(versions, number=number)
    version.plan = plan
    version.snapshot.plan = plan
    return version


def newest_version(plan: Plan) -> PlanVersion:
    """The plan's newest version, with its content. Raises Http404 for a plan that was never published."""
    return version_numbered(plan, newest_number(plan))


def possible_owners(partnership: Partnership) -> QuerySet[User]:
    """Who may look after a section: the people who edit the plan today."""
    holders = Membership.objects.on(timezone.localdate()).filter(
        partnership=partnership, role__in=[Role.PLANNING_OFFICER, Role.CHIEF_OFFICER]
    )
    return User.objects.filter(pk__in=holders.values("user"), is_active=True).order_by("name")


def colleagues(partnership: Partnership) -> QuerySet[User]:
    """Who can be asked to see to a comment: everybody with a role here today that is not for reading alone."""
    holders = Membership.objects.on(timezone.localdate()).filter(partnership=partnership)
    working = holders.exclude(role__in=[Role.AUDITOR, Role.SUPPORT])
    return User.objects.filter(pk__in=working.values("user"), is_active=True).order_by("name")


@dataclass(frozen=True)
class Files:
    """The documents of one content, in whatever state they are; None for those that nobody has asked for."""

    pdf: Document | None
    word: Document | None


def document_key(snapshot: Snapshot, named: NamedSnapshot | None = None) -> str:
    """What names the files of one content; the label of a snapshot is printed, so it is part of that."""
    return f"{snapshot.sha256}:{named.pk}" if named else snapshot.sha256


def files_of(version: PlanVersion) -> Files:
    """The PDF and the Word file of the version. One query."""
    return _files(version.sha256)


def files_of_named(named: NamedSnapshot) -> Files:
    """The PDF and the Word file of the snapshot, with its label on every page. One query."""
    return _files(document_key(named.snapshot, named))


def variant_key(snapshot: Snapshot, variant: str) -> str:
    """What names the PDF of one form of a content."""
    return f"{snapshot.sha256}:{variant}"


def variant_documents(version: PlanVersion) -> dict[str, Document]:
    """The PDFs of the version's shorter forms by the forms' keys, in whatever state they are. One query."""
    begins = variant_key(version.snapshot, "")
    documents = Document.objects.filter(kind=PLAN_VARIANT, key__startswith=begins)
    return {document.key.removeprefix(begins): document for document in documents}


def written_key(variant: WrittenVariant) -> str:
    """What names the PDF of a text that people wrote for a version. A published one stays as it is."""
    return f"{variant.version.sha256}:{variant.form}-{variant.number}"


def written_document(variant: WrittenVariant) -> Document | None:
    """Its PDF, in whatever state it is. One query."""
    return document_named(PLAN_WRITTEN, written_key(variant))


def _files(key: str) -> Files:
    made = {
        document.kind: document
        for document in Document.objects.filter(kind__in=[PLAN_PDF, PLAN_WORD], key=key)
    }
    return Files(pdf=made.get(PLAN_PDF), word=made.get(PLAN_WORD))


def plan_page(document: Document) -> tuple[str, str]:
    """The address and the words of the page that a plan's document belongs to."""
    snapshot = (
        Snapshot.objects.filter(pk=document.inputs.get("snapshot"))
        .select_related("plan__partnership")
        .defer("content")
        .first()
    )
    if snapshot is None:
        return reverse("strategic_plans:list", args=[document.tenant]), "The partnership’s plans"
    return snapshot.plan.get_absolute_url(), snapshot.plan.title


def places_in_plan(document: Document, names: set[str]) -> dict[str, str]:
    """Where the named places of a plan's document are read: in the published version, or in the draft's preview."""
    snapshot = (
        Snapshot.objects.filter(pk=document.inputs.get("snapshot"))
        .select_related("plan__partnership")
        .first()
    )
    if snapshot is None:
        return {}
    edition, plan = snapshot.edition, snapshot.plan
    where = [plan.partnership.slug, plan.slug]

    def address(chapter: str) -> str:
        if edition.publication:
            return reverse("published:version_chapter", args=[*where, edition.publication.number, chapter])
        return reverse("strategic_plans:preview_chapter", args=[*where, chapter])

    return {
        name: f"{address(chapter.key)}#{name}"
        for chapter in chapters_of(edition)
        for name in (chapter.anchor, *(paragraph.anchor for paragraph in chapter.paragraphs))
        if name in names
    }


# What everybody may read


@dataclass(frozen=True)
class PublishedPlan:
    """A plan with its newest version, as the public lists show it."""

    plan: Plan
    version: PlanVersion

    @property
    def banner(self) -> str:
        return superseded_words(self.plan)


def published_plans(partnership: Partnership | None = None) -> list[PublishedPlan]:
    """Every plan that was ever published, by partnership and then the latest first. One query."""
    newest = PlanVersion.objects.order_by("plan_id", "-number").distinct("plan_id").values("pk")
    versions = (
        PlanVersion.objects.filter(pk__in=newest)
        .select_related("plan__partnership", "plan__superseded_by")
        .order_by("plan__partnership__short_name", "-plan__period_start", "-plan_id")
    )
    if partnership is not None:
        versions = versions.filter(plan__partnership=partnership)
    return [PublishedPlan(version.plan, version) for version in versions]


def published_version(partnership: str, plan: str, number: int | None = None) -> PlanVersion:
    """A published version by its address, the newest unless a number is given. Raises Http404. One query."""
    versions = PlanVersion.objects.filter(plan__partnership__slug=partnership, plan__slug=plan)
    if number is not None:
        versions = versions.filter(number=number)
    version = (
        versions.select_related("snapshot", "plan__partnership", "plan__superseded_by")
        .order_by("-number")
        .first()
    )
    if version is None:
        raise Http404("There is no such published plan.")
    return version


def versions_of(plan: Plan) -> QuerySet[PlanVersion]:
    return plan.versions.select_related("published_by")


def earlier_versions(version: PlanVersion) -> list[PlanVersion]:
    """What was published before this version: earlier ones of its plan, then the newest of the plan before."""
    before = PlanVersion.objects.filter(plan=version.plan.supersedes_id).order_by("-number")
    found = PlanVersion.objects.filter(
        Q(plan=version.plan, number__lt=version.number) | Q(pk=Subquery(before.values("pk")[:1]))
    )
    return list(found.select_related("plan").order_by("-published_at", "-pk"))


def newest_number(plan: Plan) -> int:
    return int(plan.versions.aggregate(newest=Max("number"))["newest"] or 0)


def superseded_words(plan: Plan, on: date | None = None) -> str:
    """What a reader of an old plan has to know, or nothing."""
    successor = getattr(plan, "superseded_by", None)
    if plan.state != PlanState.SUPERSEDED or successor is None:
        return ""
    today = on or timezone.localdate()
    if successor.period_start and successor.period_start > today:
        return f"This plan is in force until “{successor.title}” takes effect on {date_uk(successor.period_start)}."
    return f"This plan is not in force any more: “{successor.title}” has taken its place."
