from dataclasses import replace

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from foundation.richtext import cleaning
from foundation.richtext.notes import numbered_notes

register = template.Library()


@register.filter
def richtext(html: str | None, top: int = 2) -> SafeString:
    """Stored rich text, ready to stand in a page: `{{ section.body|richtext }}`, below an h3 `{{ body|richtext:4 }}`.

    Whatever cleaning would not have let through is removed here again, so a row written past the form is harmless.
    """
    safe = cleaning.made_safe(html or "")
    return mark_safe(cleaning.normalise_headings(safe, top) if top != 2 else safe)  # noqa: S308 - made safe above


@register.filter
def plain_text(html: str | None) -> str:
    """The words of rich text, a line for each block."""
    return cleaning.plain_text(html or "")


@register.simple_block_tag
def footnotes(content: SafeString, prefix: str, level: int = 2) -> SafeString:
    """What stands inside, rendered from stored rich text, with its footnotes numbered and told at its end.

    `{% footnotes "foreword" %}{{ section.body|richtext }}{% endfootnotes %}`; ids begin with the prefix, and `level` is
    that of the heading above the notes. A prefix that is empty leaves the notes where they stand.
    """
    numbered = numbered_notes(content, prefix) if prefix else None
    if numbered is None or not numbered.notes:
        return content
    notes = [replace(note, html=mark_safe(note.html)) for note in numbered.notes]  # noqa: S308 - content is rendered
    told = render_to_string("richtext/notes.html", {"prefix": prefix, "level": level, "notes": notes})
    return mark_safe(numbered.html + told)  # noqa: S308
