"""`{% load sgds %}`: the design system's components, and figures and dates as people write them."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from foundation.sgds import errors, formats
from foundation.sgds.charts import Chart
from foundation.sgds.charts.sparks import Spark
from foundation.sgds.forms import FilterForm
from foundation.sgds.maps import Map
from foundation.sgds.statuses import SHAPES, status_named
from foundation.sgds.widgets import CharacterCountTextarea, DateWidget, FoldedCheckboxes, MoneyWidget

register = template.Library()

register.filter("money", formats.money)
register.filter("money_thousands", formats.money_thousands)
register.filter("money_millions", formats.money_millions)
register.filter("number", formats.number)
register.filter("percent", formats.percent)
register.filter("share", formats.share)
register.filter("date_uk", formats.date_uk)

CONTROL_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "ds_checkbox__input"),
    (forms.Select, "ds_select"),
    (forms.FileInput, "ds_file-upload__input"),
    (DateWidget, "ds_input portal-date"),
    (MoneyWidget, "ds_input ds_input--fixed-10 portal-figure"),
    (forms.NumberInput, "ds_input ds_input--fixed-10"),
    (forms.Textarea, "ds_input"),
    (forms.widgets.Input, "ds_input"),
)
ERROR_CLASSES = {
    "ds_input": "ds_input--error",
    "ds_select": "ds_select--error",
    "ds_file-upload__input": "ds_file-upload__input--error",
}


# Form controls


@register.filter
def control_kind(field: BoundField) -> str:
    """Which wrapper the control needs: select, date, money, count or plain."""
    widget = field.field.widget
    if isinstance(widget, forms.SelectMultiple):
        return "plain"
    if isinstance(widget, forms.Select):
        return "select"
    if isinstance(widget, DateWidget):
        return "date"
    if isinstance(widget, MoneyWidget):
        return "money"
    if isinstance(widget, CharacterCountTextarea) and getattr(field.field, "max_length", None):
        return "count"
    return "plain"


@register.filter
def folds(field: BoundField) -> bool:
    """Whether the field's groups of choices open one by one."""
    return isinstance(field.field.widget, FoldedCheckboxes)


@register.filter
def any_chosen(options: Iterable[Mapping[str, Any]]) -> bool:
    return any(option["selected"] for option in options)


@register.filter
def described_by(field: BoundField) -> str:
    """The ids that describe a group of choices: help, hint to choose several, error."""
    ids = [field.aria_describedby or ""]
    if isinstance(field.field.widget, forms.CheckboxSelectMultiple):
        ids.insert(0, f"{field.auto_id}_choose")
    return " ".join(filter(None, ids))


@register.simple_tag
def sgds_field(field: BoundField, **attrs: Any) -> SafeString:
    """The bare control with the design system's classes for its kind and state."""
    widget = field.field.widget
    classes = next((css for kind, css in CONTROL_CLASSES if isinstance(widget, kind)), "")
    own = widget.attrs.get("class", "")
    wrong = ERROR_CLASSES.get(classes.split(" ")[0], "") if field.errors else ""
    # A browser cuts off what is pasted beyond maxlength without a word; the server refuses it in words.
    return field.as_widget(
        attrs={"maxlength": False, **attrs, "class": " ".join(filter(None, [classes, own, wrong]))}
    )


@register.inclusion_tag("sgds/components/error_summary.html")
def error_summary(subject: Any) -> dict[str, Any]:
    """Every fault of the form or formset, with links; nothing when there is none, or when the page has told them.

    A page that tells them above its own text calls this first; `{% crispy %}` would tell them again above the boxes.
    """
    if getattr(subject, "is_summarised", False):
        return {}
    subject.is_summarised = True
    prefix = getattr(subject, "prefix", None) or "form"
    return {"faults": errors.faults(subject), "summary_id": f"errors-{prefix}"}


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """`Error: ` for the page's title when any form on the page did not pass."""
    values = {id(value): value for layer in context.dicts for value in layer.values()}.values()
    # By type, not isinstance: that would wake every lazy value of the page, and with it its queries.
    forms_here = [value for value in values if issubclass(type(value), (BaseForm, BaseFormSet))]
    return "Error: " if any(errors.has_faults(form) for form in forms_here) else ""


@register.inclusion_tag("sgds/components/filter_form.html", takes_context=True)
def filter_form(context: Context, form: FilterForm, submit: str = "Show", action: str = "") -> dict[str, Any]:
    """The boxes of a list's filters in a row; with a way back to the whole list when something is chosen.

    `action` is where on the page its answer stands ("#goes-to"), if not at the top.
    """
    hidden = [field for field in form.hidden_fields() if field.value()]
    request = context.get("request")
    return {
        "fields": [*form.visible_fields(), *hidden],
        "form_show_errors": True,
        "submit": submit,
        "action": action,
        "everything": request.path if request and request.GET and not action else "",
    }


