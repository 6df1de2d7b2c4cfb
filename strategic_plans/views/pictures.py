from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms import PictureForm
from ..rules import READ_PLAN, may_add_pictures
from ..selectors.pictures import picture_for
from ..selectors.plans import plan_named
from .frame import NOT_ACCEPTED

# What an address shows never changes; whether a person may see it does, until it is published.
FOR_EVERYBODY = "public, max-age=31536000, immutable"
FOR_THIS_PERSON = "private, no-cache"


@require_safe
@login_not_required
def picture(request: HttpRequest, digest: str) -> HttpResponseBase:
    """A picture of a published plan for everybody, of a draft for those who may read it; to others it is not there."""
    found = picture_for(request.user, digest)
    if found is None:
        raise Http404("There is no such picture.")
    etag = f'"{found.digest}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            file = found.file.open()
        except FileNotFoundError:
            raise Http404("The picture is not there at the moment.") from None
        response = FileResponse(file, content_type=found.media_type)
        response["ETag"] = etag
    response["Cache-Control"] = FOR_EVERYBODY if found.published_at else FOR_THIS_PERSON
    return response


@require_POST
@within_partnership(READ_PLAN)
def add(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponseBase:
    """The uploaded picture is kept; the editor learns its address, or in words why it was not taken."""
    require(may_add_pictures(request.standing, plan_named(partnership, plan)))
    form = PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse(
            {"faults": {name: " ".join(map(str, words)) for name, words in form.errors.items()}},
            status=NOT_ACCEPTED,
        )
    answers = form.cleaned_data
    try:
        kept = services.keep_picture(partnership, answers["file"].read(), request.standing.user)
    except ValidationError as refusal:
        return JsonResponse({"faults": {"file": " ".join(refusal.messages)}}, status=NOT_ACCEPTED)
    return JsonResponse(
        {
            "src": kept.get_absolute_url(),
            "alt": answers["alt"],
            "width": kept.width,
            "height": kept.height,
        }
    )
