"""The plan as the public will read it, shown to those who may read the draft."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from ..reading import Reading
from ..rules import READ_PLAN
from ..selectors.editions import draft_edition
from ..selectors.plans import plan_named


@require_safe
@within_partnership(READ_PLAN)
def contents(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    reading = _reading(partnership, plan)
    return render(
        request, "strategic_plans/public/plan.html", {"reading": reading, "edition": reading.edition}
    )


@require_safe
@within_partnership(READ_PLAN)
def chapter(request: PartnershipRequest, partnership: Partnership, plan: str, chapter: str) -> HttpResponse:
    reading = _reading(partnership, plan)
    context = reading.chapter_context(chapter)
    if context is None:
        raise Http404("The plan has no such part.")
    return render(request, "strategic_plans/public/chapter.html", context)


def _reading(partnership: Partnership, slug: str) -> Reading:
    plan = plan_named(partnership, slug)
    where = [partnership.slug, plan.slug]
    edition = draft_edition(plan)
    return Reading(
        edition=edition,
        fingerprint=edition.sha256,
        contents_url=reverse("strategic_plans:preview", args=where),
        chapter_url=lambda key: reverse("strategic_plans:preview_chapter", args=[*where, key]),
        is_preview=True,
        back_url=plan.get_absolute_url(),
    )
