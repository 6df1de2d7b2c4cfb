"""Used inside the chart and map templates only."""

from django import template

from foundation.sgds.charts.marks import coordinate

register = template.Library()


@register.filter
def xy(value: float) -> str:
    """A coordinate as SVG takes it, whatever the page's language does to decimals."""
    return coordinate(float(value))
