"""Directions: what the authority instructs its council and its health board to do, and with which money."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Body, DelegatedFunction, Partnership, ScopedQuerySet, User, holding

from ..enums import ENDED, STANDING, UNISSUED, DirectionState, Effect, MoneyStated, Progress
from .budgets import Budget
from .lines import BudgetLine
from .money import Money


class DirectionQuerySet(ScopedQuerySet):
    def issued(self) -> Self:
        return self.filter(issued_at__isnull=False)

    def in_force(self, day: date) -> Self:
        """Issued, begun and not ended on that day. A direction does not lapse at the end of a year."""
        return self.issued().filter(holding(day))


class Direction(models.Model):
    """A written, binding instruction to carry out delegated functions with stated money (2014 Act ss.26-27).

    Once issued its words and its money stand still (the database refuses to change them): a later direction varies or
    supersedes it, or it is revoked or completed. `ends_on` is its last day in force.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="directions")
    reference = models.CharField(max_length=80, blank=True, help_text="Made by the portal when it is issued")
    version = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True, help_text="What must be done")
    functions = models.ManyToManyField(DelegatedFunction, blank=True, related_name="directions")
    money = models.CharField(max_length=20, choices=MoneyStated, default=MoneyStated.AMOUNT)
    budget = models.ForeignKey(
        Budget,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="directions",
        help_text="The year that its money belongs to",
    )
    amount = Money(null=True, blank=True, help_text="Paid or set aside for the year, in pounds")
    method = models.TextField(blank=True, help_text="How the payment is worked out")
    use_of_money = models.TextField(blank=True, help_text="How the money is to be used")
    plan_reference = models.CharField(
        max_length=300, blank=True, help_text="What it carries out of the strategic plan"
    )
    measures = models.TextField(blank=True, help_text="Outcomes and how they are measured")
    information = models.TextField(blank=True, help_text="What is to be told to the authority, and when")
    engagement = models.TextField(blank=True, help_text="Who was involved and consulted")
    impact = models.TextField(blank=True, help_text="Which impact assessments were made")
    approved_on = models.DateField(null=True, blank=True)
    minute_reference = models.CharField(max_length=160, blank=True)
    unconfirmed_reason = models.TextField(
        blank=True, help_text="Why it is issued although its money is not confirmed by the body that gives it"
    )
    starts_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    expected_end_on = models.DateField(
        null=True,
        blank=True,
        help_text="When it is expected to have done its work; it does not end by itself then",
    )
    ends_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=DirectionState, default=DirectionState.DRAFT)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    prepared_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.CharField(
        max_length=500, blank=True, help_text="What must be put right, where the chief officer gave it back"
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    content = models.JSONField(null=True, blank=True, help_text="As it was issued, with all its names")
    sha256 = models.CharField(max_length=64, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    end_prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    end_reason = models.TextField(blank=True)
    end_minute_reference = models.CharField(max_length=160, blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = DirectionQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "reference"],
                name="direction_reference_once",
                condition=~Q(reference=""),
            ),
            models.CheckConstraint(
                name="direction_issued_by_somebody_on_a_day",
                condition=Q(state__in=UNISSUED, issued_at__isnull=True, issued_by__isnull=True)
                | (
                    ~Q(state__in=UNISSUED)
                    & Q(issued_at__isnull=False, issued_by__isnull=False, prepared_by__isnull=False)
                    & Q(starts_on__isnull=False, content__isnull=False)
                    & ~Q(reference="")
                ),
            ),
            models.CheckConstraint(
                name="direction_prepared_and_issued_by_two_people",
                condition=Q(issued_by__isnull=True) | ~Q(issued_by=F("prepared_by")),
            ),
            models.CheckConstraint(
                name="direction_prepared_by_somebody",
                condition=~Q(state=DirectionState.READY) | Q(prepared_by__isnull=False),
            ),
            models.CheckConstraint(
                name="direction_says_its_money_and_use",
                condition=Q(state__in=UNISSUED)
                | (
                    ~Q(use_of_money="")
                    & ~Q(text="")
                    & (
                        (Q(money=MoneyStated.METHOD) & ~Q(method=""))
                        | (
                            Q(money__in=[MoneyStated.AMOUNT, MoneyStated.SET_ASIDE])
                            & Q(amount__isnull=False, budget__isnull=False)
                        )
                    )
                ),
            ),
            models.CheckConstraint(
                name="direction_amount_not_negative", condition=Q(amount__isnull=True) | Q(amount__gte=0)
            ),
            models.CheckConstraint(
                name="direction_ended_on_a_day",
                condition=Q(state__in=ENDED, ends_on__isnull=False, ended_by__isnull=False)
                | (~Q(state__in=ENDED) & Q(ends_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="direction_revoked_with_a_reason",
                condition=~Q(state=DirectionState.REVOKED) | ~Q(end_reason=""),
            ),
            models.CheckConstraint(
                name="direction_revoked_by_two_people",
                condition=Q(end_prepared_by__isnull=True) | ~Q(end_prepared_by=F("ended_by")),
            ),
            models.CheckConstraint(
                name="direction_expected_to_end_after_it_starts",
                condition=Q(expected_end_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(expected_end_on__gte=F("starts_on")),
            ),
        ]
        indexes = [models.Index(fields=["partnership", "starts_on"], name="direction_by_start")]

    def __str__(self) -> str:
        return f"{self.reference}: {self.title}" if self.reference else self.title

    def get_absolute_url(self) -> str:
        return reverse("budgets:direction", args=[self.partnership.slug, self.pk])

    @property
    def is_issued(self) -> bool:
        return self.issued_at is not None

    @property
    def is_past_its_end(self) -> bool:
        """Whether it still stands after the day on which it was expected to have done its work."""
        return (
            self.is_standing
            and self.expected_end_on is not None
            and self.expected_end_on < timezone.localdate()
        )

    @property
    def is_standing(self) -> bool:
        """Whether nothing has ended it, today or from a later day."""
        return self.state in STANDING


class OfDirectionQuerySet(models.QuerySet[Any]):
    """For rows that reach their partnership through `direction`."""

    def for_partnership(self, partnership: Partnership) -> Self:
        return self.filter(direction__partnership=partnership)

    def visible_to(self, user: User) -> Self:
        return self.filter(direction__partnership__in=Partnership.objects.visible_to(user))


class Revocation(models.Model):
    """Somebody has prepared that a direction is revoked, and the chief officer has not decided it yet.

    `returned_reason` says what must be put right where the chief officer has given it back. The decision writes the
    direction, and this row is gone.
    """

    direction = models.OneToOneField(Direction, on_delete=models.CASCADE, related_name="revocation")
    from_day = models.DateField(help_text="The first day on which the direction is not in force")
    reason = models.TextField()
    minute_reference = models.CharField(max_length=160)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=timezone.now)
    returned_reason = models.CharField(max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = OfDirectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="revocation_with_a_reason", condition=~Q(reason="") & ~Q(minute_reference="")
            ),
        ]

    def __str__(self) -> str:
        return f"Revocation of {self.direction}"

    @property
    def is_waiting(self) -> bool:
        """Whether the chief officer has to decide it."""
        return not self.returned_reason


class DirectionTarget(models.Model):
    """A body that must carry out a direction: all of it, or the area or task that `part` names (s.26(4)-(5))."""

    direction = models.ForeignKey(Direction, on_delete=models.CASCADE, related_name="targets")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="directions")
    part = models.CharField(max_length=300, blank=True, help_text="The area or the task; empty is all of it")

    objects = OfDirectionQuerySet.as_manager()

    class Meta:
        ordering = ["body__kind", "body__name"]
        constraints = [
            models.UniqueConstraint(fields=["direction", "body"], name="direction_target_once"),
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.part}" if self.part else str(self.body)


