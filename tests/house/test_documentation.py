import re
from pathlib import Path

from django.apps import apps

from integration_portal.management.commands.draw_erd import draw

ROOT = Path(__file__).resolve().parents[2]


def test_the_entity_diagram_is_what_the_models_say():
    assert (ROOT / "docs/erd.md").read_text() == draw()


def test_what_the_glossary_names_in_the_code_exists():
    text = (ROOT / "docs/glossary.md").read_text()
    named = re.findall(r"`(\w+)\.([A-Z]\w+)`", text)
    assert len(named) > 15
    missing = [
        f"{app}.{name}"
        for app, name in named
        if app in {c.label for c in apps.get_app_configs()} and not _exists(app, name)
    ]
    assert missing == []


def _exists(app: str, name: str) -> bool:
    if name.lower() in {model._meta.model_name for model in apps.get_app_config(app).get_models()}:
        return True
    enums = __import__(f"{app}.enums", fromlist=[name])
    return hasattr(enums, name)


def test_links_between_documents_lead_somewhere():
    broken = []
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text()):
            if not target.startswith(("http:", "https:", "mailto:")) and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert broken == []
