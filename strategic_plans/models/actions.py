"""What is promised under a priority, and what is reported on it while the plan is in force."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from budgets.models import BudgetLine, Money
from localities.models import Locality
from partnerships.models import Partnership, User

from ..enums import ActionStatus
from .priorities import Priority


class ActionQuerySet(models.QuerySet["Action"]):
    """For rows that reach their partnership through `priority.plan`."""

    def for_partnership(self, partnership: Partnership) -> "ActionQuerySet":
        return self.filter(priority__plan__partnership=partnership)

    def visible_to(self, user: User) -> "ActionQuerySet":
        return self.filter(priority__plan__partnership__in=Partnership.objects.visible_to(user))


class Action(models.Model):
    """Something that will be done for a priority: by whom, by when, where, and for how much.

    Its title, words, dates, money and places are the promise: they change in a draft and are frozen with the plan.
    `status` is what the newest update says and changes through updates alone, in a draft as in a published plan.
    """

    priority = models.ForeignKey(Priority, on_delete=models.CASCADE, related_name="actions")
    number = models.PositiveSmallIntegerField(help_text="Its place under the priority, counted from 1")
    title = models.CharField(max_length=160)
    what = models.TextField("what will be done", blank=True, max_length=2_000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="owned_actions",
        help_text="The person who reports on it here",
    )
    owner_words = models.CharField(
        max_length=120,
        blank=True,
        help_text="The body or role that answers for it: NHS Lothian, head of finance",
    )
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    cost = Money(null=True, blank=True, help_text="What it costs over its whole time, in pounds")
    line = models.ForeignKey(
        BudgetLine, null=True, blank=True, on_delete=models.PROTECT, related_name="plan_actions"
    )
    paid_from = models.CharField(
        max_length=160, blank=True, help_text="Where the money comes from if no budget line pays"
    )
    localities = models.ManyToManyField(
        Locality, related_name="plan_actions", blank=True, help_text="None: the whole area"
    )
    status = models.CharField(
        max_length=12, choices=ActionStatus.reported(), default=ActionStatus.NOT_STARTED
    )
    carried_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="carried_to"
    )
    revision = models.PositiveIntegerField(default=1)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["priority__number", "number"]
        constraints = [
            # Deferred, so that two actions can change places in one transaction.
            models.UniqueConstraint(
                fields=["priority", "number"],
                name="action_number_once_per_priority",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="action_ends_after_it_starts",
                condition=Q(starts_on__isnull=True) | Q(due_on__isnull=True) | Q(due_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="action_cost_not_negative", condition=Q(cost__isnull=True) | Q(cost__gte=0)
            ),
            models.CheckConstraint(name="action_status_is_reported", condition=~Q(status=ActionStatus.LATE)),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    def get_absolute_url(self) -> str:
        plan = self.priority.plan
        return reverse("strategic_plans:action", args=[plan.partnership.slug, plan.slug, self.pk])

    @property
    def label(self) -> str:
        """Its number in the plan: 2.3 is the third action of the second priority."""
        return f"{self.priority.number}.{self.number}"

    def status_on(self, day: date) -> ActionStatus:
        """Where the action stands on a day: as reported, or late."""
        return ActionStatus.on(day, self.status, self.due_on)


class ActionUpdateQuerySet(models.QuerySet["ActionUpdate"]):
    """For rows that reach their partnership through `action.priority.plan`."""

    def for_partnership(self, partnership: Partnership) -> "ActionUpdateQuerySet":
        return self.filter(action__priority__plan__partnership=partnership)

    def visible_to(self, user: User) -> "ActionUpdateQuerySet":
        return self.filter(action__priority__plan__partnership__in=Partnership.objects.visible_to(user))


class ActionUpdate(models.Model):
    """What somebody reported on an action, with their name. Rows are never changed: a correction is a new update.

    Without words it says that nothing changed, which is an answer too.
    """

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="updates")
    status = models.CharField(max_length=12, choices=ActionStatus.reported())
    words = models.TextField(blank=True, max_length=2_000)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Sent with the form, so that a form sent twice over a bad line is one update.
    submission = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = ActionUpdateQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="action_update_status_is_reported", condition=~Q(status=ActionStatus.LATE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.get_status_display()}"
