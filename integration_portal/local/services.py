"""The database and the broker: those that the environment names, otherwise our own."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from .console import Console
from .folder import Folder
from .postgres import Binaries, EmbeddedPostgres
from .redis import EmbeddedRedis, find_redis
from .supervisor import Supervisor


@dataclass(frozen=True)
class Services:
    """Addresses that answer. `postgres` is our own server, if it is ours."""

    owner_url: str
    application_url: str
    redis_url: str
    postgres: EmbeddedPostgres | None


async def start_services(
    folder: Folder,
    console: Console,
    supervisor: Supervisor,
    environment: Mapping[str, str] = os.environ,
    *,
    durable: bool = True,
) -> Services:
    """PostgreSQL and Redis answer. DATABASE_URL and REDIS_URL always win over servers of our own.

    :raises CannotStart: a server of our own did not come up.
    """
    application_url = environment.get("DATABASE_URL", "")
    owner_url = environment.get("DATABASE_OWNER_URL", "") or application_url
    postgres = None
    if not application_url:
        postgres = await _start_postgres(folder, console, supervisor, durable=durable)
        application_url, owner_url = postgres.application_url(), postgres.owner_url()
    redis_url = environment.get("REDIS_URL", "")
    if not redis_url:
        redis_url = await _start_redis(folder, console, supervisor)
    return Services(owner_url, application_url, redis_url, postgres)


async def _start_postgres(
    folder: Folder, console: Console, supervisor: Supervisor, *, durable: bool
) -> EmbeddedPostgres:
    postgres = EmbeddedPostgres(folder, Binaries.found(), durable=durable)
    what = "Creating a database with" if postgres.is_new else "Starting"
    with console.step(f"{what} PostgreSQL {postgres.binaries.major}"):
        await postgres.create(supervisor)
        postgres.start(supervisor)
        await postgres.ready(supervisor)
    return postgres


async def _start_redis(folder: Folder, console: Console, supervisor: Supervisor) -> str:
    with console.step("Starting Redis"):
        server = EmbeddedRedis(folder, find_redis())
        server.start(supervisor)
        await server.ready(supervisor)
    return server.url
