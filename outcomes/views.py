from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from foundation.documents.attachments import attachment
from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership
from partnerships.permissions import VIEW_PARTNERSHIP

from . import selectors
from .charts import indicator_chart
from .exports import findings_csv
from .forms import AsAtForm, IndicatorFilterForm
from .models import Indicator, Outcome
from .sentences import HOW_A_CHANGE_IS_JUDGED


@require_safe
@within_partnership(VIEW_PARTNERSHIP)
def outcome_list(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    outcomes = selectors.outcomes_with_findings(partnership)
    context = {
        "outcomes": outcomes,
        "summary": selectors.outcomes_sentence(selectors.findings_once(outcomes)),
        "principles": selectors.principles(),
        "how_judged": HOW_A_CHANGE_IS_JUDGED,
        "crumbs": crumbs(partnership),
    }
    return render(request, "outcomes/list.html", context)


@require_safe
@within_partnership(VIEW_PARTNERSHIP)
def outcome(request: PartnershipRequest, partnership: Partnership, number: int) -> HttpResponse:
    found = get_object_or_404(Outcome, number=number)
    about = selectors.outcome_with_findings(found, partnership)
    context = {
        "outcome": found,
        "about": about,
        "charts": [(finding, indicator_chart(finding.series)) for finding in about.valued],
        "how_judged": HOW_A_CHANGE_IS_JUDGED,
        "crumbs": crumbs(partnership, str(found)),
    }
    return render(request, "outcomes/outcome.html", context)


@require_safe
@within_partnership(VIEW_PARTNERSHIP)
def indicators(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = IndicatorFilterForm(request.GET)
    findings = selectors.findings_of(form.indicators(), partnership)
    context = {
        "form": form,
        "findings": findings,
        "lists": selectors.by_list(findings),
        "query": request.GET.urlencode(),
        "how_judged": HOW_A_CHANGE_IS_JUDGED,
        "crumbs": crumbs(partnership, "Indicators"),
    }
    return render(request, "outcomes/indicators.html", context)


@require_safe
@within_partnership(VIEW_PARTNERSHIP)
def indicators_csv(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    findings = selectors.findings_of(IndicatorFilterForm(request.GET).indicators(), partnership)
    return attachment(findings_csv(findings), f"indicators-{partnership.slug}.csv")


@require_safe
@within_partnership(VIEW_PARTNERSHIP)
def indicator(request: PartnershipRequest, partnership: Partnership, indicator: str) -> HttpResponse:
    found = get_object_or_404(Indicator.objects.prefetch_related("outcomes"), slug=indicator)
    form = AsAtForm(request.GET or None)
    as_at = form.cleaned_data["as_at"] if form.is_valid() else None
    finding = selectors.Finding(selectors.indicator_series(found, partnership, as_at=as_at))
    context = {
        "indicator": found,
        "finding": finding,
        "chart": indicator_chart(finding.series),
        "values": finding.rows,
        "superseded": selectors.superseded_values(found, partnership),
        "form": form,
        "as_at": as_at,
        "how_judged": HOW_A_CHANGE_IS_JUDGED,
        "crumbs": crumbs(
            partnership, "Indicators", found.code, url=reverse("outcomes:indicators", args=[partnership.slug])
        ),
    }
    return render(request, "outcomes/indicator.html", context)


def crumbs(partnership: Partnership, *labels: str, url: str = "") -> list[dict[str, str]]:
    """The way to the page: the last label is the page itself, `url` is the address of the one before it."""
    home = {"label": "Home", "url": reverse("partnerships:home", args=[partnership.slug])}
    top = {"label": "Outcomes", "url": reverse("outcomes:list", args=[partnership.slug]) if labels else ""}
    addresses = [url] * (len(labels) - 1) + [""]
    return [home, top, *({"label": label, "url": at} for label, at in zip(labels, addresses, strict=False))]
