"""What is the same wherever the portal runs. Everything that differs comes from the environment."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF

from integration_portal.logs import logging_settings

from .sign_in import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(os.environ.get("PORTAL_VAR") or BASE_DIR / "var")


def environment_flag(name: str, *, default: bool) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in {
        "1",
        "true",
        "yes",
        "on",
    }


SECRET_KEY = os.environ.get("SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host]
PORTAL_URL = os.environ.get("PORTAL_URL", "http://127.0.0.1:8000").rstrip("/")
# A demonstration says so on every page and holds nobody's real work.
PORTAL_DEMONSTRATION = environment_flag("PORTAL_DEMONSTRATION", default=False)
# Roles that publish, close or administer must sign in with a second factor.
PORTAL_SECOND_FACTOR_REQUIRED = environment_flag("PORTAL_SECOND_FACTOR_REQUIRED", default=True)

INSTALLED_APPS = [
    "integration_portal",
    "strategic_plans",
    "budgets",
    "outcomes",
    "engagement",
    "localities",
    "partnerships",
    "foundation.audit",
    "foundation.documents",
    "foundation.richtext",
    "foundation.sgds",
    "crispy_forms",
    "django_htmx",
    "js_asset",
    "django_prose_editor",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",  # its widget templates, found beside the portal's own
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "foundation.audit.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "partnerships.middleware.SecondFactorMiddleware",
    "partnerships.unsent.UnsentFormMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "integration_portal.urls"
WSGI_APPLICATION = "integration_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "integration_portal.context_processors.portal",
            ],
        },
    }
]
FORM_RENDERER = "foundation.sgds.renderers.ControlRenderer"

DATABASES = {
    "default": dj_database_url.config(
        default="postgresql:///portal", conn_max_age=60, conn_health_checks=True
    )
}
# A statement that comes again is planned once for each connection: a tenth of a page's time. A pooler between the
# portal and PostgreSQL must keep to sessions, or know prepared statements (PgBouncer from 1.21).
DATABASES["default"].setdefault("OPTIONS", {}).update({"server_side_binding": True, "prepare_threshold": 3})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
# Redis over a private unix socket is written redis+socket:// for Celery and unix:// for redis-py.
REDIS_CLIENT_URL = REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_CLIENT_URL,
        "KEY_PREFIX": "portal",
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Above the longest task, so that a running task is never started twice; kombu's default sweep is every 100 s.
    "visibility_timeout": 660,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULER = "integration_portal.heartbeat:BeatingScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-documents": {
        "task": "foundation.documents.tasks.sweep_documents",
        "schedule": 10.0,
    },
    "seal-audit": {"task": "foundation.audit.tasks.seal_entries", "schedule": 30.0},
    "sweep-invitations": {"task": "partnerships.tasks.sweep_invitations", "schedule": 300.0},
    "forget": {"task": "partnerships.tasks.forget_what_is_over", "schedule": crontab(hour=3, minute=20)},
    "sweep-parts": {"task": "foundation.documents.tasks.sweep_parts", "schedule": crontab(hour=3, minute=40)},
    "sweep-imports": {"task": "strategic_plans.tasks.sweep_imports", "schedule": 15.0},
    "sweep-line-imports": {"task": "budgets.tasks.sweep_line_imports", "schedule": 15.0},
    "forget-copies": {"task": "strategic_plans.tasks.forget_copies", "schedule": crontab(hour=3, minute=30)},
    "forget-pictures": {
        "task": "strategic_plans.tasks.forget_pictures",
        "schedule": crontab(hour=3, minute=50),
    },
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The grids send every box: a month of as many lines as a file may bring in (20,000) has two or three for each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 65_000
# What is larger is thrown away while it arrives: it fills neither the memory nor the disk.
LARGEST_UPLOAD = 50 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "integration_portal.uploads.UploadLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

CONTENT_SECURITY_POLICY: dict[str, dict[str, list[Any]]] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False  # one language: looking for the translation of every address and label was a tenth of a page
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["integration_portal.formats"]

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "files"
MEDIA_URL = ""  # files are never served by address: each download passes a permission check
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CRISPY_ALLOWED_TEMPLATE_PACKS = ["sgds"]
CRISPY_TEMPLATE_PACK = "sgds"

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = environment_flag("EMAIL_USE_TLS", default=False)
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "portal@localhost")

LOG_LEVEL = os.environ.get("LOG_LEVEL", "INFO")
LOGGING = logging_settings(structured=False, level=LOG_LEVEL)
