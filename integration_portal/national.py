"""Scotland in one table, from published facts alone: what a partnership keeps in draft is not read here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.utils import timezone

from foundation.documents.attachments import attachment
from foundation.documents.spreadsheets import Column, csv_file
from partnerships.enums import Role
from partnerships.models import Membership, Partnership, User
from partnerships.permissions import YES, Answer
from strategic_plans.clocks import review_due_by
from strategic_plans.models import PlanVersion


@dataclass(frozen=True)
class PartnershipRow:
    """What the public record says of one partnership."""

    partnership: Partnership
    localities: int
    version: PlanVersion | None
    review_due: date | None

    @property
    def is_late(self) -> bool:
        return self.review_due is not None and self.review_due < timezone.localdate()


def may_view(user: User | AnonymousUser) -> Answer:
    """Whether the person holds the national viewer role today."""
    held = Membership.objects.on(timezone.localdate()).filter(user=user.pk, role=Role.NATIONAL_VIEWER)
    if held.exists():
        return YES
    return Answer(
        False, "The national table needs the National viewer role, which the operators of the portal give."
    )


def published_plans() -> QuerySet[PlanVersion]:
    """The newest published version of every plan, newest first."""
    newest = PlanVersion.objects.filter(plan=OuterRef("plan")).order_by("-number").values("pk")[:1]
    return (
        PlanVersion.objects.filter(pk=Subquery(newest))
        .select_related("plan__partnership")
        .order_by("-published_at")
    )


def partnership_rows() -> list[PartnershipRow]:
    """All partnerships in alphabetical order, each with its newest published plan if there is one. Two queries."""
    newest: dict[int, PlanVersion] = {}
    for published in published_plans():
        newest.setdefault(published.plan.partnership_id, published)
    rows = []
    for partnership in Partnership.objects.annotate(locality_count=Count("localities")).order_by(
        "short_name"
    ):
        version = newest.get(partnership.pk)
        starts_on = version.plan.period_start if version else None
        review_due = review_due_by(starts_on) if starts_on else None
        rows.append(PartnershipRow(partnership, partnership.locality_count, version, review_due))
    return rows


COLUMNS = (
    Column("code", "Area code", lambda row: row.partnership.code),
    Column("partnership", "Name", lambda row: row.partnership.name),
    Column("localities", "How many", lambda row: row.localities),
    Column("plan", "Newest published plan", lambda row: row.version and row.version.plan.title),
    Column("version", "Its number", lambda row: row.version and row.version.number),
    Column(
        "published_on", "Day", lambda row: row.version and timezone.localtime(row.version.published_at).date()
    ),
    Column("review_due_by", "Last day (s.37)", lambda row: row.review_due),
    Column("fingerprint", "SHA-256 of the version", lambda row: row.version and row.version.sha256),
)


def csv_response(rows: list[PartnershipRow]) -> HttpResponse:
    return attachment(csv_file(COLUMNS, rows), "partnerships.csv")
