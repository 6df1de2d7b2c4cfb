"""What other people wrote is what their packages hold, and says under which licence."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "foundation/sgds/static/vendor"
MANIFEST = json.loads((STATIC / "VENDOR.json").read_text())
FILES = {path: digest for package in MANIFEST.values() for path, digest in package["files"].items()}


@pytest.mark.parametrize("path", FILES)
def test_each_file_is_unchanged(path):
    assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == FILES[path]


def test_no_file_came_in_by_another_way():
    found = {
        str(path.relative_to(ROOT))
        for folder in (STATIC, ROOT / "tests/vendor")
        for path in folder.rglob("*")
        if path.is_file() and path.name != "VENDOR.json"
    }
    assert found == set(FILES)


def test_each_package_is_pinned_and_brings_its_licence():
    for spec, package in MANIFEST.items():
        assert re.fullmatch(r"@?[\w/.-]+@\d+\.\d+\.\d+", spec)
        assert package["integrity"].startswith("sha512-")
        assert package["licence"] in {"MIT", "OFL-1.1", "MPL-2.0"}
        assert any("LICENSE" in path for path in package["files"]), spec


def test_styles_load_nothing_from_elsewhere():
    for sheet in [*STATIC.rglob("*.css"), *(ROOT / "static").rglob("*.css")]:
        for address in re.findall(r"url\(\s*['\"]?([^'\")]+)", sheet.read_text()):
            assert address.startswith(("data:image/svg+xml", "../vendor/")), f"{sheet.name}: {address}"


def test_the_component_bundle_holds_no_tracker():
    code = (STATIC / "sgds/components.js").read_text()
    assert "dataLayer" not in code
    for name in ("DatePicker", "CharacterCount", "Checkboxes"):
        assert f"export const {name} = " in code
