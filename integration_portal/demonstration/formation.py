"""The demonstration's forming of a year: scope, offers, each party's word, a dispute that was settled, payments.

And Highland, where health board and council lead for each other. All of it is invented and says so.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import timezone

from budgets import services
from budgets.enums import (
    Arm,
    Finding,
    FundKind,
    Meanwhile,
    OfferStatus,
    ProviderSector,
    Setting,
    SpendCategory,
    Subjective,
)
from budgets.models import Budget, BudgetLine, CareGroup
from budgets.refusals import LineFigures
from budgets.selectors import Figure, figures_of, payments_of
from partnerships.models import Body, IntegrationScheme, Partnership, User
from partnerships.permissions import standing_of
from partnerships.services.schemes import update_scheme

from .people import person
from .places import SPLIT_LINES, split_by_population

LABEL = "Demonstration: an invented figure."
HIGHLAND, HIGHLAND_YEAR = "highland", 2026
HOSTED_SHARE = Decimal("58.50")
HIGHLAND_NOTE = (
    "Demonstration. Invented figures that show a lead agency: the council pays the health board, which leads for "
    "adults and combines the payment with its own resource; the health board pays the council, which leads for "
    "children."
)
EARLIER_SOURCE = "Demonstration. The amounts published for 2020/21 with an invented change and outturn."
# By year, what lines have of the published amounts: every third line, and the others.
EARLIER_YEARS = {
    2024: (Decimal("0.941"), Decimal("0.962")),
    2025: (Decimal("0.985"), Decimal("0.985")),
}
CHARGES_TITLE = "Charges for care and support"
CHARGES = Decimal(6_200_000)
CARE_GROUPS = ("People with dementia", "People with a learning disability", "Unpaid carers")
FOR_GROUPS = {
    "Care at home": ("People with dementia", "Unpaid carers"),
    "Residential care": ("People with dementia",),
    "Day services": ("People with a learning disability",),
}
DISPUTE_POLICY = (
    "1. The chief officer meets the chief executives of the council and the health board.\n"
    "2. The chair and the vice chair meet the leaders of both.\n"
    "3. Both choose a mediator.\n"
    "4. The Scottish Ministers are told of the dispute and of what the mediator found."
)
DISPUTED_LINE = "Prescribing"
CONFIRMED_BY_COUNCIL = 3
DISPUTED_BY = Decimal(2_400_000)
UPLIFT = Decimal("0.03")
THOUSAND = Decimal(1000)


def form_years_before(partnership: Partnership, published: Budget) -> None:
    """There are budgets of the two years before the draft one, agreed, with an outturn, for everybody to read."""
    for year in EARLIER_YEARS:
        _form_earlier(partnership, published, year)


def _form_earlier(partnership: Partnership, published: Budget, year: int) -> None:
    finance = person("finance@demo.example")
    budget = services.open_budget(
        partnership=partnership, year=year, by=finance, source=EARLIER_SOURCE, lines_from=published
    )
    third, others = EARLIER_YEARS[year]
    changes = []
    for position, line in enumerate(budget.lines.all()):
        opened = LineFigures(line.amount, line.actual)
        amount = _thousands(line.amount * (others if position % 3 else third))
        spent = _thousands(amount * (Decimal("0.995") if position % 3 else Decimal("1.015")))
        wanted = LineFigures(amount, spent)
        changes.append(services.LineChange(line.pk, opened, wanted))
    services.allocate_lines(budget=budget, changes=changes, by=finance)
    for line in budget.lines.filter(title__in=SPLIT_LINES):
        split_by_population(line, partnership, finance)
    _contribute_what_is_allocated(budget, finance)
    services.agree_budget(budget=budget, by=person("cfo@demo.example"))


def form_year(draft: Budget) -> None:
    """The draft year has scope, offers of both bodies, their words on the figures, a settled dispute and payments."""
    finance, chief = person("finance@demo.example"), person("cfo@demo.example")
    _tell_the_scope(draft, finance)
    _tell_charges_apart(draft, finance)
    _offer(draft, finance)
    _settle_a_dispute(draft, finance, chief)
    _say_words(draft, chief)
    for found in payments_of(draft):
        schedule = services.plan_payments(contribution=found.contribution, by=finance)
        services.mark_paid(
            schedule=schedule,
            month=1,
            paid_on=_by_today(date(draft.year, 4, 15)),
            revision=schedule.revision,
            by=finance,
        )


def form_highland() -> Budget | None:
    """Highland has a lead agency's budget: money is paid both ways and combined with each lead's own resource."""
    partnership = Partnership.objects.filter(slug=HIGHLAND).select_related("health_board").first()
    if partnership is None or Budget.objects.for_partnership(partnership).exists():
        return None
    by = person("highland@demo.example")
    board, council = partnership.health_board, partnership.councils.get()
    budget = services.open_budget(partnership=partnership, year=HIGHLAND_YEAR, by=by, note=HIGHLAND_NOTE)
    for body, kind, amount, method in (
        (
            council,
            FundKind.PAYMENT,
            148_000_000,
            "For adult social care, which the health board leads. " + LABEL,
        ),
        (board, FundKind.OWN_RESOURCE, 312_000_000, "Adult health care, combined with the payment. " + LABEL),
        (board, FundKind.PAYMENT, 11_500_000, "For children’s health, which the council leads. " + LABEL),
        (
            council,
            FundKind.OWN_RESOURCE,
            24_500_000,
            "Children’s services, combined with the payment. " + LABEL,
        ),
    ):
        services.set_contribution(
            budget=budget, body=body, kind=kind, amount=Decimal(amount), method=method, by=by
        )
    _highland_lines(budget, board, council, by)
    services.plan_payments(contribution=budget.contributions.get(body=council, kind=FundKind.PAYMENT), by=by)
    return budget


def forget_highland() -> None:
    """Highland's demonstration budget is gone."""
    Budget.objects.filter(partnership__slug=HIGHLAND).delete()


