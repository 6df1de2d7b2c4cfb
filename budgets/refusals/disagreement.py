"""What is refused about a year on which the partners do not agree, and about its payments."""

from __future__ import annotations

from .lines import MoneyRefused


class NotAgreedAlready(MoneyRefused):
    """The state that is to be recorded stands already."""


class StepRefused(MoneyRefused):
    """A step of a dispute that cannot be recorded so."""


class StepChangedMeanwhile(MoneyRefused):
    """Somebody saved the step after this form was opened."""


class ScheduleRefused(MoneyRefused):
    """A payment schedule that does not add up to its contribution, or a contribution that is not paid."""


class ScheduleChangedMeanwhile(MoneyRefused):
    """Somebody saved the schedule after this form was opened."""
