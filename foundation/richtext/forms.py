from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django_prose_editor.fields import ProseEditorFormField

from . import cleaning

EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Subscript": True,
    "Superscript": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "SpecialCharacters": True,
    "Fullscreen": True,
    "NoSpellCheck": False,
}

KEYBOARD_HINT = "Alt and F10 moves to the formatting buttons. Escape and then Tab leaves the text."


class RichTextFormField(ProseEditorFormField):
    """Formatted text: cleaned HTML comes out. Without JavaScript it is a plain text box with the HTML in it.

    `help_text` is shown together with how to work the editor by keyboard. The page includes richtext/media.html.
    """

    def __init__(self, *, help_text: str = "", **options: Any) -> None:
        super().__init__(
            extensions=dict(EXTENSIONS),
            help_text=f"{help_text} {KEYBOARD_HINT}".strip(),
            **options,
        )
        self.widget.attrs.setdefault("rows", 16)

    def clean(self, value: Any) -> str:
        """Canonical HTML. Raises ValidationError in words if the text is missing or too long."""
        try:
            clean = cleaning.clean_html(str(value or ""))
        except cleaning.TextTooLong as refusal:
            raise ValidationError(f"{self.label or 'This text'} {refusal}", code="max_length") from None
        return forms.CharField.clean(self, clean)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the words or the formatting differ, not merely how the browser wrote them."""
        try:
            return cleaning.clean_html(str(initial or "")) != cleaning.clean_html(str(data or ""))
        except cleaning.TextTooLong:
            return True
