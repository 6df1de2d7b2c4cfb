"""The PDF and the Word file of a plan, made from a snapshot alone. The same snapshot gives the same bytes."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from foundation.documents import assembly
from foundation.documents.assembly import Book, PageOf
from foundation.documents.models import Document
from foundation.documents.pdf import silent
from foundation.documents.registry import DocumentRefused, Progress
from foundation.documents.word import write_word
from foundation.sgds.charts import CARD
from partnerships.models import Partnership

from .chapters import Chapter, chapters_of
from .editions import Edition
from .figures import generated_part, locality_map
from .models import NamedSnapshot, Picture, Plan, PlanVersion, Snapshot, WrittenVariant
from .selectors.editions import draft_edition
from .squares import square_of, square_picture
from .variants import variant_context, variant_of
from .verification import verify_address

STYLESHEETS = ("documents/print.css", "strategic_plans/plan-print.css")
SQUARE = "square.png"
DRAFT_WORDS = "Draft: not approved, may change"
LAW = "Strategic plan under the Public Bodies (Joint Working) (Scotland) Act 2014, section 29"


def document_book(document: Document) -> Book:
    """What is in the PDF of the snapshot that the document names. Raises DocumentRefused if there is none."""
    return _book_of(document)


def variant_book(document: Document) -> Book:
    """What is in the PDF of the short form that the document names. Raises DocumentRefused if there is none."""
    snapshot = _snapshot_of(document)
    edition = snapshot.edition
    variant = variant_of(edition, document.inputs.get("variant", ""))
    if variant is None:
        raise DocumentRefused("The plan has no such form.")
    context = variant_context(edition, variant) | {"address": public_address(edition), "pdf": True}
    body = _with_pictures(edition, render_to_string("strategic_plans/pdf/variant.html", context))
    return Book(
        title=f"{edition.title}, {variant.title}: {edition.partnership.name}",
        running_title=f"{edition.title}: {variant.title}",
        author=edition.partnership.name,
        description=LAW,
        language="en-GB",
        created=snapshot.taken_at,
        stylesheets=STYLESHEETS,
        mark="draft" if edition.is_draft else "",
        cover=_cover(edition, snapshot.sha256, None, is_drawn=True, form=variant.title),
        chapters=(assembly.Chapter(key=variant.key, title=variant.title, html=body),),
    )


def written_book(document: Document) -> Book:
    """What is in the PDF of a published text in easy words or in Gaelic: that text and nothing in another language.

    Raises DocumentRefused if there is none.
    """
    variant = (
        WrittenVariant.objects.filter(pk=document.inputs.get("written"))
        .select_related("plan__partnership", "version__snapshot")
        .first()
    )
    if variant is None or variant.published_at is None:
        raise DocumentRefused("The text that this document was to be made from is not published.")
    edition = variant.version.snapshot.edition
    context = {"variant": variant, "edition": edition, "address": public_address(edition)}
    body = _with_pictures(edition, render_to_string("strategic_plans/pdf/written.html", context))
    return Book(
        title=variant.title,
        running_title=edition.title,
        author=edition.partnership.name,
        description=LAW,
        language=variant.language,
        created=variant.published_at,
        stylesheets=(*STYLESHEETS, "strategic_plans/written-print.css"),
        chapters=(assembly.Chapter(key=variant.form, title=variant.title, html=body),),
    )


def _snapshot_of(document: Document) -> Snapshot:
    snapshot = Snapshot.objects.filter(pk=document.inputs.get("snapshot")).first()
    if snapshot is None:
        raise DocumentRefused("The text that this document was to be made from is not there any more.")
    return snapshot


def _book_of(document: Document, *, with_drawings: bool = True) -> Book:
    snapshot = _snapshot_of(document)
    named = snapshot.names.filter(pk=document.inputs.get("named")).first()
    return snapshot_book(snapshot, named=named, with_drawings=with_drawings)


def snapshot_book(
    snapshot: Snapshot, *, named: NamedSnapshot | None = None, with_drawings: bool = True
) -> Book:
    """What is in the PDF of a snapshot, dated with the moment at which it was taken, with its label if it has one."""
    return _book(
        snapshot.edition,
        created=named.taken_at if named else snapshot.taken_at,
        fingerprint=snapshot.sha256,
        named=named,
        with_drawings=with_drawings,
    )


def build_word(document: Document, progress: Progress) -> bytes:
    """The Word file of the snapshot that the document names: what the PDF says, with charts that Word draws itself.

    The table of localities says what the maps do. Raises DocumentRefused as above.
    """
    return write_word(_book_of(document, with_drawings=False), progress=progress)


def draft_book(plan: Plan) -> Book:
    """What would be in the PDF of the plan as it stands. A version takes over all chapters but those that name it."""
    edition = draft_edition(plan)
    return _book(edition, created=timezone.now(), fingerprint=edition.sha256)


def build_plan_pdf(version: PlanVersion, *, progress: Progress = silent) -> bytes:
    """The PDF of a published version."""
    return assembly.produce(snapshot_book(version.snapshot), progress=progress)


def build_snapshot_pdf(snapshot: Snapshot, *, progress: Progress = silent) -> bytes:
    """The PDF of a snapshot."""
    return assembly.produce(snapshot_book(snapshot), progress=progress)


def _book(
    edition: Edition,
    *,
    created: datetime,
    fingerprint: str,
    named: NamedSnapshot | None = None,
    with_drawings: bool = True,
) -> Book:
    chapters = chapters_of(edition)
    return Book(
        title=f"{edition.title}: {edition.partnership.name}",
        running_title=edition.title,
        author=edition.partnership.name,
        description=LAW,
        language="en-GB",
        created=created,
        stylesheets=STYLESHEETS,
        mark="draft" if edition.is_draft else "",
        mark_words=_draft_words(named) if edition.is_draft else "",
        cover=_cover(edition, fingerprint, named, is_drawn=with_drawings),
        contents=partial(_contents, chapters),
        chapters=tuple(_printed(edition, chapters, with_drawings=with_drawings)),
    )


def _draft_words(named: NamedSnapshot | None) -> str:
    """What the foot of each page of a draft says."""
    return f"Draft, {named.label}: not approved, may change" if named else DRAFT_WORDS


def _cover(
    edition: Edition, fingerprint: str, named: NamedSnapshot | None, *, is_drawn: bool, form: str = ""
) -> assembly.Chapter:
    """The cover, with the square that leads to the page on which the code is checked, drawn or as a picture.

    `form` names the short form of the plan that it is the cover of.
    """
    address = public_address(edition)
    checked_at = verify_address(fingerprint) if address else ""
    context = {
        "edition": edition,
        "law": LAW,
        "named": named,
        "form": form,
        "address": address,
        "fingerprint": fingerprint,
        "square": square_of(checked_at) if checked_at else None,
        "square_words": f"Square code (QR) that leads to {checked_at}",
        "square_file": "" if is_drawn else SQUARE,
    }
    return assembly.Chapter(
        key="cover",
        title="Cover",
        html=render_to_string("strategic_plans/pdf/cover.html", context),
        files={SQUARE: square_picture(checked_at)} if checked_at and not is_drawn else {},
    )


def _contents(chapters: Sequence[Chapter], page_of: PageOf) -> str:
    entries = [(chapter, page_of(chapter.anchor)) for chapter in chapters]
    context = {"entries": entries, "summary_page": page_of("part-summary")}
    return render_to_string("strategic_plans/pdf/contents.html", context)


def _printed(
    edition: Edition, chapters: Sequence[Chapter], *, with_drawings: bool
) -> Iterator[assembly.Chapter]:
    """The runs of chapters that follow one another without a new page: each is rendered and kept as one."""
    titles, parts = ["The plan on a page"], [_summary(edition, with_map=with_drawings)]
    after_one_alone = False
    for chapter in chapters:
        if chapter.opens_page or after_one_alone:
            yield _run(titles, parts)
            titles, parts = [], []
        after_one_alone = chapter.stands_alone
        titles.append(chapter.heading)
        parts.append(_written(edition, chapter, with_map=with_drawings))
    yield _run(titles, parts)


def _run(titles: Sequence[str], parts: Sequence[str]) -> assembly.Chapter:
    title = titles[0] if len(titles) == 1 else f"{titles[0]} to {titles[-1]}"
    return assembly.Chapter(key=titles[0], title=title, html="".join(parts))


def _with_pictures(edition: Edition, html: str) -> str:
    """The text with pictures under the addresses of `picture_file`, which say whose plan shows them."""
    return html.replace('<img src="/pictures/', f'<img src="/pictures/{edition.partnership.slug}/')


def picture_file(name: str) -> bytes | None:
    """The bytes of the picture PARTNERSHIP/DIGEST, if a plan of that partnership may show it."""
    slug, _, digest = name.partition("/")
    partnership = Partnership.objects.filter(slug=slug).first()
    picture = Picture.objects.usable_in(partnership).filter(digest=digest).first() if partnership else None
    if picture is None:
        return None
    with picture.file.open() as file:
        return bytes(file.read())


def _summary(edition: Edition, *, with_map: bool) -> str:
    context = {"edition": edition, "map": locality_map(edition) if with_map else None}
    return render_to_string("strategic_plans/pdf/summary.html", context)


def _written(edition: Edition, chapter: Chapter, *, with_map: bool) -> str:
    part = generated_part(edition, chapter, sheet=CARD)
    if not with_map:
        part.pop("map", None)
    context = {
        "edition": edition,
        "chapter": chapter,
        "part": part,
        "address": public_address(edition),
        "pdf": True,
        "with_map": with_map,
        # Word draws charts itself, from their figures.
        "undrawn": not with_map,
        # Word has footnotes of its own, which are made from those in the text.
        "notes": chapter.anchor if with_map else "",
    }
    return _with_pictures(edition, render_to_string("strategic_plans/pdf/chapter.html", context))


def public_address(edition: Edition) -> str:
    """Where a published edition is read on the web, for good; nothing for a draft."""
    if edition.publication is None:
        return ""
    path = reverse(
        "published:version", args=[edition.partnership.slug, edition.slug, edition.publication.number]
    )
    return f"{settings.PORTAL_URL}{path}"
