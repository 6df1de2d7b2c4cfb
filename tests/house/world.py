"""One partnership with something at every address, for tests that visit them all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile, File

from budgets import services as money
from budgets.enums import (
    ActionConfidence,
    FundKind,
    Meanwhile,
    OfferStatus,
    ReserveFlow,
    ReserveKind,
    Sign,
    Unit,
)
from budgets.imports.amounts import Convention
from budgets.imports.matching import Layout
from budgets.models import Budget, CareGroup, DisputeStep, SetAsideReport
from budgets.refusals import Figures
from budgets.services import directions as services_of_directions
from engagement.models import Activity, Promise
from foundation.audit.models import Entry
from foundation.richtext.placed import paragraph
from partnerships.enums import Role
from partnerships.models import Body, DelegatedFunction, Invitation, Membership, Partnership, User
from partnerships.services.invitations import invite
from partnerships.services.schemes import add_post_holder
from strategic_plans import services
from strategic_plans.enums import WrittenForm
from strategic_plans.models import Action, FinancialStatement, Plan, StatementPublication, WordImport
from strategic_plans.selectors.statements import statement_now
from tests.budgets import directing
from tests.budgets.factories import (
    BudgetFactory,
    BudgetLineFactory,
    ContributionFactory,
    RiskFactory,
    SavingFactory,
)
from tests.factories import PartnershipFactory
from tests.portfolio import published_elsewhere
from tests.richtext.pictures import picture as uploaded_picture
from tests.strategic_plans import word_files

from .routes import Route

# A live block of the published plan.
BLOCK = "indicator:NI-14"


@dataclass(frozen=True)
class World:
    """What the addresses are made from: a value for an argument's name, for a route's or for an app's own use of it."""

    partnership: Partnership
    values: dict[str, Any]

    def arguments(self, route: Route) -> dict[str, Any]:
        return {name: self._value(route, name) for name in route.arguments}

    def _value(self, route: Route, name: str) -> Any:
        for key in (f"{route.name}.{name}", f"{route.name.partition(':')[0]}.{name}", name):
            if key in self.values:
                return self.values[key]
        raise KeyError(f"tests/house/world.py has nothing for <{name}> of {route.name} ({route.address})")


