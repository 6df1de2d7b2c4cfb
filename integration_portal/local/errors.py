class CannotStart(Exception):
    """The local system cannot run. The message says what is wrong and what to do; no stack trace is shown."""
