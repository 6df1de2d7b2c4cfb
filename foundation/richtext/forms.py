import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from . import cleaning

KEYBOARD_HINT = "Alt and F10 moves to the formatting buttons; Escape and then Tab leaves the text."

_BLOCK_END = re.compile(r"(</(?:p|h[2-4]|li|ul|ol|blockquote|tr|thead|tbody|table|caption|figure)>)(?=<)")


class RichTextWidget(forms.Textarea):
    """A text box that becomes an editor where richtext/media.html is included and JavaScript runs."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 16, "data-richtext": True} | (attrs or {}))

    def format_value(self, value: Any) -> str | None:
        """The HTML with a line for each block: without the editor a person reads it as it stands."""
        text = super().format_value(value)
        return _BLOCK_END.sub(r"\1\n", text) if text else text


class RichTextFormField(forms.CharField):
    """Formatted text. `cleaned_data` holds canonical HTML (see cleaning.clean_html), "" if nothing was written.

    The hint tells how to work the editor by keyboard, after `help_text`. Text typed without any markup, as people do
    without JavaScript, becomes a paragraph at each blank line.
    """

    widget = RichTextWidget

    def __init__(self, *, help_text: str = "", **options: Any) -> None:
        super().__init__(help_text=f"{help_text} {KEYBOARD_HINT}".strip(), **options)

    def to_python(self, value: Any) -> str:
        """Canonical HTML. Raises ValidationError in words for text that cannot be kept."""
        try:
            return cleaning.clean_typed(str(value or ""))
        except cleaning.TextTooLong as refusal:
            raise ValidationError(f"{self.label or 'This text'} {refusal}", code="max_length") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the words or the formatting differ, not merely how a browser writes them."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True
