"""Localities as their pages show them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone

from foundation.sgds.formats import number
from partnerships.enums import Role
from partnerships.models import Membership, Partnership

from .models import Locality, LocalityLead


@dataclass(frozen=True)
class LocalityRow:
    """A locality with its leads of the day and what part of the partnership's people live in it."""

    locality: Locality
    leads: tuple[str, ...]
    share: Decimal | None


def localities_on(partnership: Partnership, day: date | None = None) -> QuerySet[Locality]:
    """The partnership's localities of a day (today unless told otherwise), by name."""
    return Locality.objects.for_partnership(partnership).on(day or timezone.localdate())


def locality_rows(partnership: Partnership) -> list[LocalityRow]:
    """Today's localities with today's leads. Two queries, whatever there is."""
    localities = list(localities_on(partnership))
    leads = defaultdict(list)
    for lead in current_leads(partnership):
        leads[lead.locality_id].append(lead.membership.user.name)
    everyone = population_of(partnership, localities)
    return [
        LocalityRow(
            locality=locality,
            leads=tuple(leads[locality.pk]),
            share=share_of(locality.population, everyone),
        )
        for locality in localities
    ]


def current_leads(partnership: Partnership) -> QuerySet[LocalityLead]:
    """Today's leads of all localities, the longest in office first."""
    leads = LocalityLead.objects.for_partnership(partnership).on(timezone.localdate())
    return leads.select_related("membership__user").order_by("starts_on", "pk")


def population_of(partnership: Partnership, localities: list[Locality]) -> int | None:
    """Everyone in the partnership: the published figure, else the sum of localities that all have one."""
    if partnership.population:
        return partnership.population
    counts = [locality.population for locality in localities]
    return sum(filter(None, counts)) if counts and None not in counts else None


def share_of(part: int | None, whole: int | None) -> Decimal | None:
    """The percentage that the part is of the whole, where both are known."""
    return Decimal(part) * 100 / whole if part is not None and whole else None


def population_sentence(locality: Locality) -> str:
    """The locality's population in words, beside the partnership's; why there is none where there is none."""
    area = locality.partnership
    if locality.population is None:
        return f"No population of {locality} is published."
    share = share_of(locality.population, area.population)
    of_area = f", {share:.0f}% of {area.short_name}" if share is not None else ""
    said = f"{number(locality.population)} people lived in {locality} in {locality.population_year}{of_area}."
    older = share_of(locality.population_65_plus, locality.population)
    oldest = share_of(locality.population_75_plus, locality.population)
    if older is None or oldest is None:
        return said
    said += f" {older:.1f}% were aged 65 and over and {oldest:.1f}% aged 75 and over"
    older_there = share_of(area.population_65_plus, area.population)
    oldest_there = share_of(area.population_75_plus, area.population)
    if older_there is None or oldest_there is None:
        return f"{said}."
    return f"{said}; in {area.short_name} as a whole {older_there:.1f}% and {oldest_there:.1f}%."


def lead_history(locality: Locality) -> QuerySet[LocalityLead]:
    """Everybody who led, leads or will lead the locality, newest first."""
    return locality.leads.select_related("membership__user").order_by("-starts_on", "-pk")


def appointments(partnership: Partnership) -> QuerySet[LocalityLead]:
    """All appointments of locality leads in the partnership, by locality, newest first."""
    return (
        LocalityLead.objects.for_partnership(partnership)
        .select_related("locality", "membership__user")
        .order_by("locality__name", "-starts_on", "-pk")
    )


def possible_leads(partnership: Partnership) -> QuerySet[Membership]:
    """The memberships with the locality lead role that have not ended."""
    today = timezone.localdate()
    return (
        Membership.objects.filter(partnership=partnership, role=Role.LOCALITY_LEAD)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        .select_related("user")
        .order_by("user__name", "starts_on")
    )
