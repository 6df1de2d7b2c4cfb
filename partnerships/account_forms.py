"""allauth's forms in the portal's words: labels, hints and what browsers may fill in."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms

HOW_TO_CHOOSE = (
    "At least 12 characters. Three or four words that have nothing to do with each other make a good one. "
    "Common passwords, and ones close to your name or address, are refused."
)


class PlainWords(forms.BaseForm):
    """Labels and hints as given here; no text inside the boxes."""

    labels: dict[str, str] = {}
    hints: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            if field.required and field.label:
                wanted = str(field.label)
                field.error_messages["required"] = f"Enter {wanted[0].lower()}{wanted[1:]}"


class LoginForm(PlainWords, account.LoginForm):
    labels = {"login": "E-mail address", "password": "Password"}


class ResetPasswordForm(PlainWords, account.ResetPasswordForm):
    labels = {"email": "E-mail address"}
    hints = {"email": "The address with which you sign in. We send a link there if it has an account."}


class ResetPasswordKeyForm(PlainWords, account.ResetPasswordKeyForm):
    labels = {"password1": "New password", "password2": "New password, once more"}
    hints = {"password1": HOW_TO_CHOOSE}


class SetPasswordForm(PlainWords, account.SetPasswordForm):
    labels = {"password1": "Password", "password2": "Password, once more"}
    hints = {"password1": HOW_TO_CHOOSE}


class ChangePasswordForm(PlainWords, account.ChangePasswordForm):
    labels = {
        "oldpassword": "Present password",
        "password1": "New password",
        "password2": "New password, once more",
    }
    hints = {"password1": HOW_TO_CHOOSE}


class AddEmailForm(PlainWords, account.AddEmailForm):
    labels = {"email": "New e-mail address"}
    hints = {"email": "We send a link there. The new address counts when you have opened it."}


class ReauthenticateForm(PlainWords, account.ReauthenticateForm):
    labels = {"password": "Password"}


CODE_HINT = "Six digits from your authenticator app, or one of your recovery codes."


class AuthenticateForm(PlainWords, second_factor.AuthenticateForm):
    labels = {"code": "Code"}
    hints = {"code": CODE_HINT}


class SecondFactorReauthenticateForm(PlainWords, second_factor.ReauthenticateForm):
    labels = {"code": "Code"}
    hints = {"code": CODE_HINT}


class ActivateTOTPForm(PlainWords, totp.ActivateTOTPForm):
    labels = {"code": "Code from the app"}
    hints = {"code": "Six digits. They change every half minute."}


class AddWebAuthnForm(PlainWords, webauthn.AddWebAuthnForm):
    labels = {
        "name": "Name of the passkey",
        "passwordless": "Sign in with it alone, without the password",
    }
    hints = {"name": "So that you know it again, for example “Work phone”."}


class EditWebAuthnForm(PlainWords, webauthn.EditWebAuthnForm):
    labels = {"name": "Name of the passkey"}