def _highland_lines(budget: Budget, board: Body, council: Body, by: User) -> None:
    e, b, c = SpendCategory.OTHER_SOCIAL_CARE, SpendCategory.OTHER_HEALTH, SpendCategory.CARE_HOME
    social, community = Setting.SOCIAL_CARE, Setting.COMMUNITY
    for title, body, fund, category, setting, amount in (
        ("Care at home, adults", board, FundKind.PAYMENT, e, social, 83_000_000),
        ("Care homes, adults", board, FundKind.PAYMENT, c, social, 65_000_000),
        ("Community nursing", board, FundKind.OWN_RESOURCE, b, community, 96_000_000),
        ("General practice", board, FundKind.OWN_RESOURCE, b, community, 118_000_000),
        ("Prescribing", board, FundKind.OWN_RESOURCE, b, community, 98_000_000),
        ("Health visiting", council, FundKind.PAYMENT, b, community, 11_500_000),
        ("Support for families", council, FundKind.OWN_RESOURCE, e, social, 24_500_000),
    ):
        services.add_line(
            budget=budget,
            by=by,
            title=title,
            group="Adults, led by the health board" if body == board else "Children, led by the council",
            delivered_by=body,
            fund=fund,
            category=category,
            setting=setting,
            amount=Decimal(amount),
            arm=Arm.COUNCIL if setting == social else Arm.HEALTH_BOARD,
        )


def _tell_the_scope(draft: Budget, by: User) -> None:
    groups: dict[str, CareGroup] = {}
    for name in CARE_GROUPS:
        kept = CareGroup.objects.for_partnership(draft.partnership).filter(name=name).first()
        groups[name] = kept or services.add_care_group(
            partnership=draft.partnership, name=name, is_key=True, by=by
        )
    for position, line in enumerate(draft.lines.select_related("delivered_by"), start=1):
        _scoped(line, position, [groups[name] for name in FOR_GROUPS.get(line.title, ())], by)


def _scoped(line: BudgetLine, position: int, groups: list[CareGroup], by: User) -> None:
    """The line has a code and care groups; a hosted one its host; what is bought its provider."""
    is_hosted, is_bought = "hosted" in line.title, line.title == "External purchasing"
    host = Partnership.objects.filter(health_board=line.delivered_by).exclude(pk=line.budget.partnership_id)
    found = host.order_by("slug").first() if is_hosted else None
    services.change_line(
        line=line,
        revision=line.revision,
        by=by,
        title=line.title,
        delivered_by=line.delivered_by,
        category=SpendCategory(line.category),
        setting=Setting(line.setting),
        amount=line.amount,
        code=f"D{position:03d}",
        care_groups=groups,
        arm=Arm.HOSTED if found else Arm(line.arm),
        hosted_by=found,
        hosted_share=HOSTED_SHARE if found else None,
        hosted_total=(line.amount * 100 / HOSTED_SHARE).quantize(Decimal(1)) if found else None,
        provider_sector=ProviderSector.INDEPENDENT if is_bought else ProviderSector.BODY,
        provider="Care providers on the council’s framework (demonstration)" if is_bought else "",
    )


def _tell_charges_apart(draft: Budget, by: User) -> None:
    """What people pay towards their care stands in a line of its own, below zero; the year's total is the same."""
    council = draft.partnership.councils.get()
    other = draft.lines.get(title="Other", delivered_by=council)
    change = services.LineChange(
        other.pk, LineFigures(other.amount, None), LineFigures(other.amount + CHARGES, None)
    )
    services.allocate_lines(budget=draft, changes=[change], by=by)
    services.add_line(
        budget=draft,
        by=by,
        title=CHARGES_TITLE,
        group=other.group,
        delivered_by=council,
        fund=FundKind(other.fund),
        arm=Arm(other.arm),
        category=SpendCategory(other.category),
        setting=Setting(other.setting),
        subjective=Subjective.INCOME,
        amount=-CHARGES,
        code="D100",
    )