@register.inclusion_tag("sgds/components/table_formset.html")
def table_formset(formset: BaseFormSet, caption: str = "") -> dict[str, Any]:
    """The formset as one table: a header cell for each field, a label for each cell."""
    rows = [
        {
            "label": getattr(form, "row_label", "") or f"Row {position}",
            "form": form,
            "named": bool(getattr(form, "row_label", "")),
        }
        for position, form in enumerate(formset.forms, start=1)
    ]
    sample = formset.forms[0] if formset.forms else formset.empty_form
    return {
        "formset": formset,
        "rows": rows,
        "columns": [(field, control_kind(field)) for field in sample.visible_fields()],
        "caption": caption,
        "table_id": f"table-{formset.prefix}",
    }


@register.simple_tag
def sgds_cell(field: BoundField, row_label: str) -> SafeString:
    """The bare control of a table cell, named by its row and column."""
    return sgds_field(field, **{"aria-label": f"{field.label}, {row_label}"})


# Small things


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """One of the design system's icons, beside words and never instead of them."""
    return format_html(
        '<svg class="ds_icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css_class,
        static("vendor/sgds/images/icons/icons.stack.svg"),
        name,
    )


@register.simple_tag
def tag(name: str, word: str = "") -> SafeString:
    """A state as word, shape and colour: `{% tag "on_track" %}`, `{% tag "due" "Due 3 May 2027" %}`."""
    status = status_named(str(name), str(word))
    return format_html(
        '<span class="ds_tag ds_tag--{} portal-tag"><svg class="portal-tag__shape" width="12" height="12" '
        'viewBox="0 0 12 12" aria-hidden="true" focusable="false"><path d="{}" fill="currentColor" '
        'fill-rule="evenodd"></path></svg>{}</span>',
        status.colour,
        SHAPES[status.shape],
        status.word,
    )


@register.simple_tag
def count_words(count: int, one: str, many: str = "") -> str:
    """`no activities`, `one activity`, `1,204 activities`."""
    return formats.count_in_words(count, one, many)


@register.inclusion_tag("sgds/components/page_heading.html")
def page_heading(
    title: str,
    *,
    over: str = "",
    lead: str = "",
    status: str = "",
    status_word: str = "",
    count: int | None = None,
    one: str = "",
    many: str = "",
) -> dict[str, Any]:
    """The page's h1 with the words above it (`over`), its state, one line below it (`lead`) and its count."""
    words = formats.count_in_words(count, one, many) if count is not None and one else ""
    return {
        "title": title,
        "over": over,
        "lead": lead,
        "status": status,
        "status_word": status_word,
        "count": words[:1].upper() + words[1:],
    }


@register.inclusion_tag("sgds/components/side_navigation.html")
def side_navigation(items: Any, label: str = "Parts") -> dict[str, Any]:
    """Side navigation of objects with label, url and current; `status` and `items` (children) if they have them.

    An item without url is the heading of its children.
    """
    return {"items": side_items(items), "label": label, "list_id": f"side-{slugify(label)}"}


def side_items(items: Iterable[Any]) -> list[dict[str, Any]]:
    """The items as dictionaries, whichever they were, so that a template never mistakes dict.items for children."""
    return [
        {name: value_of(item, name) for name in ("label", "url", "current", "status", "word")}
        | {"children": side_items(value_of(item, "items") or [])}
        for item in items
    ]


def value_of(item: Any, name: str) -> Any:
    return item.get(name, "") if isinstance(item, Mapping) else getattr(item, name, "")


