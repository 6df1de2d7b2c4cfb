"""Forms of a plan that people write themselves against one of its versions: easy read, Gaelic."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ..enums import WrittenForm
from .plans import OfPlanQuerySet, Plan
from .versions import PlanVersion


class WrittenVariant(models.Model):
    """The plan in easy words, or in Gaelic, as somebody wrote it for `version`. A published one stays as it is.

    A plan has at most one of each form in hand; the newest published one is what the public reads.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="written_variants")
    form = models.CharField(max_length=12, choices=WrittenForm)
    number = models.PositiveSmallIntegerField()
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="written_variants")
    title = models.CharField(max_length=160)
    body = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["form", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "form", "number"], name="written_variant_number_once"),
            models.UniqueConstraint(
                fields=["plan", "form"],
                condition=Q(published_at=None),
                name="written_variant_one_in_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse(
            "strategic_plans:written_variant", args=[self.plan.partnership.slug, self.plan.slug, self.form]
        )

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def language(self) -> str:
        return WrittenForm(self.form).language
