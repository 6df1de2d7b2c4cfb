"""The template that a new plan starts from: its sections, what belongs in each, and the duty behind it.

Order and headings follow the outline that the Scottish Government's strategic plans guidance (second edition)
suggests; the prompts are ours. `law` says in plain words what a provision asks for.
"""

from dataclasses import dataclass
from typing import Literal

Generated = Literal["", "priorities", "localities", "budget", "indicators", "engagement", "legal"]


@dataclass(frozen=True, kw_only=True)
class SectionTemplate:
    """`rule` is what the Check page calls the duty; `generated` is what the portal adds after the section's text."""

    key: str
    title: str
    prompt: str
    source: str = ""
    law: str = ""
    rule: str = ""
    generated: Generated = ""

    @property
    def is_statutory(self) -> bool:
        return bool(self.rule)


OUTLINE: tuple[SectionTemplate, ...] = (
    SectionTemplate(
        key="foreword",
        title="Foreword",
        prompt="Say in a page what will be different for people by the end of the plan, and who answers for it. "
        "Vision and values belong here.",
    ),
    SectionTemplate(
        key="about",
        title="About this plan and the integration authority",
        prompt="Who makes this plan, for which area and years, which functions are delegated, and how the money "
        "reaches the services. The legal model in force is named here.",
        source="2014 Act s.29",
        law="The integration authority prepares a strategic plan for the area of the local authority. The plan sets "
        "out the arrangements for carrying out the integration functions over the period of the plan.",
    ),
    SectionTemplate(
        key="context",
        title="Law, policy and local plans",
        prompt="National outcomes and policy that bind the plan, and how it fits the local outcomes improvement "
        "plan, the local housing strategy, children's services and community justice plans.",
    ),
    SectionTemplate(
        key="needs",
        title="What people in this area need",
        prompt="The strategic needs assessment in short: population now and later, long-term conditions, "
        "inequalities, unmet need, unpaid carers, and what communities already do well.",
    ),
    SectionTemplate(
        key="listen",
        title="What people told us",
        prompt="How the planning group and communities were asked, what they said, and what changed because of it. "
        "The portal adds the record of engagement.",
        source="2014 Act s.33",
        law="Proposals and two drafts are made in turn. At each step the views of the strategic planning group, and "
        "then of the constituent authorities and of the groups of people set by regulations, are sought and "
        "taken into account.",
        generated="engagement",
    ),
    SectionTemplate(
        key="review",
        title="What we learned from the last plan",
        prompt="What the last plan achieved, what it did not, and what the annual performance reports and "
        "inspections found.",
        source="2014 Act s.37",
        law="The integration authority reviews how effective its strategic plan is before three years have passed, "
        "having regard to the delivery principles and the national outcomes and to the planning group's views.",
    ),
    SectionTemplate(
        key="priorities",
        title="Priorities and outcomes",
        prompt="Why these priorities and no others. The priorities themselves, with the outcomes that they serve, "
        "are kept on their own page and are printed after this text.",
        source="2014 Act ss.29(2)(b), 30",
        law="The plan sets out how the arrangements are intended to achieve, or contribute to achieving, the national "
        "health and wellbeing outcomes. It is prepared with regard to the integration delivery principles.",
        rule="R-PLAN-05",
        generated="priorities",
    ),
    SectionTemplate(
        key="arrangements",
        title="How services will be arranged",
        prompt="For each group of services: what is provided, by whom, and how that will change over the years of "
        "the plan. Every delegated function must be covered somewhere here.",
        source="2014 Act s.29(2)(a)",
        law="The plan sets out the arrangements for the carrying out of the integration functions in the area over "
        "the period of the plan.",
        rule="R-PLAN-04",
    ),
    SectionTemplate(
        key="localities",
        title="Localities",
        prompt="How the area is divided, why there, and how people in each locality take part. The arrangements of "
        "each locality are written by its lead and are printed after this text.",
        source="2014 Act s.29(3)",
        law="The plan divides the area into two or more localities and sets out separately, for each of them, the "
        "arrangements for carrying out the integration functions there.",
        rule="R-PLAN-01",
        generated="localities",
    ),
    SectionTemplate(
        key="neighbours",
        title="Effects on neighbouring areas",
        prompt="Which services, buildings or resources of other integration authorities the plan may affect, what was "
        "agreed with them, and where there is no effect, why not.",
        source="2014 Act s.30(3)",
        law="In preparing the plan the integration authority has regard to the effect that its arrangements may "
        "have on services, facilities and resources that other integration authorities use or plan for.",
        rule="R-PLAN-07",
    ),
    SectionTemplate(
        key="acute",
        title="Unplanned hospital care",
        prompt="How admissions, bed days and delays will change, and how the money set aside for large hospitals is "
        "used and released.",
        source="2014 Act ss.1(3)(d), 28",
        law="Sums that the health board sets aside for services in large hospitals are used as the integration "
        "authority directs; what is not used may be called for, what is overused may be asked back.",
    ),
    SectionTemplate(
        key="market",
        title="Providers and the market",
        prompt="The shape of provision that the plan needs, what providers can expect, and how services will be "
        "bought.",
    ),
    SectionTemplate(
        key="housing",
        title="Housing contribution statement",
        prompt="How housing and this plan work together: shared evidence of need, adaptations, specialist housing, "
        "homelessness, and the resources for them.",
    ),
    SectionTemplate(
        key="carers",
        title="Unpaid carers",
        prompt="How carers are identified, supported and involved, and how this plan and the local carer strategy fit.",
        source="Carers (Scotland) Act 2016 s.31",
        law="Each local authority and the relevant health board prepare a local carer strategy.",
    ),
    SectionTemplate(
        key="workforce",
        title="People who work in health and social care",
        prompt="Numbers, skills, vacancies and wellbeing of the workforce in every sector, and what the workforce plan "
        "will do about them.",
    ),
    SectionTemplate(
        key="finance",
        title="Money",
        prompt="What the integrated budget is, how it moves towards the priorities, the gap and how it will be closed. "
        "The portal adds the budget of the year.",
        source="2014 Act s.39",
        law="When the first plan is published, and in each year after, the integration authority publishes a statement "
        "of the amount that it intends to spend in implementing the plan.",
        generated="budget",
    ),
    SectionTemplate(
        key="digital",
        title="Digital, data, buildings and climate",
        prompt="What technology, information, property and the climate duties mean for the plan.",
    ),
    SectionTemplate(
        key="delivery",
        title="How the plan will be carried out",
        prompt="Who does what by when, which directions follow from the plan, what could go wrong, and how the board "
        "keeps watch.",
        source="2014 Act ss.26 to 28",
        law="An integration joint board gives a direction in writing for each delegated function to the council or the "
        "health board, with the money and how it is to be used.",
    ),
    SectionTemplate(
        key="measure",
        title="How we will know",
        prompt="Which indicators show whether the plan works, where they stand, and where they should be at the end. "
        "The portal adds the figures of every indicator that a priority names.",
        source="2014 Act s.42",
        law="A performance report for each year says how far the plan's arrangements achieved, or contributed to "
        "achieving, the national health and wellbeing outcomes.",
        generated="indicators",
    ),
    SectionTemplate(
        key="impact",
        title="Impact assessments",
        prompt="What the assessments on equality, socio-economic disadvantage, island communities and children’s "
        "rights found, and what was changed.",
        source="Equality Act 2010 ss.1, 149",
        law="A public authority has due regard to eliminating discrimination and advancing equality of opportunity "
        "and, in strategic decisions, to reducing inequalities that result from socio-economic disadvantage.",
    ),
    SectionTemplate(
        key="annex",
        title="Annex: legal basis, words and formats",
        prompt="Members of the planning group, terms used, and how to ask for the plan in another format. The portal "
        "adds the legal basis and the licences of the data.",
        generated="legal",
    ),
)

BY_KEY = {template.key: template for template in OUTLINE}


def template_of(key: str) -> SectionTemplate | None:
    """The template behind a section, or None for a section that a partnership added itself."""
    return BY_KEY.get(key)
