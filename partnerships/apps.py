from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"

    def ready(self) -> None:
        from . import checks, sign_in  # noqa: F401 - what they register counts from here
