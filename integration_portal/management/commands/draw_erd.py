from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import ForeignKey, ManyToManyField, Model, OneToOneField

APPS = (
    "partnerships",
    "localities",
    "outcomes",
    "budgets",
    "engagement",
    "strategic_plans",
    "audit",
    "documents",
)
PATH = Path(settings.BASE_DIR) / "docs" / "erd.md"


class Command(BaseCommand):
    help = "Write docs/erd.md: the entities, their fields and how they point at each other, from the models."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="fail if the file is not up to date")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        drawn = draw()
        if check:
            if not PATH.exists() or PATH.read_text() != drawn:
                raise CommandError("docs/erd.md is behind the models: run manage.py draw_erd")
            return
        PATH.write_text(drawn)
        self.stdout.write(f"Wrote {PATH.relative_to(settings.BASE_DIR)}")


def draw() -> str:
    """The text of docs/erd.md: one Mermaid diagram per app, made from the models."""
    parts = ["# Entities\n\nMade by `manage.py draw_erd`; a test holds it to the models.\n"]
    for label in APPS:
        lines = [line for model in apps.get_app_config(label).get_models() for line in _entity(model)]
        body = "\n".join(lines)
        parts.append(f"\n## {label}\n\n```mermaid\nerDiagram\n{body}\n```\n")
    return "".join(parts)


def _entity(model: type[Model]) -> list[str]:
    name = model.__name__
    plain = [
        f"        {field.get_internal_type()} {field.name}"
        for field in model._meta.concrete_fields
        if not isinstance(field, ForeignKey)
    ]
    arrows = []
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            kind = "||--o|" if isinstance(field, OneToOneField) else "||--o{"
            arrows.append(f'    {_name(field.related_model)} {kind} {name} : "{field.name}"')
    for field in model._meta.local_many_to_many:
        if isinstance(field, ManyToManyField) and field.remote_field.through._meta.auto_created:  # type: ignore[union-attr]
            arrows.append(f'    {_name(field.related_model)} }}o--o{{ {name} : "{field.name}"')
    return [f"    {name} {{", *plain, "    }", *arrows]


def _name(related: Any) -> str:
    return str(related.__name__)
