"""The demonstration's two plans: one published, and its successor in draft with things still to do."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from budgets.models import Budget
from localities.models import Locality
from outcomes.models import Indicator, Outcome, Principle
from partnerships.models import Partnership, User
from strategic_plans.enums import ActionStatus, StartReason, WrittenForm
from strategic_plans.models import Action, Plan, PlanVersion
from strategic_plans.services.actions import ActionDetails, add_action, add_update
from strategic_plans.services.plans import start_plan
from strategic_plans.services.priorities import PriorityDetails, add_priority
from strategic_plans.services.texts import save_arrangement, save_section
from strategic_plans.services.variants import publish_variant, request_written_pdf, save_variant
from strategic_plans.services.versions import publish_plan, request_version_files

from .people import PEOPLE, person

CONTENT = Path(__file__).parent / "content"
REASON = "Demonstration text"
APPROVAL = "Demonstration: no meeting took place"
# What the draft still lacks: its Check page names both, and the locality's lead and the officer can put them right.
UNWRITTEN_LOCALITY = "edinburgh-north-east"
PRIORITY_LEFT_OUT = 6
FIRST_YEAR = 2026
YEARS = 3


def write_plans(partnership: Partnership) -> None:
    """There is a published plan with its files on the way, and a draft that is to replace it.

    Their priorities take money of the year in which the published plan begins.
    """
    budget = partnership.budgets.get(year=FIRST_YEAR)
    published = _write(partnership, budget, starts=FIRST_YEAR)
    chief = person("chief@demo.example")
    version = publish_plan(plan=published, by=chief, approval_reference=APPROVAL)
    # The rows are enough: the timetable’s sweep finds them and wakes a worker.
    request_version_files(version=version, by=chief)
    _write_in_easy_words(version, chief)
    _report(published)
    _write(partnership, budget, starts=FIRST_YEAR + 1, is_unfinished=True)


def _write_in_easy_words(version: PlanVersion, chief: User) -> None:
    written = save_variant(
        plan=version.plan,
        form=WrittenForm.EASY_READ,
        version=version,
        title="Our plan for health and social care",
        body=(CONTENT / "easy-read.html").read_text(),
        expected_revision=0,
        by=person("officer@demo.example"),
    )
    published = publish_variant(variant=written, expected_revision=written.revision, by=chief)
    request_written_pdf(variant=published, by=chief)


def _write(partnership: Partnership, budget: Budget, *, starts: int, is_unfinished: bool = False) -> Plan:
    officer = person("officer@demo.example")
    ends = starts + YEARS
    plan = start_plan(
        partnership=partnership,
        title=f"Strategic plan {starts} to {ends}",
        by=officer,
        period_start=date(starts, 4, 1),
        period_end=date(ends, 3, 31),
        reason=StartReason.REVIEW,
    )
    for section in plan.sections.all():
        text = (CONTENT / "sections" / f"{section.key}.html").read_text()
        save_section(section=section, body=text, expected_revision=0, by=officer, reason=REASON)
    for locality, lead in _leads(partnership):
        if is_unfinished and locality.slug == UNWRITTEN_LOCALITY:
            continue
        text = (CONTENT / "arrangements" / f"{locality.slug}.html").read_text()
        save_arrangement(
            plan=plan, locality=locality, body=text, expected_revision=0, by=person(lead), reason=REASON
        )
    actions = tomllib.loads((CONTENT / "actions.toml").read_text())["action"]
    for described in tomllib.loads((CONTENT / "priorities.toml").read_text())["priority"]:
        if is_unfinished and described["number"] == PRIORITY_LEFT_OUT:
            continue
        priority = add_priority(plan=plan, details=_details(described, budget), by=officer)
        for one in actions:
            if one["priority"] == described["number"]:
                promised = _promised(one, budget, years=starts - FIRST_YEAR)
                add_action(priority=priority, details=promised, by=officer)
    return plan


def _report(plan: Plan) -> None:
    """Some of the plan's actions are reported on, as they would be half a year into it."""
    actions = {action.title: action for action in Action.objects.filter(priority__plan=plan)}
    for described in tomllib.loads((CONTENT / "actions.toml").read_text())["action"]:
        seen = 0
        for told in described.get("updates", []):
            update = add_update(
                action=actions[described["title"]],
                status=ActionStatus(told["status"]),
                words=told["words"],
                by=person(told["by"]),
                submission=uuid4(),
                seen=seen,
            )
            seen = update.pk


def _leads(partnership: Partnership) -> list[tuple[Locality, str]]:
    localities = {locality.slug: locality for locality in Locality.objects.for_partnership(partnership)}
    return [(localities[one.leads], one.email) for one in PEOPLE if one.leads]


def _promised(described: dict[str, Any], budget: Budget, *, years: int) -> ActionDetails:
    """What the action promises, its days so many years later than they are written."""
    days = {
        name: described[name].replace(year=described[name].year + years)
        for name in ("starts_on", "due_on")
        if name in described
    }
    cost = described.get("cost")
    return ActionDetails(
        title=described["title"],
        what=described.get("what", ""),
        owner=person(described["owner"]) if "owner" in described else None,
        owner_words=described.get("owner_words", ""),
        cost=None if cost is None else Decimal(cost),
        line=budget.lines.get(title=described["line"]) if "line" in described else None,
        paid_from=described.get("paid_from", ""),
        localities=Locality.objects.filter(
            partnership=budget.partnership, slug__in=described.get("where", [])
        ),
        **days,
    )


def _details(described: dict[str, Any], budget: Budget) -> PriorityDetails:
    outcomes = {outcome.number: outcome for outcome in Outcome.objects.all()}
    lines = {line.title: line for line in budget.lines.all()}
    return PriorityDetails(
        title=described["title"],
        rationale=described["rationale"].strip(),
        evidence_of_need=described.get("evidence", "").strip(),
        outcomes={outcomes[link["number"]]: link["how"] for link in described["outcomes"]},
        principles=Principle.objects.filter(code__in=described["principles"]),
        indicators=Indicator.objects.filter(code__in=described["indicators"]),
        funding={lines[share["line"]]: Decimal(share["share"]) for share in described["funding"]},
    )
