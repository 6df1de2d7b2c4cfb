"""LibreOffice and Chromium at the same content: one process for each file, from its start to its end."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

CHROMIUM_OPTIONS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-pdf-header-footer",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--allow-file-access-from-files",
]  # fmt: skip
_YES = {"type": "boolean", "value": "true"}
TAGGED = f"pdf:writer_pdf_Export:{json.dumps({'UseTaggedPDF': _YES, 'ExportBookmarks': _YES})}"
_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


def libreoffice() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def word_file(program: str, html: str, folder: Path) -> Path:
    """The content as .docx, written by LibreOffice itself: headings, lists and tables as such, drawings as images."""
    drawings = 0

    def as_image(found: re.Match[str]) -> str:
        nonlocal drawings
        drawings += 1
        drawing = found[0]
        if "xmlns=" not in drawing[:200]:
            drawing = drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
        (folder / f"drawing-{drawings}.svg").write_text(drawing)
        return f'<img src="drawing-{drawings}.svg" alt="Drawing {drawings}" width="480">'

    source = folder / "plan.html"
    source.write_text(_DRAWING.sub(as_image, html))
    convert = [
        "--infilter=HTML (StarWriter)",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        str(folder),
    ]
    _soffice(program, folder, *convert, str(source))
    return folder / "plan.docx"


def libreoffice_pdf(program: str, document: Path) -> bytes:
    """A tagged PDF of the .docx."""
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
