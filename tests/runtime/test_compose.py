"""docker-compose.yml without a Docker engine: its structure, and each service's own command and health check,
run word for word against a real PostgreSQL and a real Redis."""

import contextlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from integration_portal.local.programs import CHECKOUT
from integration_portal.local.supervisor import Program

from . import debian
from .running import (
    Process,
    ask,
    collected_static_files,
    free_port,
    own_database,
    own_redis_database,
    wait_for,
)

SECRETS = {
    "SECRET_KEY": "a-key-for-this-test-only-" + "0123456789" * 4,
    "PORTAL_HOST": "portal.example.scot",
    "POSTGRES_PASSWORD": "owner",
    "APPLICATION_PASSWORD": "application",
    "REDIS_PASSWORD": "broker",
}
OURS = {"release", "web", "worker", "beat", "operations"}


def interpolate(text: str, environment: dict[str, str]) -> str:
    """As Docker Compose does it: ${NAME}, ${NAME:-default}, ${NAME:?message}."""

    def value(found: re.Match[str]) -> str:
        name, sign, rest = found.group(1), found.group(2) or "", found.group(3) or ""
        if environment.get(name):
            return environment[name]
        assert sign != ":?", f"{name}: {rest}"
        return interpolate(rest, environment) if sign == ":-" else ""

    return re.sub(r"\$\{(\w+)(:[-?])?((?:[^{}]|\$\{[^{}]*\})*)\}", value, text)


def interpolated(part: Any, environment: dict[str, str]) -> Any:
    """Every text of the parsed file with its variables filled in."""
    if isinstance(part, dict):
        return {name: interpolated(value, environment) for name, value in part.items()}
    if isinstance(part, list):
        return [interpolated(value, environment) for value in part]
    return interpolate(part, environment) if isinstance(part, str) else part


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return interpolated(yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text()), SECRETS)


def test_there_is_everything_that_a_portal_needs(compose):
    assert set(compose["services"]) == {"postgres", "redis", *OURS}
    assert compose["services"]["postgres"]["image"].startswith("postgres:18")
    assert compose["services"]["redis"]["image"].startswith("redis:")


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_missing_secret_is_refused_with_its_name(name):
    text = (CHECKOUT / "docker-compose.yml").read_text()
    without = {key: value for key, value in SECRETS.items() if key != name}
    with pytest.raises(AssertionError, match=name):
        interpolate(text, without)


def test_no_secret_stands_in_the_file():
    text = (CHECKOUT / "docker-compose.yml").read_text()
    for line in text.splitlines():
        if re.match(r"\s*\w*(PASSWORD|SECRET|KEY)\w*:", line):
            assert re.search(r":\s*\$\{\w+(:[-?].*)?\}$", line), line


def test_every_long_running_service_says_how_it_is(compose):
    for name in ("postgres", "redis", "web", "worker", "beat"):
        service = compose["services"][name]
        assert service["healthcheck"]["test"][0] == "CMD", name
        assert service["restart"] == "unless-stopped", name


def test_our_containers_have_no_rights_to_lose(compose):
    for name in OURS:
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]


def test_only_the_release_and_operations_know_the_owner(compose):
    knowing = {name for name in OURS if "DATABASE_OWNER_URL" in compose["services"][name]["environment"]}
    assert knowing == {"release", "operations"}


def test_web_worker_and_beat_wait_for_the_release(compose):
    for name in ("web", "worker", "beat"):
        assert compose["services"][name]["depends_on"] == {
            "release": {"condition": "service_completed_successfully"}
        }


def test_data_and_files_lie_in_volumes(compose):
    def mounted(name: str) -> list[str]:
        return [entry.partition(":")[0] for entry in compose["services"][name].get("volumes", [])]

    assert mounted("postgres") == ["postgres-data"]
    assert mounted("redis") == ["redis-data"]
    assert mounted("web") == mounted("worker") == ["files"]
    assert set(compose["volumes"]) == {"postgres-data", "redis-data", "files"}


def test_the_image_runs_without_root_and_says_how_it_is():
    lines = (CHECKOUT / "Dockerfile").read_text().splitlines()
    stages = [line.rpartition(" ")[2] for line in lines if re.match(r"FROM .* AS ", line)]
    assert stages == ["system", "build", "portal", "operations"]
    assert lines.count("USER 10001:10001") == 2
    assert any(
        line.startswith("HEALTHCHECK") and line.endswith('["python", "script/probe", "web"]')
        for line in lines
    )


