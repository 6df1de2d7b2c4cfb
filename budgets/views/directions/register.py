"""The register of directions and one direction's page."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from foundation.documents.attachments import attachment
from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from ...documents.directions import letter_of
from ...exports.directions import DIRECTION_COLUMNS, directions_csv
from ...forms.directions import DirectionFilterForm, RevisionOnlyForm
from ...rules import VIEW_BUDGETS
from ...rules.directions import (
    MAKE_LETTER,
    PREPARE_DIRECTIONS,
    VIEW_COVERAGE,
    VIEW_DIRECTIONS,
    duty_words,
    sees_own_body_only,
)
from ...selectors.directions import direction_record, direction_rows, directions_shown
from ...selectors.savings import savings_carried_by
from .frame import acts_on, around_directions, direction_of, revocation_of

DIRECTIONS_A_PAGE = 50


@require_GET
@within_partnership(VIEW_DIRECTIONS)
def direction_list(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = DirectionFilterForm(request.GET, partnership=partnership)
    page = Paginator(directions_shown(request.standing, form.filters()), DIRECTIONS_A_PAGE).get_page(
        request.GET.get("page")
    )
    csv_url = f"{reverse('budgets:directions_csv', args=[partnership.slug])}?{request.GET.urlencode()}"
    return render(
        request,
        "budgets/directions/list.html",
        around_directions(
            request,
            form=form,
            page=page,
            rows=direction_rows(page.object_list),  # type: ignore[arg-type]  # the paginator was given a queryset
            may_prepare=bool(request.standing.may(PREPARE_DIRECTIONS)),
            may_see_coverage=bool(request.standing.may(VIEW_COVERAGE)),
            own_body_only=sees_own_body_only(request.standing),
            columns=DIRECTION_COLUMNS,
            csv_url=csv_url,
        ),
    )


@require_GET
@within_partnership(VIEW_DIRECTIONS)
def direction_file(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    chosen = DirectionFilterForm(request.GET, partnership=partnership).filters()
    shown = direction_rows(directions_shown(request.standing, chosen))
    return attachment(directions_csv(shown), f"{partnership.slug}-directions.csv")


@require_GET
@within_partnership(VIEW_DIRECTIONS)
def direction(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    record = direction_record(found)
    return render(
        request,
        "budgets/directions/direction.html",
        around_directions(
            request,
            direction=found,
            record=record,
            content=record.content,
            acts=acts_on(request.standing, found, record),
            # A body hears of it once it is decided.
            revocation=None if sees_own_body_only(request.standing) else revocation_of(found),
            duty=duty_words(record.model),
            savings=savings_carried_by(found) if request.standing.may(VIEW_BUDGETS) else (),
            letter=letter_of(found),
            may_make_letter=bool(request.standing.may(MAKE_LETTER)),
            prepare_form=RevisionOnlyForm(initial={"revision": found.revision}),
        ),
    )
