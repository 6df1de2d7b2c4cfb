from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from foundation.audit import selectors as trail

from .. import exports, selectors, services
from ..forms import AuditFilterForm
from ..guards import PartnershipRequest, within_partnership
from ..models import Partnership
from ..permissions import VIEW_AUDIT
from .crumbs import crumbs

ENTRIES_A_PAGE = 50


def _filter_form(request: PartnershipRequest, partnership: Partnership) -> AuditFilterForm:
    return AuditFilterForm(
        request.GET or None,
        people=trail.actors(tenant=partnership.slug),
        actions=trail.actions(tenant=partnership.slug),
    )


@require_safe
@within_partnership(VIEW_AUDIT)
def audit(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = _filter_form(request, partnership)
    entries = selectors.entry_rows(partnership, **form.chosen)
    page = Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(entry, selectors.action_words(entry.action)) for entry in page],
        "chain": selectors.chain_state(),
        "query": request.GET.urlencode(),
        "crumbs": crumbs(partnership, ("Audit", "")),
    }
    return render(request, "partnerships/audit.html", context)


@require_safe
@within_partnership(VIEW_AUDIT)
def audit_entry(request: PartnershipRequest, partnership: Partnership, pk: int) -> HttpResponse:
    found = selectors.entry_view(partnership, pk)
    if found is None:
        raise Http404("There is no such entry.")
    context = {"found": found, "crumbs": crumbs(partnership, ("Audit", "audit"), (f"Entry {pk}", ""))}
    return render(request, "partnerships/audit_entry.html", context)


@require_safe
@within_partnership(VIEW_AUDIT)
def audit_check(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    """The whole chain is computed again."""
    context = {
        "report": trail.verify_chain(),
        "crumbs": crumbs(partnership, ("Audit", "audit"), ("Check", "")),
    }
    return render(request, "partnerships/audit_check.html", context)


@require_safe
@within_partnership(VIEW_AUDIT)
def audit_download(request: PartnershipRequest, partnership: Partnership) -> HttpResponseBase:
    """What the filters show, as a file; the download is itself recorded."""
    chosen = _filter_form(request, partnership).chosen
    entries = selectors.entry_rows(partnership, **chosen)
    services.record_audit_download(
        partnership=partnership, by=request.standing.user, filters=chosen, count=entries.count()
    )
    response = StreamingHttpResponse(exports.audit_csv(entries), content_type="text/csv; charset=utf-8")
    name = f"{partnership.slug}-audit-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
