from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from ..enums import BodyKind, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .people import User

LONGEST_SUPPORT = timedelta(hours=8)
# Twelve months, whichever they are; the form counts them to the day.
LONGEST_AUDITOR_TERM = timedelta(days=366)


class Body(models.Model):
    """A council or a health board: a constituent authority of one or more integration authorities."""

    kind = models.CharField(max_length=20, choices=BodyKind)
    code = models.CharField(max_length=9, unique=True, help_text="Government Statistical Service code")
    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return self.name


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def visible_to(self, user: User | AnonymousUser) -> PartnershipQuerySet:
        """The partnerships whose workspace this person may enter today: by membership or by support access."""
        if not user.is_authenticated:
            return self.none()
        member = Membership.objects.on(timezone.localdate()).filter(user=user, partnership__isnull=False)
        supported = SupportGrant.objects.at(timezone.now()).filter(user=user)
        return self.filter(Q(pk__in=member.values("partnership")) | Q(pk__in=supported.values("partnership")))


class Partnership(models.Model):
    """An integration authority (2014 Act s.59): the tenant that everything else belongs to."""

    slug = models.SlugField(max_length=60, unique=True)
    code = models.CharField(max_length=9, unique=True, help_text="S37 area code")
    name = models.CharField(max_length=120, unique=True)
    short_name = models.CharField(max_length=60)
    health_board = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="health_board_partnerships")
    councils = models.ManyToManyField(Body, related_name="council_partnerships")
    integration_start_day = models.DateField(
        default=date(2016, 4, 1), help_text="The day from which functions are delegated (2014 Act s.9)"
    )
    is_start_day_exact = models.BooleanField(
        default=False, help_text="Otherwise the day is the latest that the law allowed (SSI 2014/284)"
    )
    population = models.PositiveIntegerField(null=True, blank=True)
    population_18_plus = models.PositiveIntegerField(null=True, blank=True)
    population_65_plus = models.PositiveIntegerField(null=True, blank=True)
    population_75_plus = models.PositiveIntegerField(null=True, blank=True)
    population_year = models.CharField(max_length=20, blank=True)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["short_name"]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("partnerships:home", args=[self.slug])


class ScopedQuerySet(models.QuerySet[Any]):
    """For rows with a `partnership` of their own."""

    def for_partnership(self, partnership: Partnership) -> Self:
        return self.filter(partnership=partnership)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(partnership__in=Partnership.objects.visible_to(user))


def holding(day: object, path: str = "") -> Q:
    """Rows that hold on that day; with a `path`, rows that lead to one that does (`partnership__model_periods__`)."""
    begun, open_end = {f"{path}starts_on__lte": day}, {f"{path}ends_on__isnull": True}
    return Q(**begun) & (Q(**open_end) | Q(**{f"{path}ends_on__gte": day}))


class DatedQuerySet(ScopedQuerySet):
    """For rows that hold from `starts_on` to `ends_on`, both days included; no end means until further notice."""

    def on(self, day: object) -> Self:
        return self.filter(holding(day))

    def overlapping(self, starts_on: date, ends_on: date | None) -> Self:
        """Those that share at least one day with the time from `starts_on` to `ends_on`."""
        rows = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
        return rows.filter(starts_on__lte=ends_on) if ends_on else rows


class Membership(models.Model):
    """A role that one person holds, from a day to a day. National viewers belong to no single partnership."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    partnership = models.ForeignKey(
        Partnership, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=30, choices=Role)
    body = models.ForeignKey(
        Body,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text="The council or health board of a partner officer",
    )
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "role"]
        constraints = [
            models.CheckConstraint(
                name="membership_national_or_of_a_partnership",
                condition=Q(role=Role.NATIONAL_VIEWER, partnership__isnull=True)
                | (~Q(role=Role.NATIONAL_VIEWER) & Q(partnership__isnull=False)),
            ),
            models.CheckConstraint(
                name="membership_partner_officer_has_body",
                condition=~Q(role=Role.PARTNER_OFFICER) | Q(body__isnull=False),
            ),
            models.CheckConstraint(
                name="membership_auditor_is_time_boxed",
                condition=~Q(role=Role.AUDITOR)
                | Q(ends_on__isnull=False, ends_on__lte=F("starts_on") + LONGEST_AUDITOR_TERM),
            ),
            models.CheckConstraint(
                name="membership_support_goes_through_a_grant",
                condition=~Q(role=Role.SUPPORT),
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [models.Index(fields=["user", "partnership"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} in {self.partnership or 'Scotland'}"

    @property
    def is_over(self) -> bool:
        return self.ends_on is not None and self.ends_on < timezone.localdate()

    @property
    def is_to_come(self) -> bool:
        return self.starts_on > timezone.localdate()


class SupportGrantQuerySet(ScopedQuerySet):
    def at(self, moment: datetime) -> Self:
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)

    def on_day(self, day: date) -> Self:
        """Those that were open at any time of that day."""
        return self.filter(starts_at__date__lte=day, ends_at__date__gte=day)


class SupportGrant(models.Model):
    """Reading access for a support person, for hours, with a reason. Every page they open is recorded."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="support_grants"
    )
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="support_grants")
    reason = models.CharField(max_length=300)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SupportGrantQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                name="support_grant_ends_within_hours",
                condition=Q(ends_at__gt=F("starts_at"), ends_at__lte=F("starts_at") + LONGEST_SUPPORT),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: support access to {self.partnership}"

    @property
    def is_open(self) -> bool:
        return self.starts_at <= timezone.now() < self.ends_at
