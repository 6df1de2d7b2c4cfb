"""What engagement refuses, each as a fact with a name. The texts are for people and go to the field they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from .models import Activity, Promise


class EngagementRefused(ValidationError):
    """A record that is refused. A form shows it at its field."""


class OutsideThePartnership(EngagementRefused):
    """A locality or an owner that belongs to another partnership."""


class NotYetHappened(EngagementRefused):
    """A day in the future where something is said to have happened."""


class NobodyHeard(EngagementRefused):
    """An activity without a group of people."""


class SubmissionUsed(EngagementRefused):
    """The same form was sent before by somebody else or for another partnership."""


class PromiseNotDone(EngagementRefused):
    """What is not done cannot be told back."""


class PromiseIsKept(EngagementRefused):
    """The promise is done already."""


class ActivityChangedMeanwhile(Exception):
    """Somebody saved the activity after this form was opened; `current` is what they saved."""

    def __init__(self, current: Activity) -> None:
        super().__init__(f"{current} was changed meanwhile")
        self.current = current


class PromiseChangedMeanwhile(Exception):
    """Somebody saved the promise after this form was opened; `current` is what they saved."""

    def __init__(self, current: Promise) -> None:
        super().__init__(f"{current} was changed meanwhile")
        self.current = current
