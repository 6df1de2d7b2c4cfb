"""Comments beside the paragraphs that they are about, and all comments of a plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape

from django.db.models import Prefetch

from foundation.richtext.cleaning import plain_text
from partnerships.models import User

from ..comparison import Comparison, compare
from ..models import Comment, LocalityArrangement, Plan, Section
from ..models.comments import CommentQuerySet
from ..paragraphs import blocks_of

# Below this likeness of words a paragraph is another one, not the same in a newer form.
ALIKE = 0.5


@dataclass(frozen=True)
class Thread:
    """A comment with its answers; `is_changed` if its paragraph has other words by now."""

    comment: Comment
    answers: tuple[Comment, ...]
    is_changed: bool = False

    @property
    def suggested(self) -> Comparison:
        """From the words that the comment is about to those that it suggests."""
        return compare(*(f"<p>{escape(text)}</p>" for text in (self.comment.quote, self.comment.suggestion)))


@dataclass(frozen=True)
class CommentedBlock:
    number: int
    html: str
    words: str
    threads: tuple[Thread, ...]

    @property
    def opening(self) -> str:
        return " ".join(self.words.split()[:8])

    @property
    def takes_suggestions(self) -> bool:
        return self.html.startswith("<p>")

    @property
    def is_table(self) -> bool:
        return self.html.startswith("<table")


@dataclass(frozen=True)
class CommentedText:
    """The text block by block with its comments; `apart` are about the whole, or about paragraphs that are gone."""

    blocks: tuple[CommentedBlock, ...]
    apart: tuple[Thread, ...]
    open_count: int


def commented_text(text: Section | LocalityArrangement) -> CommentedText:
    """Two queries, whatever there is."""
    blocks = blocks_of(text.body)
    words = [plain_text(block) for block in blocks]
    comments = list(_threads(Comment.objects.of(text))) if text.pk else []
    beside: dict[int, list[Thread]] = defaultdict(list)
    apart = []
    for comment in comments:
        place = place_of(comment.quote, words)
        answers = tuple(comment.answers.all())
        if place is None:
            apart.append(Thread(comment, answers, is_changed=bool(comment.quote)))
        else:
            beside[place].append(Thread(comment, answers, words[place] != comment.quote))
    return CommentedText(
        blocks=tuple(
            CommentedBlock(
                number,
                block,
                words[number],
                tuple(beside[number]),
            )
            for number, block in enumerate(blocks)
        ),
        apart=tuple(apart),
        open_count=sum(not comment.is_settled for comment in comments),
    )


def place_of(quote: str, words: list[str]) -> int | None:
    """Which block says what the quote said, or comes nearest to it; None if none does."""
    if not quote:
        return None
    if quote in words:
        return words.index(quote)
    before = quote.split()
    alike = [SequenceMatcher(None, before, block.split(), autojunk=False).ratio() for block in words]
    best = max(alike, default=0.0)
    return alike.index(best) if best >= ALIKE else None


def comments_of_plan(plan: Plan, *, show: str, person: User) -> list[Comment]:
    """The plan's comments by what is asked for: `open`, `mine` (assigned to the person and open) or `all`."""
    found = Comment.objects.of_plan(plan).filter(parent=None)
    if show != "all":
        found = found.filter(settled_at=None)
    if show == "mine":
        found = found.filter(assigned_to=person)
    return list(_threads(found).order_by("-written_at", "-pk"))


def _threads(found: CommentQuerySet) -> CommentQuerySet:
    people = ("written_by", "assigned_to", "settled_by", "section", "arrangement__locality")
    answers = Comment.objects.select_related("written_by").order_by("written_at", "pk")
    return (
        found.filter(parent=None)
        .select_related(*people)
        .defer("section__body", "section__prompt", "arrangement__body", "arrangement__locality__boundary")
        .prefetch_related(Prefetch("answers", queryset=answers))
    )
