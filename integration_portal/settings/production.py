"""A real portal on servers. It refuses to start rather than run with something missing or unsafe."""

import json
import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from integration_portal.logs import logging_settings

from .base import *  # noqa: F403
from .base import (
    ALLOWED_HOSTS,
    CONTENT_SECURITY_POLICY,
    DATABASES,
    LOG_LEVEL,
    PORTAL_URL,
    SECRET_KEY,
    STORAGES,
    environment_flag,
)

SHORTEST_SECRET_KEY = 50


def refuse(name: str, what_to_do: str) -> None:
    raise ImproperlyConfigured(f"{name}: {what_to_do} (docs/operations.md lists every variable)")


if len(SECRET_KEY) < SHORTEST_SECRET_KEY or len(set(SECRET_KEY)) < 5:
    refuse("SECRET_KEY", f"set at least {SHORTEST_SECRET_KEY} random characters")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    refuse("ALLOWED_HOSTS", "set the portal's host names, separated by commas; * is not one")
for required in ("DATABASE_URL", "REDIS_URL"):
    if not os.environ.get(required):
        refuse(required, "set the address of the server")
if urlsplit(PORTAL_URL).scheme != "https" or not urlsplit(PORTAL_URL).hostname:
    refuse("PORTAL_URL", "set the address that people type; it begins with https://")

# A server that does not answer is an error after seconds, not a page that hangs.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)

# TLS ends at a proxy in front. Only a proxy that always sets this header itself may be trusted with it.
if environment_flag("TRUST_X_FORWARDED_PROTO", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = environment_flag("SECURE_SSL_REDIRECT", default=True)
# Probes come from inside, in plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = int(os.environ.get("SECURE_HSTS_SECONDS", str(365 * 24 * 60 * 60)))
SECURE_HSTS_INCLUDE_SUBDOMAINS = environment_flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = environment_flag("SECURE_HSTS_PRELOAD", default=True)
CSRF_TRUSTED_ORIGINS = [PORTAL_URL]
# The prefix makes browsers refuse a cookie of this name from anything but this host over TLS.
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

# Web and worker run on many hosts, so files live where all of them reach them. Keys come from the environment
# (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or from the host's own role, as boto3 finds them.
if bucket := os.environ.get("AWS_STORAGE_BUCKET_NAME"):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": os.environ.get("AWS_S3_ENDPOINT_URL") or None,
            "region_name": os.environ.get("AWS_S3_REGION_NAME") or None,
            "location": os.environ.get("AWS_LOCATION", ""),
            "default_acl": None,  # private, as the bucket is: every download passes the portal's own check
            "file_overwrite": False,
            "object_parameters": {"ServerSideEncryption": "AES256"}
            if environment_flag("AWS_S3_ENCRYPT", default=True)
            else {},
        },
    }

# Sign-in of councils and health boards: a JSON list of allauth's OpenID Connect apps.
if providers := os.environ.get("OIDC_PROVIDERS"):
    try:
        apps = json.loads(providers)
    except ValueError as error:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS is not JSON: {error}") from error
    needed = {"provider_id", "name", "client_id", "secret", "settings"}
    if not isinstance(apps, list) or any(not isinstance(app, dict) or needed - app.keys() for app in apps):
        refuse("OIDC_PROVIDERS", f"set a JSON list of objects with {', '.join(sorted(needed))}")
    if any(
        not app["settings"].get("server_url") or not app["settings"].get("verified_email") for app in apps
    ):
        refuse(
            "OIDC_PROVIDERS", "give each one's settings a server_url and verified_email, the domains it owns"
        )
    SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": apps, "OAUTH_PKCE_ENABLED": True}}
    # The button "Sign in with ..." posts here and is sent on there; browsers ask the policy about both.
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += [
        "{0.scheme}://{0.netloc}".format(urlsplit(app["settings"]["server_url"])) for app in apps
    ]

LOGGING = logging_settings(structured=environment_flag("LOG_JSON", default=True), level=LOG_LEVEL)
