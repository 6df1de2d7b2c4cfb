from django.apps import AppConfig


class StrategicPlansConfig(AppConfig):
    name = "strategic_plans"
