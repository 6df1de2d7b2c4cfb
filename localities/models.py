from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from partnerships.models import DatedQuerySet, Membership, Partnership, User, holding


class Locality(models.Model):
    """A part of a partnership's area with arrangements of its own (2014 Act s.29(3): at least two)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="localities")
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=120)
    code = models.CharField(
        max_length=20, blank=True, help_text="Code in the ScotPHO geography lookup of September 2023"
    )
    population = models.PositiveIntegerField(null=True, blank=True, help_text="Everyone, mid-year estimate")
    population_65_plus = models.PositiveIntegerField(null=True, blank=True)
    population_75_plus = models.PositiveIntegerField(null=True, blank=True)
    population_year = models.CharField(max_length=20, blank=True)
    population_method = models.CharField(max_length=120, blank=True)
    data_zones = models.PositiveIntegerField(null=True, blank=True)
    boundary = models.JSONField(null=True, blank=True, help_text="GeoJSON geometry in WGS84")
    boundary_note = models.CharField(max_length=300, blank=True)
    profile = models.TextField(
        blank=True, help_text="What the locality is like: its communities and services"
    )
    rationale = models.TextField(blank=True, help_text="Why the area is divided here")
    revision = models.PositiveIntegerField(default=1, help_text="Counts the changes people made")
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    starts_on = models.DateField(default=date(2016, 4, 1))
    ends_on = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "localities"
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "slug"], name="locality_slug_once_per_partnership"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="locality_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("localities:detail", args=[self.partnership.slug, self.slug])


class LocalityLeadQuerySet(models.QuerySet["LocalityLead"]):
    def for_partnership(self, partnership: Partnership) -> "LocalityLeadQuerySet":
        return self.filter(locality__partnership=partnership)

    def visible_to(self, user: User) -> "LocalityLeadQuerySet":
        return self.filter(locality__partnership__in=Partnership.objects.visible_to(user))

    def on(self, day: object) -> "LocalityLeadQuerySet":
        """The leads of a day: both the appointment and the role that it rests on hold on it."""
        return self.filter(holding(day), holding(day, "membership__"))


class LocalityLead(models.Model):
    """The locality that a locality lead's membership is tied to, from a day to a day."""

    locality = models.ForeignKey(Locality, on_delete=models.CASCADE, related_name="leads")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="led_localities")
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = LocalityLeadQuerySet.as_manager()

    class Meta:
        ordering = ["locality", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["locality", "membership", "starts_on"], name="locality_lead_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="locality_lead_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership.user} leads {self.locality}"
