"""`{% load outcomes %}`: how findings look."""

from django import template
from django.utils.safestring import SafeString

from foundation.sgds.templatetags.sgds import tag
from outcomes.enums import Direction

register = template.Library()

# Each direction borrows shape and colour of a state of the design system; the word is its own.
LOOKS = {
    Direction.BETTER: "on_track",
    Direction.WORSE: "at_risk",
    Direction.HIGHER: "in_progress",
    Direction.LOWER: "in_progress",
    Direction.NO_CLEAR_CHANGE: "not_applicable",
    Direction.NOT_COMPARABLE: "not_started",
    Direction.ONE_VALUE: "not_started",
    Direction.NO_VALUE: "not_reported",
}


@register.simple_tag
def direction_tag(direction: Direction) -> SafeString:
    """The direction as word, shape and colour."""
    return tag(LOOKS[direction], str(direction.label))
