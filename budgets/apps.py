from django.apps import AppConfig


class BudgetsConfig(AppConfig):
    name = "budgets"

    def ready(self) -> None:
        from localities import parts
        from partnerships import home

        from .selectors import home as said

        home.register_line(20, said.home_line)
        parts.register_part(20, said.locality_part)
