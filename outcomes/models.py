import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Partnership, User

from .enums import Better, IndicatorSet, ReportingStatus


class Outcome(models.Model):
    """A national health and wellbeing outcome in the words of SSI 2014/343, schedule."""

    number = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(max_length=80, help_text="A short name of ours, for lists and charts")
    text = models.TextField()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Outcome {self.number}: {self.title}"


class Principle(models.Model):
    """An integration delivery principle in the words of the 2014 Act, s.31(1)."""

    code = models.CharField(max_length=5, unique=True)
    position = models.PositiveSmallIntegerField(unique=True)
    text = models.TextField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"Principle ({self.code})"


class Indicator(models.Model):
    """Something measured in every partnership by one published method."""

    code = models.CharField(max_length=40, unique=True)
    slug = models.SlugField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=1000)
    title = models.CharField(max_length=300)
    short_title = models.CharField(max_length=80)
    indicator_set = models.CharField(max_length=20, choices=IndicatorSet)
    unit = models.CharField(max_length=80)
    decimals = models.PositiveSmallIntegerField(default=1, help_text="Decimals that sentences and lists show")
    better = models.CharField(max_length=10, choices=Better)
    interval_years = models.PositiveSmallIntegerField(
        default=1, help_text="Years from one value to the next: 2 for the health and care experience survey"
    )
    is_survey = models.BooleanField(
        default=False, help_text="Answers of a sample, so values carry sampling error"
    )
    is_total = models.BooleanField(
        default=False, help_text="A number for the whole area, so it is not set against Scotland's number"
    )
    status = models.CharField(max_length=20, choices=ReportingStatus)
    status_note = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    outcomes = models.ManyToManyField(Outcome, related_name="indicators", blank=True)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return f"{self.code}: {self.short_title}"

    def get_absolute_url(self, partnership: Partnership) -> str:
        return reverse("outcomes:indicator", args=[partnership.slug, self.slug])


class DataRelease(models.Model):
    """One published file that values were taken from, so that a report can say what was known when."""

    name = models.CharField(max_length=300, unique=True)
    attribution = models.CharField(max_length=300)
    url = models.URLField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-recorded_at"]

    def __str__(self) -> str:
        return self.name


class IndicatorValueQuerySet(models.QuerySet["IndicatorValue"]):
    def for_partnership(self, partnership: Partnership) -> "IndicatorValueQuerySet":
        return self.filter(partnership=partnership)

    def for_partnership_and_scotland(self, partnership: Partnership) -> "IndicatorValueQuerySet":
        return self.filter(Q(partnership=partnership) | Q(partnership__isnull=True))

    def visible_to(self, user: User) -> "IndicatorValueQuerySet":
        """The values of the person's partnerships, and Scotland's."""
        visible = Partnership.objects.visible_to(user)
        return self.filter(Q(partnership__in=visible) | Q(partnership__isnull=True))

    def as_at(self, day: datetime.date) -> "IndicatorValueQuerySet":
        """The values that had been recorded by the end of the day, in London."""
        next_day = timezone.make_aware(
            datetime.datetime.combine(day, datetime.time.min)
        ) + datetime.timedelta(days=1)
        return self.filter(release__recorded_at__lt=next_day)

    def newest_vintages(self) -> "IndicatorValueQuerySet":
        """For each indicator, partnership and period the one value that was recorded last."""
        return self.order_by(
            "indicator_id", "partnership_id", "period", "-release__recorded_at", "-pk"
        ).distinct("indicator_id", "partnership_id", "period")


class IndicatorValue(models.Model):
    """A published value. Append-only: a revised value is a new row of a newer release."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="values")
    partnership = models.ForeignKey(
        Partnership, null=True, blank=True, on_delete=models.PROTECT, related_name="indicator_values"
    )  # none: the value for Scotland
    period = models.CharField(max_length=30, help_text="2019/20, 2021, 2017/18 Q4")
    period_starts_on = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    is_provisional = models.BooleanField(default=False)
    breaks_series = models.BooleanField(default=False, help_text="Not comparable with earlier values")
    note = models.CharField(max_length=300, blank=True)
    release = models.ForeignKey(DataRelease, on_delete=models.PROTECT, related_name="values")

    objects = IndicatorValueQuerySet.as_manager()

    class Meta:
        ordering = ["period_starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "partnership", "period", "release"],
                name="indicator_value_once_per_release",
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["indicator", "partnership", "period_starts_on"])]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.period}: {self.value}"
