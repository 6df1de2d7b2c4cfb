"""Each party's own word on each figure."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnerships.models import Body, Membership

from ..enums import Word
from .budgets import Budget, OfBudgetQuerySet
from .contributions import Contribution
from .lines import BudgetLine
from .money import Money


class Confirmation(models.Model):
    """A party's word on one figure: it confirms the amount that stood, or says which one it thinks right.

    Words are never changed: the newest one of a party counts, and only while the amount that it was about stands.
    A database trigger holds that the person speaks for the party: a partner officer of that body, or, for the
    authority's own word (no body), its chief finance officer.
    """

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="confirmations")
    contribution = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.CASCADE, related_name="confirmations"
    )
    line = models.ForeignKey(
        BudgetLine, null=True, blank=True, on_delete=models.CASCADE, related_name="confirmations"
    )
    body = models.ForeignKey(
        Body,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The party that speaks; empty for the integration authority",
    )
    word = models.CharField(max_length=10, choices=Word)
    stood = Money(help_text="The amount that stood when this was said")
    amount = Money(help_text="The amount that the party thinks right")
    reason = models.TextField(blank=True, help_text="Why the party thinks another amount right")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    membership = models.ForeignKey(
        Membership,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The role in which the person spoke",
    )
    said_at = models.DateTimeField(default=timezone.now)

    objects = OfBudgetQuerySet.as_manager()

    class Meta:
        ordering = ["-said_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="confirmation_of_one_figure",
                condition=Q(contribution__isnull=False, line__isnull=True)
                | Q(contribution__isnull=True, line__isnull=False),
            ),
            models.CheckConstraint(
                name="confirmation_is_of_the_amount_that_stood",
                condition=Q(word=Word.CONFIRMED, amount=models.F("stood"), reason="")
                | (Q(word=Word.DISPUTED) & ~Q(amount=models.F("stood")) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="confirmation_authority_does_not_dispute_its_own_record",
                condition=Q(body__isnull=False) | Q(word=Word.CONFIRMED),
            ),
            models.CheckConstraint(
                name="confirmation_of_a_contribution_not_negative",
                condition=Q(contribution__isnull=True) | Q(amount__gte=0),
            ),
        ]
        indexes = [
            models.Index(fields=["line", "body", "-said_at"], name="confirmation_of_line"),
            models.Index(fields=["contribution", "body", "-said_at"], name="confirmation_of_contribution"),
        ]

    def __str__(self) -> str:
        return f"{self.get_word_display()}: {self.line or self.contribution}"
