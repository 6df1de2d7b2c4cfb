from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.audit import SYSTEM
from partnerships import services
from partnerships.models import User


class Command(BaseCommand):
    help = "Let somebody see what partnerships have published, side by side, until a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address of an account that exists")
        parser.add_argument("--until", help="last day, as 2027-03-31; without it until further notice")
        parser.add_argument("--reason", required=True, help="for whom and why; kept in the audit trail")

    def handle(self, *args: Any, email: str, until: str | None, reason: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"There is no account for {email}.")
        try:
            ends_on = date.fromisoformat(until) if until else None
        except ValueError:
            raise CommandError(f"“{until}” is no real day. Write it as 2027-03-31.") from None
        try:
            membership = services.grant_national_view(user=user, by=SYSTEM, ends_on=ends_on, reason=reason)
        except services.NotPossible as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user} is a national viewer until {membership.ends_on or 'further notice'}.")