def _offer(draft: Budget, by: User) -> None:
    council, board = draft.partnership.councils.get(), draft.partnership.health_board
    paid = {row.body_id: row.amount for row in draft.contributions.filter(kind=FundKind.PAYMENT)}
    living_wage = services.PassedThrough(
        "Living wage in social care", Decimal(6_200_000), "Adult social care alone; report its use in October"
    )
    for version, (status, day, uplift) in enumerate(
        (
            (OfferStatus.INDICATIVE, date(draft.year, 2, 20), Decimal("0.02")),
            (OfferStatus.FIRM, date(draft.year, 3, 6), UPLIFT),
        )
    ):
        services.record_offer(
            budget=draft,
            body=council,
            kind=FundKind.PAYMENT,
            terms=services.OfferTerms(
                status=status,
                received_on=_by_today(day),
                base=paid[council.pk],
                uplift=_thousands(paid[council.pk] * uplift),
                pressures=Decimal(4_100_000),
                savings_asked=Decimal(3_500_000),
                note=LABEL,
                funding=[living_wage],
            ),
            read_version=version,
            by=by,
        )
    services.record_offer(
        budget=draft,
        body=board,
        kind=FundKind.PAYMENT,
        terms=services.OfferTerms(
            status=OfferStatus.INDICATIVE,
            received_on=_by_today(date(draft.year, 4, 14)),
            base=paid[board.pk],
            uplift=_thousands(paid[board.pk] * Decimal("0.022")),
            note=LABEL,
            funding=[services.PassedThrough("Primary care improvement fund", Decimal(13_400_000))],
        ),
        read_version=0,
        by=by,
    )
    services.note_finding(
        budget=draft,
        body=board,
        kind=FundKind.PAYMENT,
        finding=Finding.NO_PRESSURES,
        text="The board has promised to look at prescribing again in June. " + LABEL,
        revision=0,
        by=by,
    )


def _settle_a_dispute(draft: Budget, finance: User, chief: User) -> None:
    scheme = IntegrationScheme.objects.for_partnership(draft.partnership).order_by("-version").first()
    if scheme is not None and not scheme.dispute_policy:
        update_scheme(
            scheme=scheme,
            revision=scheme.revision,
            by=person("chief@demo.example"),
            changes={"dispute_policy": DISPUTE_POLICY},
        )
    since = _by_today(date(draft.year, 4, 1))
    disagreement = services.declare_disagreement(
        budget=draft,
        since=since,
        about="The health board’s offer adds nothing for prescribing. " + LABEL,
        meanwhile=Meanwhile.LAST_YEAR,
        by=chief,
    )
    step = disagreement.steps.first()
    if step is not None:
        services.keep_dispute_step(
            step=step,
            title=step.title,
            due_on=since,
            done_on=since,
            done_by="The chief officer and both chief executives",
            outcome="They agreed to go on with the offer as it stands and to look at prescribing in June.",
            revision=step.revision,
            by=finance,
        )
    services.settle_disagreement(
        budget=draft,
        outcome="The offers stand; prescribing is looked at in June. " + LABEL,
        on=since,
        by=chief,
    )


def _say_words(draft: Budget, chief: User) -> None:
    """The board disputes prescribing and has confirmed the rest; the council some of its figures; the authority all."""
    partnership = draft.partnership
    figures = figures_of(draft)
    for email, body in (
        ("partner@demo.example", partnership.health_board),
        ("council@demo.example", partnership.councils.get()),
    ):
        standing = standing_of(person(email), partnership)
        theirs = [figure for figure in figures if figure.is_of(body)]
        disputed = next((figure for figure in theirs if figure.label == DISPUTED_LINE), None)
        if disputed is not None:
            services.dispute_figure(
                budget=draft,
                body=body,
                key=disputed.key,
                seen=disputed.amount,
                amount=disputed.amount + DISPUTED_BY,
                reason="The forecast of volume and price from October is not in the line. " + LABEL,
                standing=standing,
            )
        agreed = [figure for figure in theirs if figure is not disputed]
        if body.pk != partnership.health_board_id:
            agreed = agreed[:CONFIRMED_BY_COUNCIL]
        services.confirm_figures(budget=draft, body=body, seen=_seen(agreed), standing=standing)
    services.confirm_figures(
        budget=draft, body=None, seen=_seen(figures), standing=standing_of(chief, partnership)
    )


def _seen(figures: list[Figure]) -> dict[str, Decimal]:
    return {figure.key: figure.amount for figure in figures}


def _contribute_what_is_allocated(budget: Budget, by: User) -> None:
    sums: dict[tuple[int, str], Decimal] = {}
    for line in budget.lines.select_related("delivered_by"):
        key = (line.delivered_by_id, line.fund)
        sums[key] = sums.get(key, Decimal(0)) + line.amount
    for (body_id, fund), amount in sums.items():
        services.set_contribution(
            budget=budget,
            body=Body.objects.get(pk=body_id),
            kind=FundKind(fund),
            amount=amount,
            method=EARLIER_SOURCE,
            is_notional=fund == FundKind.SET_ASIDE,
            by=by,
        )


def _thousands(amount: Decimal) -> Decimal:
    return (amount / THOUSAND).quantize(Decimal(1)) * THOUSAND


def _by_today(day: date) -> date:
    """The day, or today where the demonstration is loaded before it."""
    return min(day, timezone.localdate())