def build_world(
    *,
    partnership: Partnership,
    published: Plan,
    activity: Activity,
    cast: dict[Role, User],
) -> World:
    """`published` is a plan in which nothing is missing: it is published here, and a successor is begun."""
    officer, chief = cast[Role.PLANNING_OFFICER], cast[Role.CHIEF_OFFICER]
    administrator = cast[Role.ADMINISTRATOR]
    measured = published.sections.get(key="neighbours")
    services.save_section(
        section=measured,
        body=measured.body + paragraph(BLOCK),
        expected_revision=measured.revision,
        by=officer,
    )
    version = services.publish_plan(plan=published, by=chief, approval_reference="Minute 12 of 4 March 2026")
    document = services.request_version_pdf(version=version, by=chief)
    draft = _draft(partnership, officer)
    picture = services.keep_picture(partnership, uploaded_picture(), officer)
    arrangement = draft.arrangements.select_related("locality").order_by("locality__name").first()
    assert arrangement
    line = partnership.budgets.get().lines.first()
    assert line
    dispute_step = _formed(line.budget, line.delivered_by, cast)
    care_group = CareGroup.objects.create(partnership=partnership, name="People with dementia")
    invitation = invite(
        partnership=partnership,
        email="new.clerk@example.scot",
        name="Neil New",
        role=Role.CLERK,
        by=administrator,
    )
    holder = add_post_holder(
        partnership=partnership, by=chief, post="chair", name="Councillor Example", starts_on=date(2026, 4, 1)
    )
    function = DelegatedFunction.objects.get(partnership=partnership)
    finance = cast[Role.FINANCE_OFFICER]
    unissued = directing.draft(line.budget, function, finance)
    ready = directing.prepared(line.budget, function, finance, title="Care at home")
    both = {partnership.health_board: "", line.delivered_by: ""}
    direction = directing.issued(line.budget, function, finance, chief, {line: Decimal(1)}, targets=both)
    ending = directing.issued(line.budget, function, finance, chief, title="To be revoked", targets=both)
    services_of_directions.prepare_revocation(
        direction=ending,
        from_day=date(2026, 9, 1),
        reason="The service closed.",
        minute_reference="Minute 3",
        revision=0,
        by=finance,
    )
    cfo = cast[Role.CHIEF_FINANCE_OFFICER]
    statement = FinancialStatement.objects.create(
        plan=published,
        budget=line.budget,
        content=statement_now(published, line.budget).to_json(),
        sha256="0" * 64,
        signed_by=cfo,
    )
    StatementPublication.objects.create(statement=statement, published_by=chief)
    asked = SetAsideReport.objects.create(
        budget=line.budget, starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 30), due_on=date(2026, 7, 28)
    )
    entry = Entry.objects.filter(tenant=partnership.slug).latest("pk")
    promise = Promise.objects.get(activity=activity)
    clerk = Membership.objects.get(user=cast[Role.CLERK])
    about = draft.sections.get(key="needs")
    about.plan = draft
    for form in WrittenForm:
        written = services.save_variant(
            plan=published,
            form=form,
            version=version,
            title="Our plan",
            body="<p>We help you.</p>",
            expected_revision=0,
            by=officer,
        )
        if form is WrittenForm.GAELIC:
            services.publish_variant(variant=written, expected_revision=1, by=chief)
    services.name_snapshot(plan=draft, label="For the board", by=officer)
    comment = services.add_comment(text=about, words="Is this so?", by=cast[Role.CLERK])
    brought = _word_file(draft, officer)
    chapter = published.sections.filter(is_statutory=True).first()
    elsewhere = published_elsewhere(PartnershipFactory(), version)
    assert chapter
    return World(
        partnership,
        {
            "partnership": partnership.slug,
            "plan": draft.slug,
            "published.plan": published.slug,
            "published:verify_code.code": published.versions.get().sha256[:16],
            "table": "priorities",
            "block": BLOCK,
            "digest": picture.digest,
            "strategic_plans:version.plan": published.slug,
            "strategic_plans:version_pdf.plan": published.slug,
            "strategic_plans:version_word.plan": published.slug,
            "strategic_plans:version_variants.plan": published.slug,
            "variant": "summary",
            "strategic_plans:variants.plan": published.slug,
            "strategic_plans:written_variant.plan": published.slug,
            "strategic_plans:publish_variant.plan": published.slug,
            "form": "easy-read",
            "published:written.form": "gaelic",
            "published:written_pdf.form": "gaelic",
            "strategic_plans:correct.plan": published.slug,
            "number": 1,
            "version": elsewhere.pk,
            "key": chapter.key,
            "chapter": chapter.key,
            "locality": arrangement.locality.slug,
            "lead": arrangement.locality.leads.get().pk,
            "strategic_plans.pk": draft.priorities.get().pk,
            "strategic_plans:answer_comment.pk": comment.pk,
            "strategic_plans:settle_comment.pk": comment.pk,
            "strategic_plans:reopen_comment.pk": comment.pk,
            "word_import": brought.pk,
            "action": Action.objects.get(priority__plan=draft).pk,
            "direction": direction.pk,
            "budgets:change_direction.direction": unissued.pk,
            "budgets:direction_money.direction": unissued.pk,
            "budgets:remove_direction.direction": unissued.pk,
            "budgets:prepare_direction.direction": unissued.pk,
            "budgets:issue_direction.direction": ready.pk,
            "budgets:return_direction.direction": ready.pk,
            "budgets:decide_revocation.direction": ending.pk,
            "budgets:return_revocation.direction": ending.pk,
            "effect": "varies",
            "budgets:set_aside_report.pk": asked.pk,
            "budgets:set_aside_pdf.pk": asked.pk,
            "budgets:set_aside_make.pk": asked.pk,
            "budgets:set_aside_reopen.pk": asked.pk,
            "budgets:set_aside_claim.pk": asked.pk,
            "budgets:set_aside_settle.pk": asked.pk,
            "year": line.budget.year,
            "budgets.pk": line.pk,
            "budgets.group": care_group.pk,
            "budgets.finding": "no_pressures",
            "budgets.figure": f"line-{line.pk}",
            "budgets.step": dispute_step.pk,
            "budgets.month": 1,
            "body": line.delivered_by.code.lower(),
            "kind": "payment",
            **_reserve_saving_and_plan(line.budget, cast[Role.FINANCE_OFFICER]),
            **_monitored_year(partnership, cast),
            "indicator": "ni-14",
            "engagement.pk": activity.pk,
            "engagement:change_promise.pk": promise.pk,
            "engagement:promise_done.pk": promise.pk,
            "engagement:reopen_promise.pk": promise.pk,
            "engagement:tell_back.pk": promise.pk,
            "documents.pk": document.pk,
            "partnerships:person.pk": clerk.user_id,
            "partnerships:add_role.pk": clerk.user_id,
            "partnerships:end_role.pk": clerk.pk,
            "partnerships:withdraw_invitation.pk": invitation.pk,
            "partnerships:send_again.pk": invitation.pk,
            "partnerships:end_support.pk": partnership.support_grants.get().pk,
            "partnerships:change_holder.pk": holder.pk,
            "partnerships:audit_entry.pk": entry.pk,
            "partnerships:invitation.token": Invitation.objects.get(pk=invitation.pk).token,
            "code": function.code,
            **_files_of_lines(line.budget, cast[Role.FINANCE_OFFICER]),
        },
    )


