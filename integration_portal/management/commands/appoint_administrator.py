from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from foundation.audit import SYSTEM
from partnerships import services
from partnerships.enums import Role
from partnerships.models import Partnership, User


class Command(BaseCommand):
    help = (
        "Give a partnership its first administrator, who invites everybody else. They set a password through "
        "“Forgotten your password?”, or sign in through their organisation."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("partnership", help="the partnership's name in addresses, for example edinburgh")
        parser.add_argument("email")
        parser.add_argument("name", help="the person's name, in quotes")
        parser.add_argument("--reason", required=True, help="who asked for it; kept in the audit trail")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"“{email}” is not an e-mail address.") from error
        partnership = Partnership.objects.filter(slug=options["partnership"]).first()
        if partnership is None:
            raise CommandError(
                f"No partnership is called “{options['partnership']}”. Has the reference data been loaded?"
            )
        user = User.objects.filter(email__iexact=email).first()
        user = user or services.create_person(email=email, name=options["name"], by=SYSTEM)
        try:
            services.grant_role(
                user=user,
                partnership=partnership,
                role=Role.ADMINISTRATOR,
                by=SYSTEM,
                reason=options["reason"],
            )
        except services.NotPossible as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user} administers {partnership}.")
