from dataclasses import replace
from typing import Any

from django import template

from foundation.sgds.charts import CARD, PAGE

from ..blocks import Reference
from ..editions import BlockPart, Edition
from ..figures import block_figure
from ..rules.blocks import supplied_at
from ..verification import code_of, verify_address

register = template.Library()
register.filter("plan_code", code_of)
register.filter("verify_address", verify_address)


@register.inclusion_tag("strategic_plans/edition/block.html", takes_context=True)
def live_block(context: dict[str, Any], edition: Edition, block: BlockPart, anchor: str) -> dict[str, Any]:
    """What a live block shows, as part of a page or of a PDF; in a draft that lacks its data, what is missing."""
    pdf, version = bool(context.get("pdf")), context.get("version")
    reference = Reference.read(block.reference)
    supply = ("", "")
    if block.missing and reference and not pdf:
        supply = supplied_at(reference, edition.partnership.slug, edition.slug)
    figure = block_figure(edition, block, CARD if pdf else PAGE)
    return {
        "block": block,
        "figure": figure if context.get("with_map", True) else replace(figure, map=None),
        "edition": edition,
        "anchor": anchor,
        "pdf": pdf,
        "undrawn": context.get("undrawn", False),
        "supply": supply,
        "is_live": edition.is_draft and not pdf,
        "version": version if reference and reference.has_latest and "today" not in context else None,
    }
