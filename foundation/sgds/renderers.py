"""How controls become HTML."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

INPUTS = frozenset(
    f"django/forms/widgets/{kind}.html" for kind in ("text", "hidden", "number", "email", "password", "date")
)


class ControlRenderer(TemplatesSetting):
    """Django's own markup; text boxes and lists are written without their templates.

    A list of twenty choices ran some sixty small templates, which was a fifth of a filtered page's time.
    """

    def render(
        self, template_name: str, context: Mapping[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        if template_name in INPUTS:
            return text_box(context["widget"])
        if template_name == "django/forms/widgets/select.html":
            return choice_list(context["widget"])
        return SafeString(super().render(template_name, dict(context), request))


def text_box(widget: Mapping[str, Any]) -> SafeString:
    value = flatatt({"value": widget["value"]})
    return format_html(
        '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, flatatt(widget["attrs"])
    )


def choice_list(widget: Mapping[str, Any]) -> SafeString:
    groups = SafeString("".join(choice_group(label, options) for label, options, _ in widget["optgroups"]))
    return format_html('<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), groups)


def choice_group(label: str | None, options: list[Mapping[str, Any]]) -> str:
    rows = "\n".join(map(choice, options))
    return f'<optgroup label="{escape(label)}">{rows}</optgroup>' if label else rows


def choice(option: Mapping[str, Any]) -> str:
    attributes = flatatt(option["attrs"]) if option["attrs"] else ""
    return (
        f'<option value="{escape(str(option["value"]))}"{attributes}>{escape(str(option["label"]))}</option>'
    )
