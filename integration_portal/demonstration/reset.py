"""Putting the demonstration back to its first day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from budgets.models import (
    Acknowledgement,
    Budget,
    CareGroup,
    Close,
    Direction,
    DirectionReport,
    MediumTermPlan,
    MoneyPolicy,
    MonitoringRules,
    Replacement,
    Reserve,
    SetAsideClaim,
    SetAsideReport,
)
from engagement.models import Activity
from foundation.audit import record
from foundation.audit.append_only import append_only_sql, protected_tables, reverse_append_only_sql
from foundation.audit.frozen_rows import frozen_tables, lifted_sql, restored_sql
from foundation.audit.services import SYSTEM
from foundation.documents.models import Document
from localities.models import LocalityLead
from partnerships.models import Invitation, Membership, Partnership, SupportGrant
from strategic_plans.models import (
    ActionUpdate,
    ArrangementRevision,
    FinancialStatement,
    NamedSnapshot,
    Plan,
    PlanVersion,
    SectionRevision,
    Snapshot,
    StatementPublication,
    WrittenVariant,
)

from .formation import forget_highland
from .people import forget_everybody

OURS = ("strategic_plans_", "budgets_")


@transaction.atomic
def forget_demonstration(partnership: Partnership) -> None:
    """The partnership's plans, money, engagement, documents and roles are gone; its audit trail stays, and says so.

    Published versions, closed books and issued directions refuse to be deleted. The refusal is lifted inside this
    transaction, which the database allows to the owner of the tables alone: the application's role gets a
    ProgrammingError.
    """
    with _versions_unprotected():
        plans = Plan.objects.filter(partnership=partnership)
        WrittenVariant.objects.filter(plan__in=plans).delete()
        PlanVersion.objects.filter(plan__in=plans).delete()
        NamedSnapshot.objects.filter(plan__in=plans).delete()
        Snapshot.objects.filter(plan__in=plans).delete()
        SectionRevision.objects.filter(section__plan__in=plans).delete()
        ArrangementRevision.objects.filter(arrangement__plan__in=plans).delete()
        ActionUpdate.objects.filter(action__priority__plan__in=plans).delete()
        StatementPublication.objects.filter(statement__plan__in=plans).delete()
        FinancialStatement.objects.filter(plan__in=plans).delete()
        plans.update(supersedes=None)
        plans.delete()
        Close.objects.for_partnership(partnership).delete()
        directions = Direction.objects.filter(partnership=partnership)
        Acknowledgement.objects.filter(direction__in=directions).delete()
        DirectionReport.objects.filter(direction__in=directions).delete()
        Replacement.objects.filter(direction__in=directions).delete()
        directions.delete()
    SetAsideClaim.objects.filter(report__budget__partnership=partnership).delete()
    SetAsideReport.objects.for_partnership(partnership).delete()
    for kept in (Reserve, MediumTermPlan, MoneyPolicy, Budget):
        kept.objects.for_partnership(partnership).delete()
    CareGroup.objects.for_partnership(partnership).delete()
    forget_highland()
    MonitoringRules.objects.filter(partnership=partnership).delete()
    Activity.objects.filter(partnership=partnership).delete()
    Document.objects.filter(tenant=partnership.slug).delete()
    Invitation.objects.filter(partnership=partnership).delete()
    SupportGrant.objects.filter(partnership=partnership).delete()
    LocalityLead.objects.filter(locality__partnership=partnership).delete()
    Membership.objects.filter(partnership=partnership).delete()
    forget_everybody()
    record(by=SYSTEM, action="demonstration.reset", subject=partnership, tenant=partnership.slug)


@contextmanager
def _versions_unprotected() -> Iterator[None]:
    tables = [table for table in protected_tables() if table.startswith(OURS)]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(reverse_append_only_sql(table))
        for table in frozen_tables():
            cursor.execute(lifted_sql(table))
        yield
        # Foreign keys are checked at the end of a transaction unless told; a table with checks open refuses ALTER.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(append_only_sql(table))
        for table in frozen_tables():
            cursor.execute(restored_sql(table))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
