"""What everybody may read, signed in or not: published versions and nothing else."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_safe

from foundation.documents import registry
from foundation.documents.models import Document
from foundation.documents.services import FileGone, open_document
from foundation.frozen import canonical
from partnerships.models import Partnership

from .documents import public_address
from .exports import archive, table_file, tables_of
from .forms import SearchForm, VerifyForm
from .models import PlanVersion
from .reading import Reading, compared_chapters
from .selectors.latest import frozen_block, latest_block
from .selectors.passages import hits_of, passages_matching
from .selectors.plans import (
    earlier_versions,
    files_of,
    newest_number,
    published_plans,
    published_version,
    superseded_words,
    variant_documents,
    versions_of,
    written_document,
)
from .selectors.statements import published_statement
from .selectors.variants import public_variant, slots_of, written_form
from .statement_documents import statement_file
from .statements import Statement
from .variants import variant_context, variant_of, variants_of
from .verification import fingerprint, verdict_on_code, verdict_on_file

NOT_ACCEPTED = 422
PASSAGES_A_PAGE = 20


@require_safe
@login_not_required
def plans(request: HttpRequest) -> HttpResponse:
    return render(request, "strategic_plans/public/plans.html", {"published": published_plans()})


@require_safe
@login_not_required
def search(request: HttpRequest) -> HttpResponse:
    """Passages of every plan in force. Nothing is looked up until somebody asks for something."""
    form = SearchForm(request.GET)
    question = form.question()
    context: dict[str, Any] = {"form": form, "question": question}
    if question.asks:
        page = Paginator(passages_matching(question), PASSAGES_A_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "hits": hits_of(page.object_list, question)}
    return render(request, "strategic_plans/public/search.html", context)


@require_safe
@login_not_required
def partnership(request: HttpRequest, partnership: str) -> HttpResponse:
    found = get_object_or_404(Partnership, slug=partnership)
    context = {"area": found, "published": published_plans(found)}
    return render(request, "strategic_plans/public/partnership.html", context)


@require_safe
@login_not_required
def statement(request: HttpRequest, partnership: str, year: int) -> HttpResponse:
    """The annual financial statement of a year, as it was signed (2014 Act s.39)."""
    area = get_object_or_404(Partnership, slug=partnership)
    signed = published_statement(area, year)
    if signed is None:
        raise Http404("No statement of this year is published.")
    file = statement_file(signed)
    context = {
        "area": area,
        "statement": Statement.from_json(signed.content),
        "file": file if file and file.is_ready else None,
    }
    return render(request, "strategic_plans/public/statement.html", context)


@require_safe
@login_not_required
def plan(request: HttpRequest, partnership: str, plan: str) -> HttpResponse:
    return _contents(request, published_version(partnership, plan), is_newest=True)


@require_safe
@login_not_required
def version(request: HttpRequest, partnership: str, plan: str, number: int) -> HttpResponse:
    return _contents(request, published_version(partnership, plan, number))


@require_safe
@login_not_required
def chapter(request: HttpRequest, partnership: str, plan: str, chapter: str) -> HttpResponse:
    return _chapter(request, published_version(partnership, plan), chapter, is_newest=True)


@require_safe
@login_not_required
def version_chapter(
    request: HttpRequest, partnership: str, plan: str, number: int, chapter: str
) -> HttpResponse:
    return _chapter(request, published_version(partnership, plan, number), chapter)


@require_safe
@login_not_required
def latest(request: HttpRequest, partnership: str, plan: str, number: int, block: str) -> HttpResponse:
    """The figures of today beside those that a live block of the version froze."""
    found = published_version(partnership, plan, number)
    frozen = frozen_block(found, block)
    if frozen is None:
        raise Http404("The version shows no such figures.")
    today = latest_block(found.plan, frozen)
    context = {
        "reading": _reading(found, is_newest=False),
        "edition": found.snapshot.edition,
        "version": found,
        "frozen": frozen,
        "today": today,
        "is_same": today == frozen,
        "day": timezone.localdate(),
    }
    return render(request, "strategic_plans/public/latest.html", context | _notices(found, is_newest=False))


@require_safe
@login_not_required
def versions(request: HttpRequest, partnership: str, plan: str) -> HttpResponse:
    newest = published_version(partnership, plan)
    context = {"newest": newest, "plan": newest.plan, "versions": versions_of(newest.plan)}
    return render(request, "strategic_plans/public/versions.html", context)


@require_safe
@login_not_required
def pdf(request: HttpRequest, partnership: str, plan: str, number: int) -> HttpResponseBase:
    """The PDF of a published version, for everybody; 404 in words while it is still being made."""
    return _document(request, files_of(published_version(partnership, plan, number)).pdf)


@require_safe
@login_not_required
def word(request: HttpRequest, partnership: str, plan: str, number: int) -> HttpResponseBase:
    """The Word file of a published version, as above."""
    return _document(request, files_of(published_version(partnership, plan, number)).word)


@require_safe
@login_not_required
def variant(request: HttpRequest, partnership: str, plan: str, number: int, variant: str) -> HttpResponse:
    """A short form of a version: the plan at a glance, or what it says to one locality."""
    found = published_version(partnership, plan, number)
    edition = found.snapshot.edition
    wanted = variant_of(edition, variant)
    if wanted is None:
        raise Http404("The plan has no such form.")
    context = variant_context(edition, wanted) | {
        "version": found,
        "document": variant_documents(found).get(variant),
        "permanent": reverse("published:variant", args=[partnership, plan, number, variant]),
        "pdf": False,
        **_notices(found, is_newest=False),
    }
    return render(request, "strategic_plans/public/variant.html", context)


@require_safe
@login_not_required
def variant_pdf(
    request: HttpRequest, partnership: str, plan: str, number: int, variant: str
) -> HttpResponseBase:
    found = published_version(partnership, plan, number)
    return _document(request, variant_documents(found).get(variant))


@require_safe
@login_not_required
def written(request: HttpRequest, partnership: str, plan: str, form: str) -> HttpResponse:
    """The plan in easy words or in Gaelic, with what the plan says differently since it was made."""
    found = public_variant(partnership, plan, written_form(form))
    newest = published_version(partnership, plan)
    lags = found.version.number < newest.number
    context = {
        "variant": found,
        "plan": found.plan,
        "newest": newest,
        "document": written_document(found),
        "changed": compared_chapters(found.version.snapshot.edition, newest.snapshot.edition) if lags else [],
        **_notices(newest, is_newest=True),
    }
    return render(request, "strategic_plans/public/written.html", context)


@require_safe
@login_not_required
def written_pdf(request: HttpRequest, partnership: str, plan: str, form: str) -> HttpResponseBase:
    """The PDF of the text that the public reads of this form, as above."""
    return _document(request, written_document(public_variant(partnership, plan, written_form(form))))


@require_safe
@login_not_required
def data(request: HttpRequest, partnership: str, plan: str, number: int) -> HttpResponseBase:
    """The frozen content itself: the bytes of which the version's fingerprint is the SHA-256."""
    found = published_version(partnership, plan, number)
    return _file(
        request,
        canonical(found.snapshot.content),
        "application/json",
        _file_name(found, "json"),
        found.sha256,
    )


