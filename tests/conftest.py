pytest_plugins = ["tests.cast", "tests.portfolio", "tests.browser.launching"]
