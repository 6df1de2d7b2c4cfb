from django import template
from django.utils.safestring import SafeString, mark_safe

from ..imports.word import ADDRESS

register = template.Library()


@register.filter
def pictures_at(html: SafeString, base: str) -> SafeString:
    """The made-safe text of a part that is not applied yet, with its pictures where they can be seen until then."""
    shown = ADDRESS.sub(lambda match: f'src="{base}{int(match["number"], 16)}/"', str(html))
    return mark_safe(shown)  # noqa: S308 - nothing but a number went in
