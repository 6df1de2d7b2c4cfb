from datetime import date

import pytest

from foundation.audit.models import Entry
from localities.models import Locality
from strategic_plans import services
from strategic_plans.enums import PlanState, StartReason
from strategic_plans.models import Plan
from strategic_plans.outline import OUTLINE

pytestmark = pytest.mark.django_db


def test_a_new_plan_has_every_section_of_the_outline_with_its_prompt_and_duty(plan):
    sections = list(plan.sections.all())
    assert [section.key for section in sections] == [template.key for template in OUTLINE]
    assert all(section.prompt for section in sections)
    statutory = {section.key: section.source for section in sections if section.is_statutory}
    assert statutory == {
        "priorities": "2014 Act ss.29(2)(b), 30",
        "arrangements": "2014 Act s.29(2)(a)",
        "localities": "2014 Act s.29(3)",
        "neighbours": "2014 Act s.30(3)",
    }


def test_a_new_plan_has_a_place_for_each_locality_of_its_first_day(partnership, localities, officer):
    Locality.objects.create(
        partnership=partnership, name="Old Angus", slug="old-angus", ends_on=date(2020, 3, 31)
    )
    plan = services.start_plan(
        partnership=partnership, title="Plan", period_start=date(2026, 4, 1), by=officer
    )
    assert [row.locality.name for row in plan.arrangements.all()] == ["North Angus", "South Angus"]
    assert not any(row.is_written for row in plan.arrangements.all())


def test_the_start_is_recorded_with_its_reason(plan, officer):
    entry = Entry.objects.get(action="strategic_plans.plan_started")
    assert (entry.actor_id, entry.tenant) == (officer.pk, "angus")
    assert entry.after["period_start"] == "2026-04-01"
    assert entry.reason == StartReason.REVIEW.label


@pytest.mark.parametrize(
    ("title", "period", "slug"),
    [
        ("Any title", (date(2026, 4, 1), date(2029, 3, 31)), "2026-29"),
        ("Living well in Angus", (None, None), "living-well-in-angus"),
        ("New", (None, None), "new-2"),
        ("Money", (None, None), "money-2"),
        ("…", (None, None), "plan"),
    ],
)
def test_the_address_says_the_years_or_the_title(partnership, officer, title, period, slug):
    start, end = period
    plan = services.start_plan(
        partnership=partnership, title=title, period_start=start, period_end=end, by=officer
    )
    assert plan.slug == slug


def test_two_plans_of_the_same_years_have_two_addresses(partnership, plan, officer):
    second = services.start_plan(
        partnership=partnership,
        title="Another",
        period_start=date(2026, 4, 1),
        period_end=date(2029, 3, 31),
        by=officer,
    )
    assert second.slug == "2026-29-2"


def test_a_plan_succeeds_the_published_one_and_only_one_does(partnership, plan, officer):
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.PUBLISHED)
    first = services.start_plan(partnership=partnership, title="Next", by=officer)
    second = services.start_plan(partnership=partnership, title="Next again", by=officer)
    assert (first.supersedes, second.supersedes) == (plan, None)


def test_details_are_changed_and_recorded(plan, officer):
    changed = services.change_plan(
        plan=plan,
        title="A better title",
        period_start=date(2026, 7, 1),
        period_end=date(2029, 6, 30),
        expected_revision=1,
        by=officer,
    )
    assert (changed.title, changed.slug, changed.revision) == ("A better title", "2026-29", 2)
    entry = Entry.objects.get(action="strategic_plans.plan_changed")
    assert entry.before["title"] == "Angus strategic plan 2026 to 2029"
    assert entry.after["period_start"] == "2026-07-01"


def test_details_that_somebody_else_changed_are_not_overwritten(plan, officer, chief_officer):
    period = {"period_start": plan.period_start, "period_end": plan.period_end}
    services.change_plan(plan=plan, title="Theirs", expected_revision=1, by=chief_officer, **period)
    with pytest.raises(services.PlanDetailsChanged) as refusal:
        services.change_plan(plan=plan, title="Mine", expected_revision=1, by=officer, **period)
    assert refusal.value.plan.title == "Theirs"
    plan.refresh_from_db()
    assert plan.title == "Theirs"


def test_a_published_plan_is_not_changed(plan, officer):
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.PUBLISHED)
    section = plan.sections.get(key="needs")
    acts = [
        lambda: services.change_plan(
            plan=plan, title="New", period_start=None, period_end=None, expected_revision=1, by=officer
        ),
        lambda: services.remove_section(section=section, by=officer),
        lambda: services.move_section(section=section, direction="up", by=officer),
        lambda: services.save_section(section=section, body="<p>New</p>", expected_revision=0, by=officer),
        lambda: services.add_priority(plan=plan, details=services.PriorityDetails(title="New"), by=officer),
    ]
    for act in acts:
        with pytest.raises(services.PlanFrozen, match="frozen"):
            act()
    section.refresh_from_db()
    assert (section.body, section.owner) == ("", None)
