"""What becomes of a form whose record somebody else may have saved while it was open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.http import HttpRequest, QueryDict

from foundation.sgds.forms import Form, with_revision

from ..forms import RemovalWithReasonForm
from ..models import ReserveMovement, Risk, Saving
from ..refusals import ChangedMeanwhile, MoneyRefused

F = TypeVar("F", bound=Form)


@dataclass(frozen=True)
class Sent(Generic[F]):
    """It is saved, or `form` holds what was typed: with what is wrong, or beside `theirs`, what was saved meanwhile."""

    form: F
    is_saved: bool = False
    theirs: Any = None

    @property
    def status(self) -> int:
        return 409 if self.theirs else 200


def sent(
    request: HttpRequest, form_of: Callable[[QueryDict | None], F], save: Callable[[F], object]
) -> Sent[F]:
    """What was sent is saved if it can be. `form_of` makes the form of what was typed, or an untouched one."""
    form = form_of(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return Sent(form)
    try:
        save(form)
    except MoneyRefused as refusal:
        form.refuse(refusal)
        return Sent(form)
    except ChangedMeanwhile as meanwhile:
        theirs = meanwhile.current
        return Sent(form_of(with_revision(request.POST, theirs.revision)), theirs=theirs)
    return Sent(form, is_saved=True)


def sent_once_read(
    request: HttpRequest, form_of: Callable[[QueryDict | None], F], save: Callable[[F], object], *, name: str
) -> Sent[F]:
    """As `sent`, for what is done to a record that the page shows: the form says so where it was changed meanwhile."""
    done = sent(request, form_of, save)
    if done.theirs:
        done.form.add_error(
            None, f"Somebody changed the {name} while this page was open. Look at it again before you go on."
        )
    return done


def sent_removal(
    request: HttpRequest,
    row: ReserveMovement | Risk | Saving,
    remove: Callable[[RemovalWithReasonForm], object],
    *,
    name: str,
    submit: str,
) -> Sent[RemovalWithReasonForm]:
    """The row of a year is removed if it can be."""
    return sent_once_read(
        request,
        lambda typed: RemovalWithReasonForm(typed, initial={"revision": row.revision}, submit=submit),
        remove,
        name=name,
    )
