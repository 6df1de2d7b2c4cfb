"""Sections and locality arrangements are written, compared and restored in the same way; here is what differs."""

from __future__ import annotations

from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.urls import reverse

from localities.models import Locality
from partnerships.models import Partnership, User
from partnerships.permissions import Answer, Standing

from .. import services
from ..models import LocalityArrangement, Plan, Section
from ..outline import template_of
from ..rules import may_edit_arrangement, may_edit_plan
from ..selectors.draft_text import plan_localities
from ..selectors.plans import plan_named


@dataclass(frozen=True)
class Writing:
    """A text with its addresses, its guidance, who may change it, and the verbs that do."""

    plan: Plan
    text: Section | LocalityArrangement
    title: str
    prompt: str
    source: str
    law: str
    may_edit: Answer
    url: str

    @property
    def comments_url(self) -> str:
        return f"{self.url}comments/"

    @property
    def copy_url(self) -> str:
        return f"{self.url}copy/"

    @property
    def pictures_url(self) -> str:
        return reverse("strategic_plans:add_picture", args=[self.plan.partnership.slug, self.plan.slug])

    @property
    def figures_url(self) -> str:
        return f"{self.url}figures/"

    @property
    def preview_url(self) -> str:
        """Where the text is read with its figures, once it has words."""
        chapter = self.text.key if isinstance(self.text, Section) else f"locality-{self.text.locality.slug}"
        return reverse(
            "strategic_plans:preview_chapter", args=[self.plan.partnership.slug, self.plan.slug, chapter]
        )

    @property
    def offers_url(self) -> str:
        """Where the editor reads which figures can be placed."""
        return reverse("strategic_plans:offers", args=[self.plan.partnership.slug, self.plan.slug])

    @property
    def history_url(self) -> str:
        return f"{self.url}history/"

    @property
    def section(self) -> Section | None:
        return self.text if isinstance(self.text, Section) else None

    def save(
        self, *, body: str, expected_revision: int, reason: str, by: User
    ) -> Section | LocalityArrangement:
        if isinstance(self.text, Section):
            return services.save_section(
                section=self.text, body=body, expected_revision=expected_revision, reason=reason, by=by
            )
        return services.save_arrangement(
            plan=self.plan,
            locality=self.text.locality,
            body=body,
            expected_revision=expected_revision,
            reason=reason,
            by=by,
        )

    def set_aside(self, *, body: str, expected_revision: int, by: User) -> Section | LocalityArrangement:
        """The given text is in the history, and the text that stood before stands again."""
        if isinstance(self.text, Section):
            return services.set_aside_section(
                section=self.text, body=body, expected_revision=expected_revision, by=by
            )
        return services.set_aside_arrangement(
            plan=self.plan, locality=self.text.locality, body=body, expected_revision=expected_revision, by=by
        )

    def restore(self, *, number: int, expected_revision: int, by: User) -> Section | LocalityArrangement:
        if isinstance(self.text, Section):
            return services.restore_section(
                section=self.text, number=number, expected_revision=expected_revision, by=by
            )
        return services.restore_arrangement(
            plan=self.plan,
            locality=self.text.locality,
            number=number,
            expected_revision=expected_revision,
            by=by,
        )


def section_writing(standing: Standing, partnership: Partnership, plan: str, key: str) -> Writing:
    """The section of this key. Raises Http404."""
    found = plan_named(partnership, plan)
    section = get_object_or_404(found.sections.select_related("changed_by", "owner"), key=key)
    section.plan = found
    template = template_of(section.key)
    return Writing(
        plan=found,
        text=section,
        title=section.title,
        prompt=section.prompt,
        source=section.source,
        law=template.law if template else "",
        may_edit=may_edit_plan(standing, found),
        url=reverse("strategic_plans:section", args=[partnership.slug, found.slug, section.key]),
    )


def arrangement_writing(standing: Standing, partnership: Partnership, plan: str, locality: str) -> Writing:
    """The arrangements of the locality, also before anything is written for it. Raises Http404."""
    found = plan_named(partnership, plan)
    place: Locality = get_object_or_404(plan_localities(found), slug=locality)
    rows = found.arrangements.select_related("changed_by")
    arrangement = rows.filter(locality=place).first() or LocalityArrangement(plan=found, locality=place)
    arrangement.plan, arrangement.locality = found, place
    return Writing(
        plan=found,
        text=arrangement,
        title=f"Arrangements for {place}",
        prompt="What will be done here, by whom, and how it differs from the other localities: the teams and places, "
        "what people who live here asked for, the money that is spent here.",
        source="2014 Act s.29(3)(b)",
        law="The plan sets out, separately for each locality, the arrangements for carrying out the integration "
        "functions in that locality.",
        may_edit=may_edit_arrangement(standing, found, place),
        url=reverse("strategic_plans:arrangement", args=[partnership.slug, found.slug, place.slug]),
    )
