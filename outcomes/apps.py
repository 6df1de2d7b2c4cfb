from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "outcomes"

    def ready(self) -> None:
        from partnerships import home

        from . import selectors

        home.register_line(30, selectors.home_line)
