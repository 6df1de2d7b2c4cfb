"""Text boxes and lists are written without Django's templates, and say the same."""

import re
from decimal import Decimal

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from foundation.sgds.renderers import ControlRenderer
from foundation.sgds.widgets import DateWidget, MoneyWidget

GROUPED = [
    ("", "Any"),
    ("North", [("a&b", "A & <b>"), ("7", "7")]),
    ("South", [(8, mark_safe("<i>eight</i>"))]),
]
CONTROLS = {
    "text": (forms.TextInput(attrs={"maxlength": 20, "spellcheck": False, "autofocus": True}), '"><script>'),
    "empty text": (forms.TextInput(), None),
    "number": (forms.NumberInput(attrs={"min": 0}), 12),
    "hidden": (forms.HiddenInput(), "x"),
    "password": (forms.PasswordInput(), "never shown again"),
    "date": (DateWidget(), "31 March"),
    "money": (MoneyWidget(), Decimal("1234.50")),
    "list": (forms.Select(choices=GROUPED), "a&b"),
    "list of many": (forms.SelectMultiple(choices=GROUPED), ["7", "8"]),
    "list with nothing chosen": (forms.Select(choices=[("a", "A")], attrs={"class": "wide"}), None),
}


def pieces(html: str) -> list[str]:
    return [" ".join(piece.split()) for piece in re.split(r"(?<=>)|(?=<)", html) if piece.strip()]


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_is_what_django_would_have_written(name):
    widget, value = CONTROLS[name]
    ours = widget.render("box", value, {"id": "id_box"}, renderer=ControlRenderer())
    djangos = widget.render("box", value, {"id": "id_box"}, renderer=DjangoTemplates())
    as_text = {mark_safe("<i>eight</i>"): "&lt;i&gt;eight&lt;/i&gt;"}  # a label is text, whoever wrote it
    for markup, text in as_text.items():
        djangos = djangos.replace(markup, text)
    assert sorted_attributes(ours) == sorted_attributes(djangos)


def sorted_attributes(html: str) -> list[str]:
    """Each tag with its attributes in one order, and each text."""
    return [
        " ".join(sorted(re.findall(r'[^\s"=<>]+(?:="[^"]*")?', piece))) if piece[0] == "<" else piece
        for piece in pieces(html)
    ]
