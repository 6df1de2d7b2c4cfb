"""Who gets in and how: addresses and passwords, second steps, lock-out, sessions, organisations' own sign-in."""

import os
from datetime import timedelta
from typing import Any

AUTH_USER_MODEL = "partnerships.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

# A working day, and never longer than the browser is open. Signing in gives a session a new key.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
ACCOUNT_SESSION_REMEMBER = False

ACCOUNT_ADAPTER = "partnerships.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# One address for each person; a new one counts when the link sent to it has been opened.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_FORMS = {
    "login": "partnerships.account_forms.LoginForm",
    "reset_password": "partnerships.account_forms.ResetPasswordForm",
    "reset_password_from_key": "partnerships.account_forms.ResetPasswordKeyForm",
    "change_password": "partnerships.account_forms.ChangePasswordForm",
    "set_password": "partnerships.account_forms.SetPasswordForm",
    "add_email": "partnerships.account_forms.AddEmailForm",
    "reauthenticate": "partnerships.account_forms.ReauthenticateForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,10/5m/key",
    "reset_password": "20/m/ip,3/m/key",
    "reauthenticate": "10/m/user",
}

MFA_ADAPTER = "partnerships.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Every address was verified by an invitation, so a second step need not wait for a change of address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Integration Portal"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "partnerships.account_forms.AuthenticateForm",
    "reauthenticate": "partnerships.account_forms.SecondFactorReauthenticateForm",
    "activate_totp": "partnerships.account_forms.ActivateTOTPForm",
    "add_webauthn": "partnerships.account_forms.AddWebAuthnForm",
    "edit_webauthn": "partnerships.account_forms.EditWebAuthnForm",
}

# Councils and health boards sign in with OpenID Connect; which ones, the environment says (OIDC_PROVIDERS). Nobody
# gets in who was not invited: the adapter matches the address, within the domains that the organisation owns.
SOCIALACCOUNT_ADAPTER = "partnerships.adapters.OrganisationAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {}

# How many proxies stand in front; their entries in X-Forwarded-For are trusted, no others.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "0"))

# Five wrong passwords for one address from one place: wait a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "partnerships.sign_in.address_tried"
AXES_CLIENT_IP_CALLABLE = "partnerships.sign_in.client_address"
AXES_LOCKOUT_CALLABLE = "partnerships.sign_in.locked_out"
AXES_DISABLE_ACCESS_LOG = True  # the audit trail says who signed in
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