class Containers:
    """The services' commands as processes, in the environment that the compose file gives them."""

    def __init__(self, compose: dict[str, Any], folder: Path, addresses: dict[str, str]) -> None:
        self.compose = compose
        self.folder = folder
        self.addresses = addresses
        self.running: list[Process] = []

    def environment(self, name: str) -> dict[str, str]:
        """What the service is given, with this machine's database and broker for the names that only Docker knows."""
        given = {key: str(value) for key, value in self.compose["services"][name]["environment"].items()}
        image = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "DJANGO_SETTINGS_MODULE": "integration_portal.settings.production",
            "PORTAL_VAR": str(self.folder / "files"),
            "STATIC_ROOT": collected_static_files(),
            "PYTHONUNBUFFERED": "1",
        }
        return (
            image
            | given
            | {key: value for key, value in self.addresses.items() if key in given or key == "BIND"}
        )

    def command(self, name: str) -> list[str]:
        return shlex.split(self.compose["services"][name]["command"])

    def run(self, name: str) -> str:
        done = subprocess.run(
            self.command(name), env=self.environment(name), cwd=CHECKOUT, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, name: str) -> Process:
        program = Program(name, self.command(name), self.environment(name), folder=str(CHECKOUT))
        process = Process(program, self.folder / f"{name}.log")
        process.start()
        self.running.append(process)
        return process

    def is_healthy(self, name: str) -> bool:
        check = self.compose["services"][name]["healthcheck"]["test"][1:]
        done = subprocess.run(check, env=self.environment(name), cwd=CHECKOUT, timeout=10, check=False)
        return done.returncode == 0


@pytest.fixture(scope="module")
def servers(compose) -> Iterator[tuple[str, str]]:
    """The addresses of a database and a broker as the compose file means them: TCP, with passwords. Debian's own
    servers where they are installed, otherwise those of the test run."""
    with contextlib.ExitStack() as stack:
        redis_command = shlex.split(compose["services"]["redis"]["command"])
        try:
            folder = stack.enter_context(debian.reachable_folder())
            owner_url = stack.enter_context(debian.postgres(folder, SECRETS["POSTGRES_PASSWORD"]))
            redis_url = stack.enter_context(
                debian.redis_server(folder, redis_command, SECRETS["REDIS_PASSWORD"])
            )
        except debian.NotInstalled:
            yield os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"], own_redis_database(10)
        else:
            yield owner_url, redis_url


@pytest.fixture(scope="module")
def containers(compose, servers, tmp_path_factory) -> Iterator[Containers]:
    server_url, redis_url = servers
    with own_database(server_url) as (owner_url, application_url):
        addresses = {
            "DATABASE_URL": application_url,
            "DATABASE_OWNER_URL": owner_url,
            "REDIS_URL": redis_url,
            "BIND": f"127.0.0.1:{free_port()}",
        }
        containers = Containers(compose, tmp_path_factory.mktemp("containers"), addresses)
        yield containers
        for process in reversed(containers.running):
            process.stop()


def test_the_release_prepares_an_empty_database(containers):
    said = containers.run("release")
    assert "Applying partnerships.0001_initial" in said
    assert "The role portal_" in said


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_each_service_becomes_healthy_by_its_own_command(containers, name):
    assert not containers.is_healthy(name)
    process = containers.start(name)
    wait_for(
        lambda: containers.is_healthy(name), f"{name} is healthy", seconds=60, explain=lambda: process.output
    )
    assert containers.is_healthy(name)


def test_the_whole_is_ready_and_sends_people_to_https(containers):
    url = f"http://{containers.addresses['BIND']}"
    host = {"Host": SECRETS["PORTAL_HOST"]}
    status, found = ask(f"{url}/health/ready", headers=host)
    assert (status, found["ready"]) == (200, True)
    assert ask(f"{url}/health/live", headers={"Host": "elsewhere.example"})[0] == 400


def test_log_lines_are_json_with_the_request_id(containers):
    url = f"http://{containers.addresses['BIND']}"
    marked = {
        "Host": SECRETS["PORTAL_HOST"],
        "X-Request-ID": "probe-0123456789",
        "X-Forwarded-Proto": "https",
    }
    ask(f"{url}/nowhere-at-all/", headers=marked)
    web = next(process for process in containers.running if process.program.name == "web")

    def lines() -> list[dict[str, Any]]:
        return [yaml.safe_load(line) for line in web.output.splitlines() if "probe-0123456789" in line]

    found = wait_for(lines, "the request is logged", explain=lambda: web.output)
    access = next(line for line in found if line["logger"] == "gunicorn.access")
    assert (access["path"], access["request_id"]) == ("/nowhere-at-all/", "probe-0123456789")
    assert access["level"] == "INFO"
    assert access["time"]


def test_a_killed_worker_is_noticed(containers):
    worker = next(process for process in containers.running if process.program.name == "worker")
    worker.stop()
    assert not containers.is_healthy("worker")
    worker.start()
    wait_for(lambda: containers.is_healthy("worker"), "the worker is healthy again", seconds=60)
