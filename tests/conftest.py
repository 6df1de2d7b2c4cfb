import gc

import pytest

pytest_plugins = ["tests.cast", "tests.portfolio", "tests.browser.launching"]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported stays until the end, so that the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)
