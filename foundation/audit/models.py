"""Append-only tables: the database refuses UPDATE, DELETE and TRUNCATE on all three (see append_only)."""

from typing import Any

from django.db import models
from django.utils import timezone


class Entry(models.Model):
    """One act. Plain values only, so that an entry outlives the person and the thing it speaks of."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    request_id = models.CharField(max_length=64, blank=True)
    tenant = models.CharField(max_length=64, blank=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    action = models.CharField(max_length=100)
    subject_type = models.CharField(max_length=100, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    subject_label = models.CharField(max_length=300)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_entry_latest"),
            models.Index(fields=["tenant", "-at", "-id"], name="audit_entry_tenant"),
            models.Index(fields=["subject_type", "subject_id"], name="audit_entry_subject"),
            models.Index(fields=["actor_id", "-at"], name="audit_entry_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.action} {self.subject_label}"

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """What differs: (name, value before, value after), in the order of the names."""
        before = self.before if isinstance(self.before, dict) else {}
        after = self.after if isinstance(self.after, dict) else {}
        return [
            (name, before.get(name), after.get(name))
            for name in sorted(before.keys() | after.keys())
            if before.get(name) != after.get(name)
        ]


class Seal(models.Model):
    """A link of the chain: its digest covers the previous seal's digest and every entry in its batch."""

    number = models.BigIntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    entries_count = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Seal {self.number}"


class SealedEntry(models.Model):
    """Which seal holds an entry, at which place, and the digest that the entry had when it was sealed."""

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="members")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="sealed")
    position = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["seal", "position"]
        verbose_name_plural = "sealed entries"
        constraints = [
            models.UniqueConstraint(fields=["seal", "position"], name="audit_one_entry_per_position"),
        ]

    def __str__(self) -> str:
        return f"Entry {self.entry_id} in seal {self.seal_id}"