def _reserve_saving_and_plan(budget: Budget, finance: User) -> dict[str, Any]:
    """A reserve from which the year takes something, a saving towards a target, and a medium-term plan."""
    reserve = money.add_reserve(
        budget=budget,
        opening=Decimal(500_000),
        name="General reserve",
        kind=ReserveKind.GENERAL,
        purpose="What nobody foresees.",
        expires_on=None,
        by=finance,
    )
    movement = money.move_reserve(
        budget=budget,
        reserve=reserve,
        flow=ReserveFlow.USED,
        amount=Decimal(1_000),
        is_budgeted=False,
        moved_on=None,
        reason="Winter",
        minute="",
        by=finance,
    )
    money.set_savings_target(budget=budget, amount=Decimal(9_000), minute="", revision=0, by=finance)
    saving = SavingFactory(budget=budget)
    risk = RiskFactory(budget=budget)
    plan = money.start_medium_term_plan(partnership=budget.partnership, first_year=budget.year, by=finance)
    return {
        "reserve": reserve.pk,
        "movement": movement.pk,
        "saving": saving.pk,
        "risk": risk.pk,
        "first_year": plan.first_year,
        "scenario": "expected",
    }


def _files_of_lines(budget: Budget, finance: User) -> dict[str, Any]:
    """A file of lines that was compared, one that was applied before, one whose columns nobody knows, and a layout."""
    files = {}
    for name, header in (("applied", "Title,Spent"), ("read", "Title,Budget"), ("unknown", "Was,Ist")):
        text = f"{header}\n{budget.lines.all()[0].title},12.50\n"
        brought = money.start_import(
            budget=budget, file=ContentFile(text.encode(), name="lines.csv"), by=finance
        )
        money.read_import(brought.pk)
        brought.refresh_from_db()
        if name == "applied":
            money.apply_import(line_import=brought, by=finance)
        files[name] = brought.pk
    convention = Convention(Unit.POUNDS, Sign.SPENDING_PLAIN)
    layout = money.save_layout(
        partnership=budget.partnership, name="Ledger", layout=Layout({"was": "title"}, convention), by=finance
    )
    return {
        "line_import": files["read"],
        "budgets:imported_file.line_import": files["applied"],
        "budgets:match_columns.line_import": files["unknown"],
        "layout": layout.pk,
    }


def _formed(budget: Budget, board: Body, cast: dict[Role, User]) -> DisputeStep:
    """The year has an offer and a payment with its months by the board, and a disagreement that is settled."""
    finance, chief = cast[Role.FINANCE_OFFICER], cast[Role.CHIEF_FINANCE_OFFICER]
    money.record_offer(
        budget=budget,
        body=board,
        kind=FundKind.PAYMENT,
        terms=money.OfferTerms(OfferStatus.FIRM, received_on=date(2025, 4, 1), base=Decimal(100)),
        read_version=0,
        by=finance,
    )
    payment = budget.contributions.filter(body=board, kind=FundKind.PAYMENT).first()
    assert payment
    money.plan_payments(contribution=payment, by=finance)
    disagreement = money.declare_disagreement(
        budget=budget, since=date(2025, 4, 1), about="The uplift", meanwhile=Meanwhile.LAST_YEAR, by=chief
    )
    step = money.add_dispute_step(
        disagreement=disagreement, title="The chief officers meet", due_on=date(2025, 5, 1), by=finance
    )
    money.settle_disagreement(budget=budget, outcome="The uplift of the letter", by=chief)
    return step


