from django.urls import path, register_converter

from .views import pictures


class Digest:
    """A SHA-256 as the portal writes it."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Digest, "sha256")

app_name = "pictures"

urlpatterns = [path("<sha256:digest>", pictures.picture, name="picture")]
