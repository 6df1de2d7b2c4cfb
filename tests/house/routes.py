"""Every address of the portal, read from the address table itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

# Addresses of libraries, which have tests and guards of their own.
LIBRARIES = ("accounts/",)


@dataclass(frozen=True)
class Route:
    name: str
    address: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


def our_routes() -> list[Route]:
    """All named addresses except those of libraries, in alphabetical order of their names."""
    return sorted(_walk(get_resolver(), "", ""), key=lambda route: route.name)


def _walk(resolver: URLResolver, address: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        here = address + str(entry.pattern)
        if here.startswith(LIBRARIES):
            continue
        if isinstance(entry, URLResolver):
            deeper = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, here, deeper)
        elif isinstance(entry, URLPattern):
            assert entry.name, f"{here} has no name"
            arguments = tuple(_arguments(here))
            yield Route(namespace + entry.name, here, arguments)


def _arguments(address: str) -> Iterator[str]:
    for part in address.split("<")[1:]:
        yield part.split(">")[0].split(":")[-1]
