from pathlib import Path

import pytest

pytest_plugins = ["tests.cast", "tests.portfolio"]

# Tests that start real systems or a browser share one worker: they start them once, and one broker's database each.
REAL = {"runtime", "system"}
REAL_FIXTURES = {"browser", "page", "system"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tests = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(tests).parts[0]
        if folder in REAL or REAL_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group("real system"))
