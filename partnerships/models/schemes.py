from datetime import date

from django.db import models
from django.db.models import F, Q

from ..enums import BodyKind, FunctionSetting, IntegrationModel, Post
from .tenancy import DatedQuerySet, Partnership, ScopedQuerySet

FIRST_DAY_OF_DELEGATION = date(2016, 4, 1)


class IntegrationModelPeriod(models.Model):
    """Which model of integration a partnership works under, from a day to a day (2014 Act s.1(4), s.47)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="model_periods")
    model = models.CharField(max_length=1, choices=IntegrationModel)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "starts_on"], name="model_period_one_per_start_day"
            ),
            models.CheckConstraint(
                name="model_period_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership}: {self.get_model_display()}"


class IntegrationScheme(models.Model):
    """The founding agreement of a partnership (2014 Act s.1(3), ss.7-8, 44-47). An empty date is not recorded."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="schemes")
    version = models.PositiveSmallIntegerField(default=1)
    approved_on = models.DateField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    last_review_on = models.DateField(
        null=True, blank=True, help_text="The day on which a review decided that no change was needed"
    )
    url = models.URLField(blank=True)
    variance_policy = models.TextField(blank=True)
    virement_policy = models.TextField(blank=True)
    dispute_policy = models.TextField(blank=True)
    reporting_frequency = models.CharField(max_length=120, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "version"], name="scheme_version_once_per_partnership"
            )
        ]

    def __str__(self) -> str:
        return f"{self.partnership} integration scheme, version {self.version}"


class DelegatedFunction(models.Model):
    """A function that the scheme delegates (2014 Act s.1(3)(b), (5)-(9))."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="functions")
    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=300)
    legal_basis = models.CharField(max_length=300)
    limits = models.CharField(max_length=300, blank=True, help_text="How far the function is delegated")
    delegated_by = models.CharField(max_length=20, choices=BodyKind)
    setting = models.CharField(max_length=20, choices=FunctionSetting)
    is_prescribed = models.BooleanField(
        default=True, help_text="Must be delegated for adults (SSI 2014/344, 345)"
    )
    is_large_hospital = models.BooleanField(
        default=False,
        help_text="Carried out in a hospital for the areas of two or more councils (s.1(14))",
    )
    age_scope = models.CharField(max_length=60, default="Adults aged 18 and over")
    starts_on = models.DateField(default=FIRST_DAY_OF_DELEGATION)
    ends_on = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["delegated_by", "setting", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "code"], name="function_code_once_per_partnership"
            ),
            models.CheckConstraint(
                name="function_large_hospital_is_in_a_hospital_of_the_board",
                condition=Q(is_large_hospital=False)
                | Q(delegated_by=BodyKind.HEALTH_BOARD, setting=FunctionSetting.HOSPITAL),
            ),
            models.CheckConstraint(
                name="function_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PostHolder(models.Model):
    """Who holds a statutory post, from a day to a day."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="post_holders")
    post = models.CharField(max_length=30, choices=Post)
    name = models.CharField(max_length=120)
    is_interim = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["post", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="post_holder_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_post_display()}"
