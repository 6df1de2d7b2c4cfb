"""Files of budget lines: how a partner's ledger says what a line says, and each file on its way into a budget."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from foundation.incoming.models import IncomingFile
from partnerships.models import Partnership, ScopedQuerySet

from ..enums import ImportState, Sign, Unit
from .budgets import Budget, OfBudgetQuerySet


class LedgerLayout(models.Model):
    """What the headers of one kind of file mean, saved so that the next file is read without asking.

    `means` gives for each header, in small letters, the key of a column of budgets.shape, empty for one that is left
    out; `fixed` what a new line says where the file does not.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="ledger_layouts")
    name = models.CharField(max_length=80)
    means = models.JSONField(default=dict)
    unit = models.CharField(max_length=10, choices=Unit, default=Unit.POUNDS)
    sign = models.CharField(max_length=10, choices=Sign, default=Sign.SPENDING_PLAIN)
    header_row = models.PositiveIntegerField(default=0, help_text="Where the headers stood; 0: anywhere")
    fixed = models.JSONField(default=dict, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="ledger_layout_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class LineImport(IncomingFile):
    """One file of lines: as it was sent, then what it would change, then that it was applied.

    The row is the queue's truth. `layout` says how to read the file once that is known, `found` what was found in it;
    `seen` is the fingerprint of the budget that it was compared with. The file is kept with what was applied, so that
    every figure leads back to file and row.
    """

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="imports")
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.WAITING)
    layout = models.JSONField(default=dict, blank=True)
    layout_name = models.CharField(max_length=80, blank=True)
    seen = models.CharField(max_length=64, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    faults = models.PositiveIntegerField(default=0)

    objects = OfBudgetQuerySet.as_manager()

    class Meta(IncomingFile.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ImportState.REFUSED) | ~Q(refusal=""), name="line_import_refused_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state=ImportState.APPLIED)
                | (~Q(file="") & ~Q(sha256="") & Q(applied_at__isnull=False, faults=0)),
                name="line_import_applied_keeps_its_file",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("budgets:line_import", args=[self.budget.partnership.slug, self.budget.year, self.pk])

    @property
    def is_applied(self) -> bool:
        return self.state == ImportState.APPLIED
