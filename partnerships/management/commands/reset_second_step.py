from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.audit import SYSTEM
from partnerships import services
from partnerships.models import User


class Command(BaseCommand):
    help = (
        "Take the second step away from somebody who lost both their authenticator and their recovery codes. "
        "Make sure that it is them who asks; they set up a new one at their next sign-in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--reason", required=True, help="who asked and how you know; kept in the audit trail"
        )

    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"There is no account for {email}.")
        try:
            services.reset_second_step(user=user, reason=reason, by=SYSTEM)
        except services.NotPossible as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user} signs in with the password alone and sets up a new second step.")
