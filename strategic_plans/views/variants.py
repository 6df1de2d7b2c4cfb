"""Forms of a published plan that people write: easy read, Gaelic."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.documents.tasks import enqueue
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..comparison import Comparison, compare
from ..enums import WrittenForm
from ..forms import PublishVariantForm, WrittenVariantForm
from ..models import Plan, WrittenVariant
from ..rules import PUBLISH_PLAN, READ_PLAN, may_publish_variant, may_write_variant
from ..selectors.plans import plan_named
from ..selectors.variants import in_hand, last_public, slots_with_pdfs, version_choices, written_form
from .frame import CONFLICT, NOT_ACCEPTED, render_in_workspace


@require_safe
@within_partnership(READ_PLAN)
def variant_list(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    return _list_page(request, plan_named(partnership, plan))


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(READ_PLAN)
def written_variant(
    request: PartnershipRequest, partnership: Partnership, plan: str, form: str
) -> HttpResponse:
    found = plan_named(partnership, plan)
    kind = written_form(form)
    if request.method != "POST":
        return _write_page(request, found, kind)
    require(may_write_variant(request.standing, found))
    sent = WrittenVariantForm(request.POST, **_offers(found))
    if not sent.is_valid():
        return _write_page(request, found, kind, sent, status=NOT_ACCEPTED)
    values = sent.cleaned_data
    try:
        services.save_variant(
            plan=found,
            form=kind,
            version=sent.made_for,
            title=values["title"],
            body=values["body"],
            expected_revision=values["revision"],
            by=request.standing.user,
        )
    except services.VariantChanged as change:
        return _write_page(request, found, kind, sent, theirs=change.variant, status=CONFLICT)
    except services.VariantRefused as refusal:
        sent.add_error(None, str(refusal))
        return _write_page(request, found, kind, sent, status=CONFLICT)
    messages.success(request, f"{kind.label}: saved. Nobody outside reads it until it is published.")
    address = reverse("strategic_plans:written_variant", args=[partnership.slug, plan, form])
    return redirect(f"{address}?saved={values['page']}" if values["page"] else address)


@require_POST
@within_partnership(PUBLISH_PLAN)
def publish_variant(
    request: PartnershipRequest, partnership: Partnership, plan: str, form: str
) -> HttpResponse:
    found = plan_named(partnership, plan)
    require(may_publish_variant(request.standing, found))
    kind = written_form(form)
    row = in_hand(found, kind)
    sent = PublishVariantForm(request.POST)
    if row is None or not sent.is_valid():
        return _list_page(request, found, "There is no text in hand that could be published.", CONFLICT)
    row.plan = found
    try:
        published = services.publish_variant(
            variant=row, expected_revision=sent.cleaned_data["revision"], by=request.standing.user
        )
    except services.VariantChanged:
        return _list_page(
            request,
            found,
            "The text was saved again after you opened the page. Read it, then publish it.",
            CONFLICT,
        )
    except services.VariantRefused as refusal:
        return _list_page(request, found, str(refusal), CONFLICT)
    enqueue(services.request_written_pdf(variant=published, by=request.standing.user))
    messages.success(request, f"{kind.label}: published for everybody. Its PDF is being made.")
    return redirect(reverse("strategic_plans:variants", args=[partnership.slug, plan]))


def _list_page(request: PartnershipRequest, plan: Plan, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        "slots": slots_with_pdfs(plan),
        "refusal": refusal,
        "may_write": may_write_variant(request.standing, plan),
        "may_publish": may_publish_variant(request.standing, plan),
    }
    return render_in_workspace(request, plan, "variants", context, "Easy read and Gaelic", status=status)


def _write_page(
    request: PartnershipRequest,
    plan: Plan,
    kind: WrittenForm,
    sent: WrittenVariantForm | None = None,
    *,
    theirs: WrittenVariant | None = None,
    status: int = 200,
) -> HttpResponse:
    """The text in hand, or a copy of the public one to begin from. What was sent stands beside what was saved since."""
    row = theirs or in_hand(plan, kind)
    offers = _offers(plan)
    may_write = may_write_variant(request.standing, plan)
    begun = row or last_public(plan, kind)
    if sent is None and may_write:
        sent = WrittenVariantForm(
            initial={
                "title": begun.title if begun else "",
                "body": begun.body if begun else "",
                "version": row.version.number if row else offers["versions"][0].number,
                "revision": row.revision if row else 0,
            },
            **offers,
        )
    is_changed = bool(sent and status == CONFLICT and not sent.errors)
    if is_changed:
        # Saving again puts what was typed in place of what is saved now, which the person has seen beside it.
        again = request.POST.copy()
        again["revision"] = str(row.revision if row else 0)
        sent = WrittenVariantForm(again, **offers)
    context = {
        "form": sent,
        "kind": kind,
        "row": row,
        "text": begun,
        "may_write": may_write,
        "is_changed": is_changed,
        "difference": _difference(row, sent) if is_changed and sent else None,
    }
    labels = (("Easy read and Gaelic", f"{plan.get_absolute_url()}variants/"), kind.label)
    return render_in_workspace(request, plan, "variant_write", context, *labels, status=status)


def _difference(row: WrittenVariant | None, sent: WrittenVariantForm) -> Comparison | None:
    """What was typed against what is saved now."""
    return compare(row.body if row else "", sent.cleaned_data["body"]) if sent.is_valid() else None


def _offers(plan: Plan) -> dict[str, Any]:
    """What the form needs to know of the plan: its versions, and where its pictures go."""
    return {
        "versions": version_choices(plan),
        "pictures": reverse("strategic_plans:add_picture", args=[plan.partnership.slug, plan.slug]),
    }
