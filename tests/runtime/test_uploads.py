"""Files that are larger than the portal takes are thrown away while they arrive."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

KILOBYTE = 1024


@pytest.fixture
def sent(settings):
    settings.LARGEST_UPLOAD = 200 * KILOBYTE

    def send(*sizes: int):
        files = {
            f"file{number}": SimpleUploadedFile(f"{number}.bin", b"x" * size)
            for number, size in enumerate(sizes)
        }
        request = RequestFactory().post("/", {**files, "words": "kept"})
        assert request.POST["words"] == "kept"
        return request

    return send


def test_a_file_at_the_limit_arrives_whole(sent):
    request = sent(200 * KILOBYTE)
    assert request.FILES["file0"].size == 200 * KILOBYTE
    assert not hasattr(request, "upload_too_large")


def test_a_larger_file_is_not_kept_and_the_request_says_so(sent):
    request = sent(200 * KILOBYTE + 1)
    assert not request.FILES and request.upload_too_large


def test_each_file_is_measured_by_itself(sent):
    request = sent(150 * KILOBYTE, 150 * KILOBYTE)
    assert [file.size for file in request.FILES.values()] == [150 * KILOBYTE] * 2
