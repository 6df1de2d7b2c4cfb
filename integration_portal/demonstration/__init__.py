"""The demonstration: Edinburgh's real localities, indicators and 2020/21 budget, and invented work on them."""

# Printed by script/server. It opens nothing but a demonstration: real portals invite people by mail.
PASSWORD = "demonstration-only"  # noqa: S105 - public on purpose
