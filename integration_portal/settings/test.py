"""The test suite: fast password hashing, mail kept in memory, nothing else differs from a real portal."""

from .base import *  # noqa: F403
from .base import STORAGES

SECRET_KEY = "only-for-tests"  # noqa: S105 - never used outside the test suite
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
AXES_ENABLED = False
# Whatever the machine's environment says.
PORTAL_DEMONSTRATION = False
PORTAL_SECOND_FACTOR_REQUIRED = True
