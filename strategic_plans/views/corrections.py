"""Minor corrections of a published version: pick its parts, put the words right, read the difference, publish."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from foundation.richtext.cleaning import TextTooLong
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..chapters import Chapter, chapters_of
from ..forms import CorrectionForm
from ..models import PlanVersion
from ..reading import compared_chapters
from ..rules import PUBLISH_PLAN, may_correct_plan
from ..selectors.plans import newest_number, plan_named, version_numbered
from .frame import CONFLICT, NOT_ACCEPTED, crumbs
from .versions import enqueue_all


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(PUBLISH_PLAN)
def correct(request: PartnershipRequest, partnership: Partnership, plan: str, number: int) -> HttpResponse:
    found = plan_named(partnership, plan)
    require(may_correct_plan(request.standing, found))
    version = version_numbered(found, number)
    chapters = [chapter for chapter in chapters_of(version.snapshot.edition) if chapter.paragraphs]
    wanted = request.POST.getlist("part") or request.GET.getlist("part")
    picked = [chapter for chapter in chapters if chapter.key in wanted]
    if not picked:
        return _page(request, version, "pick", {"chapters": chapters, "is_newest": _is_newest(version)})
    if request.method != "POST":
        return _write_page(request, version, picked, CorrectionForm(chapters=picked))
    form = CorrectionForm(request.POST, chapters=picked)
    if not form.is_valid():
        return _write_page(request, version, picked, form, status=NOT_ACCEPTED)
    if "again" in request.POST:
        return _write_page(request, version, picked, form)
    return (
        _publish(request, version, picked, form)
        if "publish" in request.POST
        else _review(request, version, picked, form)
    )


def _review(
    request: PartnershipRequest, version: PlanVersion, picked: list[Chapter], form: CorrectionForm
) -> HttpResponse:
    """The difference, word by word, before anything is public."""
    before = version.snapshot.edition
    try:
        after = services.corrected(before, form.texts)
    except services.CorrectionRefused as refusal:
        form.add_error(None, str(refusal))
        return _write_page(request, version, picked, form, status=NOT_ACCEPTED)
    context = {"form": form, "picked": picked, "chapters": compared_chapters(before, after)}
    return _page(request, version, "review", context)


def _publish(
    request: PartnershipRequest, version: PlanVersion, picked: list[Chapter], form: CorrectionForm
) -> HttpResponse:
    try:
        made = services.correct_version(
            plan=version.plan,
            number=version.number,
            texts=form.texts,
            reason=form.cleaned_data["reason"],
            by=request.standing.user,
        )
    except services.CorrectedMeanwhile as refusal:
        form.add_error(None, str(refusal))
        return _write_page(request, version, picked, form, status=CONFLICT)
    except (services.CorrectionRefused, TextTooLong) as refusal:
        form.add_error(None, str(refusal))
        return _write_page(request, version, picked, form, status=NOT_ACCEPTED)
    enqueue_all(services.request_version_files(version=made, by=request.standing.user))
    messages.success(
        request, f"The correction is published as version {made.number}. Its files are being made."
    )
    return redirect(made)


def _write_page(
    request: PartnershipRequest,
    version: PlanVersion,
    picked: list[Chapter],
    form: CorrectionForm,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "picked": picked, "is_newest": _is_newest(version)}
    return _page(request, version, "write", context, status=status)


def _page(
    request: PartnershipRequest,
    version: PlanVersion,
    step: str,
    context: dict[str, object],
    status: int = 200,
) -> HttpResponse:
    way = (
        ("Versions", f"{version.plan.get_absolute_url()}versions/"),
        (f"Version {version.number}", version.get_absolute_url()),
        "Correct it",
    )
    frame = {
        "plan": version.plan,
        "version": version,
        "crumbs": crumbs(version.plan.partnership, version.plan, *way),
    }
    return render(request, f"strategic_plans/correction_{step}.html", frame | context, status=status)


def _is_newest(version: PlanVersion) -> bool:
    return version.number == newest_number(version.plan)
