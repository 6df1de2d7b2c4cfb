"""Production refuses to start with anything missing or unsafe, and passes Django's own deployment check."""

import json
import os
import subprocess
import sys

import pytest

from integration_portal.local.programs import CHECKOUT

COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "integration_portal.settings.production",
    "SECRET_KEY": "a-key-for-this-test-only-" + "0123456789" * 4,
    "ALLOWED_HOSTS": "portal.example.scot",
    "PORTAL_URL": "https://portal.example.scot",
    "DATABASE_URL": os.environ.get("DATABASE_URL", ""),
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "TRUST_X_FORWARDED_PROTO": "1",
}
SHOW = (
    "from django.conf import settings; settings.SECRET_KEY; import json; print(json.dumps(({}), default=str))"
)


def python(*arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **COMPLETE, **changes}
    clean = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run(
        [sys.executable, *arguments],
        env=clean,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def shown(expression: str, **changes: str | None):
    done = python("-c", SHOW.format(expression), **changes)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_deployment_check_finds_nothing():
    done = python("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", None),
        ("SECRET_KEY", "x" * 49),
        ("SECRET_KEY", "x" * 60),
        ("ALLOWED_HOSTS", None),
        ("ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", None),
        ("REDIS_URL", None),
        ("PORTAL_URL", "http://portal.example.scot"),
        ("PORTAL_URL", "https://"),
        ("OIDC_PROVIDERS", "{broken"),
        ("OIDC_PROVIDERS", '[{"name": "a council without the rest"}]'),
        (
            "OIDC_PROVIDERS",
            '[{"provider_id": "c", "name": "C", "client_id": "x", "secret": "y", "settings": {"server_url": "https://c"}}]',
        ),
    ],
)
def test_it_refuses_to_start_and_names_the_variable(name, value):
    done = python("manage.py", "check", **{name: value})
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(f"django.core.exceptions.ImproperlyConfigured: {name}"), done.stderr


def test_files_go_to_the_bucket_that_the_environment_names():
    storage = shown(
        "settings.STORAGES['default']",
        AWS_STORAGE_BUCKET_NAME="portal-files",
        AWS_S3_ENDPOINT_URL="https://objects.example.scot",
    )
    assert storage["BACKEND"] == "storages.backends.s3.S3Storage"
    assert storage["OPTIONS"]["bucket_name"] == "portal-files"
    assert storage["OPTIONS"]["endpoint_url"] == "https://objects.example.scot"
    assert storage["OPTIONS"]["default_acl"] is None


def test_the_bucket_backend_loads_with_these_options():
    done = python(
        "-c",
        "import django; django.setup(); from django.core.files.storage import default_storage;"
        "print(type(default_storage._wrapped or default_storage.exists).__name__, default_storage.bucket_name)",
        AWS_STORAGE_BUCKET_NAME="portal-files",
        AWS_S3_REGION_NAME="eu-west-2",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "portal-files"


def test_sign_in_of_a_council_comes_from_the_environment():
    provider = {
        "provider_id": "council",
        "name": "A council",
        "client_id": "portal",
        "secret": "s",
        "settings": {"server_url": "https://login.example.scot", "verified_email": ["example.scot"]},
    }
    providers = shown("settings.SOCIALACCOUNT_PROVIDERS", OIDC_PROVIDERS=json.dumps([provider]))
    assert providers["openid_connect"]["APPS"] == [provider]
    policy = shown("settings.CONTENT_SECURITY_POLICY['DIRECTIVES']", OIDC_PROVIDERS=json.dumps([provider]))
    assert policy["form-action"] == ["'self'", "https://login.example.scot"]


def test_cookies_and_transport_are_strict():
    names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"]
    values = shown("{" + ",".join(f"'{name}': settings.{name}" for name in names) + "}")
    assert values == dict.fromkeys(names[:3], True) | {"SECURE_HSTS_SECONDS": 31536000}
