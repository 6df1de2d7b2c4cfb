pytest_plugins = ["tests.cast", "tests.portfolio"]
