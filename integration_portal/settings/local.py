"""One person's machine: what script/server and script/test run. The secret key is made once and kept in var/."""

import secrets
import warnings

from .base import *  # noqa: F403
from .base import SECRET_KEY, STORAGES, VAR_DIR, environment_flag


def kept_secret() -> str:
    path = VAR_DIR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = SECRET_KEY or kept_secret()
DEBUG = environment_flag("DEBUG", default=False)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
# Nothing travels far on one machine: compressing the files would take ten times as long as all else about them.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
# Passkeys can be tried on http://localhost (not on 127.0.0.1: browsers ask for a name).
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# Celery warns whoever runs it as root; on a machine of one's own that is a choice, and the worker opens no port.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
