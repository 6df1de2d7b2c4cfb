from django.apps import AppConfig


class EngagementConfig(AppConfig):
    name = "engagement"

    def ready(self) -> None:
        from localities import parts
        from partnerships import home

        from .selectors import home as said

        home.register_line(40, said.engagement_line)
        home.register_line(50, said.promises_line)
        home.register_due(said.promises_due)
        parts.register_part(40, said.locality_part)