class DirectionLine(models.Model):
    """The part of a budget line that a direction pays or sets aside, in pounds; of income, what it takes off.

    The database holds it on the line's side of zero.
    """

    direction = models.ForeignKey(Direction, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="directed")
    amount = Money()

    objects = OfDirectionQuerySet.as_manager()

    class Meta:
        ordering = ["line__position", "line__title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["direction", "line"], name="direction_line_once"),
            models.CheckConstraint(name="direction_line_of_a_sum", condition=~Q(amount=0)),
        ]

    def __str__(self) -> str:
        return f"{self.line} by {self.direction}"


class Replacement(models.Model):
    """A direction names the earlier one that it varies or supersedes from its first day on (s.27(5)(a))."""

    direction = models.ForeignKey(Direction, on_delete=models.CASCADE, related_name="replaces")
    earlier = models.ForeignKey(Direction, on_delete=models.PROTECT, related_name="replaced")
    effect = models.CharField(max_length=20, choices=Effect)

    objects = OfDirectionQuerySet.as_manager()

    class Meta:
        ordering = ["earlier__reference"]
        constraints = [
            models.UniqueConstraint(fields=["direction", "earlier"], name="replacement_once"),
            models.CheckConstraint(name="replacement_of_another", condition=~Q(direction=F("earlier"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_effect_display()} {self.earlier}"


class Acknowledgement(models.Model):
    """A body has said that it received the direction. Never changed."""

    direction = models.ForeignKey(Direction, on_delete=models.PROTECT, related_name="acknowledgements")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = OfDirectionQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["direction", "body"], name="acknowledgement_once_per_body"),
        ]

    def __str__(self) -> str:
        return f"{self.body} acknowledged {self.direction}"


class DirectionReport(models.Model):
    """What a body reports on carrying out a direction, in its own words. Never changed."""

    direction = models.ForeignKey(Direction, on_delete=models.PROTECT, related_name="reports")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    progress = models.CharField(max_length=20, choices=Progress)
    words = models.TextField()
    reported_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = OfDirectionQuerySet.as_manager()

    class Meta:
        ordering = ["-reported_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.body} on {self.direction}"


class RevisionFlag(models.Model):
    """Something made the money of a direction wrong; it is settled when the direction is replaced or revoked (s.27)."""

    direction = models.ForeignKey(Direction, on_delete=models.CASCADE, related_name="flags")
    line = models.ForeignKey(
        BudgetLine, null=True, blank=True, on_delete=models.SET_NULL, related_name="direction_flags"
    )
    reason = models.CharField(max_length=500)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    raised_at = models.DateTimeField(auto_now_add=True)

    objects = OfDirectionQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at"]

    def __str__(self) -> str:
        return f"{self.direction} must be revised"