@register.inclusion_tag("sgds/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page, parameter: str = "page") -> dict[str, Any]:
    """Links to the other pages of a list that keep the filters of the address; nothing for a single page."""
    request = context.get("request")
    query = request.GET.copy() if request else {}
    pairs = [(key, value) for key, values in getattr(query, "lists", list)() for value in values]
    kept = [(key, value) for key, value in pairs if key != parameter]

    def address(number: int) -> str:
        return "?" + urlencode([*kept, (parameter, number)])

    numbers = [
        {"number": number, "url": address(number), "current": number == page.number}
        if isinstance(number, int)
        else {"gap": True}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "page": page,
        "numbers": numbers if page.paginator.num_pages > 1 else [],
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


# Drawings


@register.simple_tag
def chart(chart: Chart, *, pdf: bool = False, within: str = "", undrawn: bool = False) -> SafeString:
    """The chart as a figure: title, sentence, drawing, table (folded in a page, open in a PDF).

    `within` tells two of the same apart in one page: it begins the names of the chart's ids. An `undrawn` chart has
    its figures (data-figures) in place of the drawing, for a program that draws it itself.
    """
    return _written_chart(chart, _key(chart.key, within, pdf=pdf), pdf=pdf, undrawn=bool(undrawn))


@lru_cache(maxsize=256)
def _written_chart(chart: Chart, key: str, *, pdf: bool, undrawn: bool) -> SafeString:
    """The same chart is the same markup: a plan that is printed again after a change draws most of them again."""
    context = {"chart": chart, "key": key, "pdf": pdf, "undrawn": undrawn}
    return render_to_string("sgds/charts/chart.html", context)


@register.simple_tag(name="map")
def place_map(drawing: Map, *, pdf: bool = False, within: str = "") -> SafeString:
    """The map as a figure: title, sentence, drawing, and the list beside it with the same numbers."""
    key = _key(drawing.key, within, pdf=pdf)
    return render_to_string("sgds/maps/map.html", {"map": drawing, "key": key, "pdf": pdf})


def _key(key: str, within: str, *, pdf: bool) -> str:
    return "-".join(part for part in (within, "print" if pdf else "", key) if part)


@register.simple_tag
def spark(drawing: Spark) -> SafeString:
    """A sparkline, passed over by assistive technology: the sentence beside it says the same."""
    return render_to_string("sgds/charts/spark.html", {"spark": drawing})


# Blocks: what stands between the tags becomes their content


@register.simple_block_tag
def summary_list(content: str, css_class: str = "") -> SafeString:
    """A list of facts; put `summary_row` blocks inside."""
    return format_html('<dl class="ds_summary-list portal-summary {}">{}</dl>', css_class, content)


@register.simple_block_tag
def summary_row(content: str, key: str, change: str = "", action: str = "Change") -> SafeString:
    """One fact: its name, its value (the content), and a link to change it where `change` is an address."""
    values = {"content": content, "key": key, "change": change, "action": action}
    return render_to_string("sgds/components/summary_row.html", values)


@register.simple_block_tag
def task_list(content: str, label: str = "") -> SafeString:
    """A list of things to do; put `task` blocks inside."""
    return format_html('<ul class="ds_task-list portal-tasks"{}>{}</ul>', aria_label(label), content)


@register.simple_block_tag
def task(
    content: str,
    title: str,
    *,
    url: str = "",
    status: str = "not_started",
    word: str = "",
    action: str = "",
) -> SafeString:
    """One thing to do: title (a link where `url` is given), state, and a line about it (the content).

    `action` with `url` shows a button of its own, and the title is then plain text.
    """
    said, heading, button = content.strip(), title, ""
    if said:
        said = format_html('<div class="ds_task-list__task-summary ds_hint-text">{}</div>', said)
    if url and action:
        button = format_html(
            '<a class="ds_button ds_button--secondary ds_button--small" href="{}">{}</a>', url, action
        )
    elif url:
        heading = format_html('<a class="ds_task-list__task-link" href="{}">{}</a>', url, title)
    return format_html(
        '<li class="ds_task-list__task portal-task"><div class="ds_task-list__task-details">'
        '<p class="ds_task-list__task-heading">{}</p>{}</div>\n<div class="portal-task__state">{}{}</div></li>',
        heading,
        said,
        tag(status, word),
        button,
    )


@register.simple_block_tag
def scroll_table(content: str, label_id: str) -> SafeString:
    """A table that scrolls inside itself on a narrow screen; `label_id` is the id of its caption or heading."""
    return format_html(
        '<div class="portal-scroll" role="region" tabindex="0" aria-labelledby="{}">{}</div>',
        label_id,
        content,
    )


@register.simple_block_tag
def notification(content: str, kind: str = "info", title: str = "", role: str = "") -> SafeString:
    """A message on the page: info, success, warning or error."""
    values = {"content": content, "kind": kind, "title": title, "role": role}
    return render_to_string("sgds/components/notification.html", values)


@register.simple_block_tag
def fold(content: str, summary: str, *, opened: bool = False) -> SafeString:
    """Words that open on demand."""
    values = {"content": content, "summary": summary, "opened": opened}
    return render_to_string("sgds/components/fold.html", values)


@register.simple_block_tag
def law(content: str, source: str, summary: str = "What the law says") -> SafeString:
    """The text of the law behind this page, folded, with its section."""
    values = {"content": content, "summary": summary, "source": source, "law": True}
    return render_to_string("sgds/components/fold.html", values)


@register.simple_block_tag
def confirmation(content: str, title: str) -> SafeString:
    """What has just been done, said at the top of the page that follows."""
    return render_to_string("sgds/components/confirmation.html", {"content": content, "title": title})


@register.simple_block_tag
def empty_state(content: str, title: str, url: str = "", action: str = "") -> SafeString:
    """What would be here, and the first step, where a list has nothing yet."""
    values = {"content": content, "title": title, "url": url, "action": action}
    return render_to_string("sgds/components/empty_state.html", values)


def aria_label(label: str) -> SafeString:
    return format_html(' aria-label="{}"', label) if label else SafeString("")
