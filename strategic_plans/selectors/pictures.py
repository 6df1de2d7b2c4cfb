from django.contrib.auth.models import AnonymousUser

from partnerships.models import User
from partnerships.permissions import standing_of

from ..models import Picture
from ..rules import READ_PLAN


def picture_for(user: User | AnonymousUser, digest: str) -> Picture | None:
    """The picture, if everybody may see it or this person may read the plans of the partnership that keeps it."""
    found = list(Picture.objects.readable_by(user).filter(digest=digest).select_related("partnership"))
    public = next((picture for picture in found if picture.published_at), None)
    if public or not isinstance(user, User):
        return public
    return next((picture for picture in found if standing_of(user, picture.partnership).may(READ_PLAN)), None)
