from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from integration_portal.demonstration.directions import issue_directions
from integration_portal.demonstration.engagement import log_activities
from integration_portal.demonstration.horizon import look_ahead
from integration_portal.demonstration.money import form_budgets
from integration_portal.demonstration.monitoring import agree_year, monitor_year
from integration_portal.demonstration.papers import ask_for_papers
from integration_portal.demonstration.people import invite_everybody, logins
from integration_portal.demonstration.plans import write_plans
from integration_portal.demonstration.reset import forget_demonstration
from integration_portal.demonstration.statements import sign_statements
from partnerships.models import Partnership
from strategic_plans.models import Plan

SLUG = "edinburgh"


class Command(BaseCommand):
    help = "Load the demonstration partnership: people, budget, engagement, a published plan and a draft."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--fresh", action="store_true", help="first take away what the demonstration held"
        )
        parser.add_argument("--print-logins", action="store_true", help="only say who can sign in")

    def handle(self, *args: Any, fresh: bool = False, print_logins: bool = False, **options: Any) -> None:
        if not settings.PORTAL_DEMONSTRATION:
            raise CommandError(
                "This portal is not a demonstration. Set PORTAL_DEMONSTRATION=1 only where nobody does real work."
            )
        if print_logins:
            self.stdout.write(logins())
            return
        self.stdout.write(self._load(fresh=fresh))

    @transaction.atomic
    def _load(self, *, fresh: bool) -> str:
        partnership = Partnership.objects.get(slug=SLUG)
        if fresh:
            forget_demonstration(partnership)
        elif Plan.objects.filter(partnership=partnership).exists():
            return "The demonstration is there already."
        invite_everybody()
        form_budgets(partnership)
        issue_directions(partnership)
        look_ahead(partnership)
        log_activities(partnership)
        write_plans(partnership)
        budget = agree_year(partnership)
        sign_statements(budget)
        monitor_year(budget)
        ask_for_papers(budget)
        return "The demonstration is loaded."