@require_safe
@login_not_required
def tables(request: HttpRequest, partnership: str, plan: str, number: int) -> HttpResponseBase:
    found = published_version(partnership, plan, number)
    content = archive(found.snapshot.edition)
    return _file(request, content, "application/zip", _file_name(found, "zip", "tables"))


@require_safe
@login_not_required
def table_list(request: HttpRequest, partnership: str, plan: str, number: int) -> HttpResponse:
    found = published_version(partnership, plan, number)
    edition = found.snapshot.edition
    context = {"version": found, "plan": found.plan, "edition": edition, "tables": tables_of(edition)}
    return render(request, "strategic_plans/public/tables.html", context)


@require_safe
@login_not_required
def table(request: HttpRequest, partnership: str, plan: str, number: int, table: str) -> HttpResponseBase:
    found = published_version(partnership, plan, number)
    wanted = next((each for each in tables_of(found.snapshot.edition) if each.name == table), None)
    if wanted is None:
        raise Http404("The plan has no such table.")
    return _file(
        request, table_file(wanted), "text/csv; charset=utf-8", _file_name(found, "csv", wanted.name)
    )


@require_safe
@login_not_required
def changes(request: HttpRequest, partnership: str, plan: str, number: int) -> HttpResponse:
    """What this version says in other words than one before it: of this plan, or of the plan before."""
    found = published_version(partnership, plan, number)
    others = earlier_versions(found)
    wanted = request.GET.get("with", "")
    other = next((each for each in others if str(each.pk) == wanted), others[0] if others else None)
    context = {
        "version": found,
        "plan": found.plan,
        "others": others,
        "other": other,
        "chapters": compared_chapters(other.snapshot.edition, found.snapshot.edition) if other else [],
    }
    return render(request, "strategic_plans/public/changes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    """Which version a code or a file belongs to, whether the file is unchanged, and whether the plan still stands."""
    form = VerifyForm(request.POST or None, request.FILES or None)
    verdict = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        verdict = (
            verdict_on_file(fingerprint(file.chunks()))
            if file
            else verdict_on_code(form.cleaned_data["code"])
        )
    return render(
        request,
        "strategic_plans/public/verify.html",
        {"form": form, "verdict": verdict},
        status=NOT_ACCEPTED if form.errors else 200,
    )


@require_safe
@login_not_required
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """The same from the address that stands beside the code and in its square."""
    form = VerifyForm({"code": code})
    verdict = verdict_on_code(form.cleaned_data["code"]) if form.is_valid() else None
    status = 200 if verdict and verdict.is_known else 404
    return render(
        request, "strategic_plans/public/verify.html", {"form": form, "verdict": verdict}, status=status
    )


def _document(request: HttpRequest, document: Document | None) -> HttpResponseBase:
    if document is None or not document.is_ready:
        raise Http404("This file is still being made. Come back in a few minutes.")
    etag = f'"{document.sha256}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    try:
        file = open_document(document=document, by=request.user)
    except FileGone:
        raise Http404("This file is not there at the moment.") from None
    response = FileResponse(
        file,
        as_attachment=True,
        filename=document.download_name,
        content_type=registry.get(document.kind).content_type,
    )
    response["ETag"] = etag
    response["Content-Length"] = str(document.size)
    return response


def _file(request: HttpRequest, content: bytes, kind: str, name: str, sha256: str = "") -> HttpResponseBase:
    etag = f'"{sha256 or hashlib.sha256(content).hexdigest()}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "ETag": etag}
    return HttpResponse(content, content_type=kind, headers=headers)


def _file_name(version: PlanVersion, ending: str, what: str = "") -> str:
    parts = [version.plan.partnership.slug, version.plan.slug, f"version-{version.number}", what]
    return f"{'-'.join(part for part in parts if part)}.{ending}"


def _contents(request: HttpRequest, version: PlanVersion, *, is_newest: bool = False) -> HttpResponse:
    reading = _reading(version, is_newest=is_newest)
    return render(
        request,
        "strategic_plans/public/plan.html",
        {
            "reading": reading,
            "edition": reading.edition,
            "version": version,
            "files": files_of(version),
            "variants": variants_of(reading.edition),
            "written": [slot for slot in slots_of(version.plan) if slot.public],
            **_notices(version, is_newest=is_newest),
        },
    )


def _chapter(
    request: HttpRequest, version: PlanVersion, key: str, *, is_newest: bool = False
) -> HttpResponse:
    context = _reading(version, is_newest=is_newest).chapter_context(key)
    if context is None:
        raise Http404("The plan has no such part.")
    return render(
        request,
        "strategic_plans/public/chapter.html",
        context | {"version": version} | _notices(version, is_newest=is_newest),
    )


def _notices(version: PlanVersion, *, is_newest: bool) -> dict[str, object]:
    """What a reader of an older text is told at the top of every page."""
    newest = version.number if is_newest else newest_number(version.plan)
    return {
        "superseded": superseded_words(version.plan),
        "successor": version.plan.superseded_by if superseded_words(version.plan) else None,
        "is_older": version.number < newest,
    }


def _reading(version: PlanVersion, *, is_newest: bool) -> Reading:
    edition = version.snapshot.edition
    where = [version.plan.partnership.slug, version.plan.slug]
    fixed = [*where, version.number]

    def permanent(key: str) -> str:
        return reverse("published:version_chapter", args=[*fixed, key])

    def newest(key: str) -> str:
        return reverse("published:chapter", args=[*where, key])

    return Reading(
        edition=edition,
        fingerprint=version.sha256,
        contents_url=reverse("published:plan", args=where)
        if is_newest
        else reverse("published:version", args=fixed),
        chapter_url=newest if is_newest else permanent,
        permanent_url=permanent,
        address=public_address(edition),
    )
