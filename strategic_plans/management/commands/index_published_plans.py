from typing import Any

from django.core.management.base import BaseCommand

from foundation.sgds.formats import count_in_words
from strategic_plans.services import index_all


class Command(BaseCommand):
    help = "Cuts every plan in force into passages anew, for the public search."

    def handle(self, *_: Any, **__: Any) -> None:
        self.stdout.write(f"The search finds {count_in_words(index_all(), 'published plan')}.")
