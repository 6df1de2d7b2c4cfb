import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template import TemplateSyntaxError
from django.template.loader import get_template

# The content security policy would silently drop what these find.
HOUSE_RULES: Final = (
    (re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE), "a style attribute: use a class"),
    (re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE), "an event attribute: listen in a script file"),
    (re.compile(r"<style\b", re.IGNORECASE), "an inline style sheet: use a file below static/"),
    (re.compile(r"<script\b(?![^>]*\b(?:src\s*=|type=\"application/json\"))", re.IGNORECASE),
     "an inline script: use a file below static/"),
    (re.compile(r"javascript:", re.IGNORECASE), "a script in an address"),
)  # fmt: skip
TEMPLATE_TAGS: Final = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|{% comment .*?{% endcomment %}", re.DOTALL)
# Print style sheets are written into the document that becomes a PDF, where no browser and no policy is.
PRINTED: Final = "print"


class Command(BaseCommand):
    help = "Compile every template of the portal and hold it against the house rules of docs/pages.md."

    def handle(self, *args: Any, **options: Any) -> None:
        faults: list[str] = []
        count = 0
        for name, path in own_templates():
            count += 1
            faults.extend(template_faults(name, path))
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(f"{count} templates compile and keep the house rules.")


def own_templates() -> Iterator[tuple[str, Path]]:
    """The name and the file of every template in this repository."""
    ours = [Path(config.path) for config in apps.get_app_configs()]
    roots = [settings.BASE_DIR / "templates"]
    roots += [
        path / "templates" for path in ours if settings.BASE_DIR in path.parents and not _is_installed(path)
    ]
    for root in roots:
        for path in sorted(root.rglob("*")):
            if path.suffix in {".html", ".txt", ".svg", ".xml"}:
                yield path.relative_to(root).as_posix(), path


def template_faults(name: str, path: Path) -> Iterator[str]:
    """In words, with the line: what does not compile, and what breaks a house rule."""
    try:
        get_template(name)
    except TemplateSyntaxError as error:
        yield f"{path}: {error}"
    if path.suffix != ".html":
        return
    # Template tags may hold any sign; blanks of the same length keep the line numbers right.
    text = TEMPLATE_TAGS.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), path.read_text())
    is_printed = PRINTED in path.parts or PRINTED in path.stem.split("_")
    for pattern, what in HOUSE_RULES:
        if is_printed and "style sheet" in what:
            continue
        for found in pattern.finditer(text):
            yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}: {what}"


def _is_installed(path: Path) -> bool:
    return "site-packages" in path.parts
