from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = "Partnership and people"

    def ready(self) -> None:
        from . import checks, home, selectors, sign_in  # noqa: F401 - what they register counts from here

        home.register_due(selectors.scheme_due)
        home.register_due(selectors.roles_due)
