"""LibreOffice and Chromium at the same content: one process for each file, from its start to its end."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

CHROMIUM_OPTIONS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-pdf-header-footer",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--allow-file-access-from-files",
]  # fmt: skip
_YES = {"type": "boolean", "value": "true"}
TAGGED = f"pdf:writer_pdf_Export:{json.dumps({'UseTaggedPDF': _YES, 'ExportBookmarks': _YES})}"


def libreoffice() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def libreoffice_pdf(program: str, document: Path) -> bytes:
    """A tagged PDF of plan.docx."""
    _soffice(
        program,
        document.parent,
        "--convert-to",
        TAGGED,
        "--outdir",
        str(document.parent / "out"),
        str(document),
    )
    return (document.parent / "out" / "plan.pdf").read_bytes()


def chromium_pdf(program: str, page: Path) -> bytes:
    """A tagged PDF of the page, with its stylesheets and fonts."""
    target = page.parent / "chromium.pdf"
    target.unlink(missing_ok=True)
    profile = f"--user-data-dir={page.parent / 'profile'}"
    options = ["--generate-pdf-document-outline", f"--print-to-pdf={target}"]
    subprocess.run(
        [program, *CHROMIUM_OPTIONS, profile, *options, page.as_uri()], check=True, capture_output=True
    )
    return target.read_bytes()


def _soffice(program: str, folder: Path, *arguments: str) -> None:
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    subprocess.run([program, profile, "--headless", *arguments], check=True, capture_output=True)
