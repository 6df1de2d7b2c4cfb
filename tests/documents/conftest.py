from collections.abc import Callable, Iterator

import pytest

from foundation.documents import registry, services
from foundation.documents.models import Document
from foundation.documents.registry import DocumentKind
from tests.factories import UserFactory


@pytest.fixture
def build() -> Callable:
    """What the kind under test does; a test replaces `build.does`."""

    def run(document: Document, progress: registry.Progress) -> bytes:
        run.calls += 1
        return run.does(document, progress)

    run.calls = 0
    run.does = lambda document, progress: b"%PDF-1.7 the plan"
    return run


@pytest.fixture
def kind(build, monkeypatch) -> Iterator[DocumentKind]:
    """A kind of document that everybody called Olive may have."""
    monkeypatch.setattr(registry, "_kinds", {})
    kind = DocumentKind(
        code="plan",
        label="Strategic plan",
        build=build,
        may_download=lambda user, _: user.name.startswith("Olive"),
    )
    registry.register(kind)
    return kind


@pytest.fixture(autouse=True)
def kept_files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def olive(db):
    return UserFactory(name="Olive Officer")


@pytest.fixture
def document(kind, olive) -> Document:
    return request()(by=olive)


def request() -> Callable[..., Document]:
    def ask(**changes) -> Document:
        asked = {
            "kind": "plan",
            "key": "angus-v1",
            "label": "Plan 2026 to 2029",
            "tenant": "angus",
            "by": None,
        }
        return services.request_document(**asked | changes)

    return ask


@pytest.fixture
def ask() -> Callable[..., Document]:
    return request()
