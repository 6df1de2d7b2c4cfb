from django.db import models
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Partnership

from .enums import Better, IndicatorSet, ReportingStatus


class Outcome(models.Model):
    """A national health and wellbeing outcome in the words of SSI 2014/343, schedule."""

    number = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(
        max_length=80, help_text="A short name of ours, for lists and charts"
    )
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
    better = models.CharField(max_length=10, choices=Better)
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
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-recorded_at"]

    def __str__(self) -> str:
        return self.name


class IndicatorValue(models.Model):
    """A published value. Append-only: a revised value is a new row of a newer release."""

    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="values"
    )
    partnership = models.ForeignKey(
        Partnership,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicator_values",
    )  # none: the value for Scotland
    period = models.CharField(
        max_length=30, help_text="As published: 2019/20, 2021, 2017/18 Q4"
    )
    period_starts_on = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField(
        max_digits=16, decimal_places=4, null=True, blank=True
    )
    denominator = models.DecimalField(
        max_digits=16, decimal_places=4, null=True, blank=True
    )
    is_provisional = models.BooleanField(default=False)
    breaks_series = models.BooleanField(
        default=False, help_text="Not comparable with earlier values"
    )
    note = models.CharField(max_length=300, blank=True)
    release = models.ForeignKey(
        DataRelease, on_delete=models.PROTECT, related_name="values"
    )

    class Meta:
        ordering = ["period_starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "partnership", "period", "release"],
                name="indicator_value_once_per_release",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(fields=["indicator", "partnership", "period_starts_on"])
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.period}: {self.value}"
