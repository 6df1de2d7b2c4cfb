from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "foundation.audit"
    label = "audit"

    def ready(self) -> None:
        from . import celery_context

        celery_context.connect()
