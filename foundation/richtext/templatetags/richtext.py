from django import template
from django.utils.safestring import SafeString, mark_safe

from foundation.richtext import cleaning

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