def _word_file(draft: Plan, officer: User) -> WordImport:
    """A Word file that the officer brought in and a worker has read, with a picture that nobody has described."""
    file = word_files.word_file(
        word_files.heading("Foreword"), word_files.paragraph("By the chair."), word_files.picture()
    )
    brought = services.start_import(plan=draft, file=File(file, name="Our plan.docx"), by=officer)
    services.read_import(brought.pk)
    return brought


def _draft(partnership: Partnership, officer: User) -> Plan:
    """A successor with a section and a locality's arrangements saved once, and a priority with an action."""
    draft = services.start_plan(
        partnership=partnership,
        title="Angus strategic plan 2029 to 2032",
        period_start=date(2029, 4, 1),
        period_end=date(2032, 3, 31),
        by=officer,
    )
    section = draft.sections.filter(is_statutory=True).first()
    arrangement = draft.arrangements.select_related("locality").order_by("locality__name").first()
    assert section and arrangement
    services.save_section(section=section, body="<p>A beginning.</p>", expected_revision=0, by=officer)
    services.save_arrangement(
        plan=draft,
        locality=arrangement.locality,
        body="<p>Nurses visit.</p>",
        expected_revision=0,
        by=officer,
    )
    priority = services.add_priority(
        plan=draft, details=services.PriorityDetails(title="Care at home"), by=officer
    )
    services.add_action(
        priority=priority, details=services.ActionDetails(title="Train carers", owner=officer), by=officer
    )
    return draft


# What is reached through the months of an agreed year.
OF_A_MONITORED_YEAR = (
    *(
        "months",
        "begin_month",
        "monitoring_rules",
        "period",
        "figures",
        "reason",
        "prepare",
        "close",
        "unlock",
    ),
    *("report", "report_pdf", "report_xlsx", "compare", "compare_csv", "movements", "propose_virement"),
    *("propose_allocation", "virement", "funding_change", "recovery", "begin_recovery", "recovery_step"),
    *("add_recovery_action", "change_recovery_action"),
)


def _monitored_year(partnership: Partnership, cast: dict[Role, User]) -> dict[str, Any]:
    """A year that is agreed, with a month closed, money moved and a recovery plan."""
    finance, chief = cast[Role.FINANCE_OFFICER], cast[Role.CHIEF_FINANCE_OFFICER]
    budget = BudgetFactory(partnership=partnership, year=2025)
    one, other = BudgetLineFactory(budget=budget), BudgetLineFactory(budget=budget)
    ContributionFactory(budget=budget, amount=Decimal(200))
    budget = money.agree_budget(budget=budget, by=chief)
    for number in (1, 2):
        period = money.begin_period(budget=budget, number=number, by=finance)
        now = {figure.line_id: figure for figure in period.figures.all()}
        money.enter_figures(
            period=period,
            changes=[
                money.FigureChange(
                    key,
                    Figures(figure.budget_to_date, None, figure.forecast),
                    Figures(figure.budget_to_date, Decimal(9), Decimal(100)),
                )
                for key, figure in now.items()
            ],
            by=money.Enterer(finance, is_finance=True),
        )
        money.prepare_close(period=period, by=finance)
        money.close_period(period=period, by=chief)
    virement = money.propose_virement(
        budget=budget,
        entries={one: Decimal(-5), other: Decimal(5)},
        reason="A post moves",
        is_recurring=True,
        by=finance,
    )
    change = money.propose_funding_change(
        budget=budget,
        entries={one: Decimal(5)},
        body=partnership.health_board,
        kind=FundKind.PAYMENT,
        name="Winter money",
        amount=Decimal(5),
        is_recurring=False,
        reason="Letter 3",
        by=finance,
    )
    plan = money.begin_recovery(budget=budget, by=finance)
    action = money.add_action(
        plan=plan,
        action="Review the packages",
        owner="Head of service",
        amount=Decimal(4),
        due_on=date(2025, 9, 1),
        confidence=ActionConfidence.LOW,
        by=finance,
    )
    return {
        **{f"budgets:{name}.year": 2025 for name in OF_A_MONITORED_YEAR},
        "line": one.pk,
        "close": 1,
        "virement": virement.number,
        "allocation": change.number,
        "budgets:recovery_step.step": "reserves",
        "recovery_action": action.pk,
    }
