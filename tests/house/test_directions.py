"""Foreign keys point to the same or a lower app. Import contracts cannot see a key written as a string."""

import pytest
from django.apps import apps
from django.db.models import Model
from django.db.models.fields.related import RelatedField

HEIGHT = {
    "contenttypes": 0,
    "auth": 0,
    "audit": 1,
    "documents": 1,
    "richtext": 1,
    "sgds": 1,
    "partnerships": 2,
    "localities": 3,
    "outcomes": 4,
    "budgets": 4,
    "engagement": 4,
    "strategic_plans": 5,
    "integration_portal": 6,
}
OURS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in HEIGHT]


def test_every_app_of_ours_has_a_place_in_the_house():
    ours = {config.label for config in apps.get_app_configs() if not _is_third_party(config.path)}
    assert ours <= set(HEIGHT)


def _is_third_party(path: str) -> bool:
    return "site-packages" in path


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_foreign_keys_point_down(model: type[Model]):
    app = model._meta.app_label
    for field in model._meta.get_fields():
        if not isinstance(field, RelatedField):
            continue
        target = field.related_model._meta.app_label
        assert target in HEIGHT, f"{model._meta.label}.{field.name} points outside the house, at {target}"
        is_sibling = target != app and HEIGHT[target] == HEIGHT[app] and HEIGHT[app] > 0
        assert HEIGHT[target] <= HEIGHT[app] and not is_sibling, (
            f"{model._meta.label}.{field.name} points up or sideways, at {target}"
        )
