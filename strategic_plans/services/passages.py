"""What the public search looks through is kept in step with what is published."""

from django.contrib.postgres.search import SearchVector
from django.db import transaction

from ..enums import PlanState
from ..models import Passage, PlanVersion
from ..passages import LANGUAGE, passages_of, years_of


def index_version(version: PlanVersion) -> int:
    """The search finds this version of the partnership's plans and no other. Returns how many passages it has."""
    edition = version.snapshot.edition
    years = years_of(edition)
    with transaction.atomic():
        Passage.objects.for_partnership(version.plan.partnership).delete()
        passages = Passage.objects.bulk_create(
            Passage(
                version=version,
                position=position,
                chapter=passage.chapter,
                section=passage.section[:200],
                anchor=passage.anchor,
                heading=passage.heading[:300],
                text=passage.text,
                outcomes=list(passage.outcomes),
                localities=list(passage.localities),
                years=years,
            )
            for position, passage in enumerate(passages_of(edition), start=1)
        )
        words = SearchVector("heading", weight="A", config=LANGUAGE) + SearchVector(
            "text", weight="B", config=LANGUAGE
        )
        Passage.objects.filter(version=version).update(vector=words)
    return len(passages)


def index_all() -> int:
    """The search finds the newest version of every plan in force. Returns how many plans that is."""
    newest = (
        PlanVersion.objects.filter(plan__state=PlanState.PUBLISHED)
        .select_related("plan__partnership", "snapshot")
        .order_by("plan_id", "-number")
        .distinct("plan_id")
    )
    count = 0
    with transaction.atomic():
        Passage.objects.all().delete()
        for version in newest.iterator(chunk_size=10):
            index_version(version)
            count += 1
    return count
