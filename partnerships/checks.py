"""Faults in the settings that would let the wrong people in."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def organisations_name_their_domains(**_: Any) -> list[CheckMessage]:
    """An organisation's sign-in counts only for addresses in domains that it owns, so it must name them."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return [
        Error(
            f"The sign-in of {app.get('name', 'an organisation')} does not say which e-mail domains it owns.",
            hint='Add "verified_email": ["example.gov.uk"] to its settings in OIDC_PROVIDERS.',
            id="partnerships.E001",
        )
        for app in apps
        if not _domains(app)
    ]


def _domains(app: dict[str, Any]) -> bool:
    domains = app.get("settings", {}).get("verified_email")
    return isinstance(domains, list) and bool(domains) and all(isinstance(name, str) for name in domains)
