"""One machine, one command: what script/server and script/test run.

PostgreSQL and Redis come as supervised children unless the environment names others, so a newcomer needs no
server of their own. Nothing in the portal imports this package; production does not use it.
"""
