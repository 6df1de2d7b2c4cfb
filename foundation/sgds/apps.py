from django.apps import AppConfig


class SgdsConfig(AppConfig):
    name = "foundation.sgds"
    label = "sgds"
