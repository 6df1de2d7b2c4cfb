import pytest

from partnerships.models import DelegatedFunction
from tests.factories import DelegatedFunctionFactory, IntegrationModelPeriodFactory, IntegrationSchemeFactory

from .world import World, build_world


@pytest.fixture
def world(partnership, ready_plan, activity, north_lead, cast, settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    DelegatedFunction.objects.filter(partnership=partnership).delete()
    DelegatedFunctionFactory(partnership=partnership)
    IntegrationModelPeriodFactory(partnership=partnership)
    IntegrationSchemeFactory(partnership=partnership)
    return build_world(partnership=partnership, published=ready_plan, activity=activity, cast=cast)
