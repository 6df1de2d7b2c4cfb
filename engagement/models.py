import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from localities.models import Locality
from partnerships.models import Partnership, ScopedQuerySet, User

from .enums import Method, PromiseState

LONGEST_TEXT = 10_000
# One expression, in one order, so that searches can use the index below.
WORDS_HEARD = SearchVector("place", "heard", config="english")


class Group(models.Model):
    """A group of people to hear from. Numbers 1 to 13 are the standard consultees of SSI 2014/283, schedule."""

    number = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)
    is_prescribed = models.BooleanField(default=True)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.short_name


class Activity(models.Model):
    """One occasion on which people were heard: where, when, who, what they said."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="activities")
    locality = models.ForeignKey(
        Locality,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )  # none: the whole area
    held_on = models.DateField()
    place = models.CharField(max_length=120)
    method = models.CharField(max_length=20, choices=Method, default=Method.MEETING)
    groups = models.ManyToManyField(Group, related_name="activities", blank=True)
    attendance = models.PositiveIntegerField(null=True, blank=True)
    heard = models.TextField(
        "what we heard", max_length=LONGEST_TEXT, validators=[MaxLengthValidator(LONGEST_TEXT)]
    )
    # Sent with the form, so that a form sent twice over a bad line is one activity.
    submission = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    revision = models.PositiveIntegerField(default=1)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    logged_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        verbose_name_plural = "activities"
        indexes = [
            models.Index(fields=["partnership", "-held_on"]),
            GinIndex(WORDS_HEARD, name="activity_words_heard"),
        ]

    def __str__(self) -> str:
        return Method(self.method).at(self.place)

    def get_absolute_url(self) -> str:
        return reverse("engagement:detail", args=[self.partnership.slug, self.pk])


class PromiseQuerySet(models.QuerySet["Promise"]):
    """For rows that reach their partnership through `activity`."""

    def for_partnership(self, partnership: Partnership) -> Self:
        return self.filter(activity__partnership=partnership)

    def visible_to(self, user: User) -> Self:
        return self.filter(activity__partnership__in=Partnership.objects.visible_to(user))

    def in_state(self, state: PromiseState, on: date) -> Self:
        """The promises that `state_on(on)` calls `state`: the same rule, asked of the database."""
        match state:
            case PromiseState.KEPT:
                return self.filter(told_back_on__isnull=False)
            case PromiseState.TO_TELL_BACK:
                return self.filter(done_on__isnull=False, told_back_on__isnull=True)
            case PromiseState.OVERDUE:
                return self.filter(done_on__isnull=True, due_on__lt=on)
            case PromiseState.DUE:
                return self.filter(done_on__isnull=True, due_on__gte=on)


class Promise(models.Model):
    """Something that was promised at an activity: kept only when the people were told (told back)."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="promises")
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="promises",
    )
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    told_back_on = models.DateField(null=True, blank=True)
    told_back_how = models.CharField(max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="promise_told_back_after_done",
                condition=Q(told_back_on__isnull=True)
                | Q(done_on__isnull=False, told_back_on__gte=F("done_on")),
            )
        ]

    def __str__(self) -> str:
        return self.text

    def state_on(self, day: date) -> PromiseState:
        """Where the promise stands on a day."""
        return PromiseState.of(self.due_on, self.done_on, self.told_back_on, day)
