"""What the budget is spent on, and where."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from localities.models import Locality
from partnerships.models import Body, DelegatedFunction, Partnership, ScopedQuerySet, User

from ..enums import Arm, FundKind, LocalityMethod, ProviderSector, Setting, SpendCategory, Subjective
from .budgets import Budget, OfBudgetQuerySet
from .money import Money


class CareGroup(models.Model):
    """People whose care is told apart in the money, such as people with dementia (SSI 2014/326 reg 4(2)(f)).

    Care groups overlap the categories A to E and each other, and are never added to them.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="care_groups")
    name = models.CharField(max_length=120)
    is_key = models.BooleanField(default=True, help_text="A key care group of the annual report")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="care_group_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class BudgetLine(models.Model):
    """A sum allocated to a service: function, delivering body, category, setting, fund, arm."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="lines")
    title = models.CharField(max_length=200)
    group = models.CharField(max_length=120, blank=True, help_text="Heading under which the line is shown")
    function = models.ForeignKey(DelegatedFunction, null=True, blank=True, on_delete=models.PROTECT)
    delivered_by = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="budget_lines")
    provider_sector = models.CharField(
        max_length=20,
        choices=ProviderSector,
        default=ProviderSector.BODY,
        help_text="Who gives the service for the delivering body",
    )
    provider = models.CharField(
        max_length=200, blank=True, help_text="The organisation, where it is not the body itself"
    )
    fund = models.CharField(max_length=20, choices=FundKind, default=FundKind.PAYMENT)
    category = models.CharField(max_length=1, choices=SpendCategory)
    setting = models.CharField(max_length=20, choices=Setting)
    subjective = models.CharField(
        max_length=20,
        choices=Subjective,
        blank=True,
        help_text="Subjective heading of the ledger; empty: not told apart",
    )
    code = models.CharField(max_length=40, blank=True, help_text="By which ledgers and files know the line")
    arm = models.CharField(max_length=20, choices=Arm)
    hosted_by = models.ForeignKey(
        Partnership,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The partnership that runs the service for several",
    )
    hosted_share = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="This partnership's share, in per cent",
    )
    hosted_total = Money(
        null=True, blank=True, help_text="The host's budget for the whole service, in pounds; empty: not told"
    )
    is_recurring = models.BooleanField(default=True)
    is_institutional = models.BooleanField(
        default=False, help_text="In a hospital or a care home, as against in the community"
    )
    care_groups = models.ManyToManyField(CareGroup, blank=True, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)
    original = Money(
        null=True, blank=True, help_text="The amount when the budget was agreed; empty before that"
    )
    amount = Money(help_text="Allocated for the year as it stands now, in pounds; income stands below zero")
    actual = Money(null=True, blank=True, help_text="Spent in the year, in pounds")
    locality_method = models.CharField(
        max_length=20, choices=LocalityMethod, blank=True, help_text="How the split by locality was made"
    )
    locality_note = models.CharField(
        max_length=200, blank=True, help_text="What else there is to know about the split by locality"
    )
    revision = models.PositiveIntegerField(default=1)
    imported_from = models.ForeignKey(
        "budgets.LineImport", null=True, blank=True, on_delete=models.RESTRICT, related_name="lines"
    )
    imported_row = models.PositiveIntegerField(null=True, blank=True, help_text="Row of the file, from 1")
    imported_revision = models.PositiveIntegerField(
        null=True, blank=True, help_text="The line's revision when it was imported; higher now: changed since"
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = OfBudgetQuerySet.as_manager()

    class Meta:
        ordering = ["position", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "title", "delivered_by"],
                name="budget_line_title_once",
            ),
            models.UniqueConstraint(
                fields=["budget", "code"], name="budget_line_code_once", condition=~Q(code="")
            ),
            models.CheckConstraint(
                name="budget_line_arm_fits_the_fund",
                condition=Q(arm=Arm.SET_ASIDE, fund=FundKind.SET_ASIDE)
                | (~Q(arm=Arm.SET_ASIDE) & ~Q(fund=FundKind.SET_ASIDE)),
            ),
            models.CheckConstraint(
                name="budget_line_hosted_with_host_and_share",
                condition=Q(
                    arm=Arm.HOSTED, hosted_by__isnull=False, hosted_share__gt=0, hosted_share__lte=100
                )
                | (~Q(arm=Arm.HOSTED) & Q(hosted_by__isnull=True, hosted_share__isnull=True)),
            ),
            models.CheckConstraint(
                name="budget_line_total_of_a_host",
                condition=Q(hosted_total__isnull=True) | Q(arm=Arm.HOSTED),
            ),
            models.CheckConstraint(
                name="budget_line_provider_of_a_sector",
                condition=Q(provider_sector=ProviderSector.BODY, provider="")
                | (~Q(provider_sector=ProviderSector.BODY) & ~Q(provider="")),
            ),
            models.CheckConstraint(
                name="budget_line_split_note_with_a_method",
                condition=Q(locality_note="") | ~Q(locality_method=""),
            ),
            models.CheckConstraint(
                name="budget_line_imported_from_a_row",
                condition=Q(
                    imported_from__isnull=True, imported_row__isnull=True, imported_revision__isnull=True
                )
                | Q(imported_from__isnull=False, imported_row__gte=1, imported_revision__gte=1),
            ),
            models.CheckConstraint(
                name="budget_line_below_zero_for_income_alone",
                condition=Q(subjective=Subjective.INCOME, amount__lte=0)
                | (~Q(subjective=Subjective.INCOME) & Q(amount__gte=0)),
            ),
            models.CheckConstraint(
                name="budget_line_no_income_of_the_set_aside",
                condition=~Q(subjective=Subjective.INCOME, fund=FundKind.SET_ASIDE),
            ),
            models.CheckConstraint(
                name="budget_line_set_aside_for_a_function",
                condition=~Q(fund=FundKind.SET_ASIDE) | Q(function__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("budgets:line", args=[self.budget.partnership.slug, self.budget.year, self.pk])

    @property
    def is_hosted(self) -> bool:
        """Whether one partnership runs the service for several: the line is our share of it."""
        return self.arm == Arm.HOSTED

    @property
    def is_income(self) -> bool:
        """Whether the line lowers what the year costs: its figures stand below zero."""
        return self.subjective == Subjective.INCOME

    @property
    def locality_words(self) -> str:
        """How the split by locality was made, with the note; empty without a split."""
        said = self.get_locality_method_display()
        return f"{said} ({self.locality_note})" if self.locality_note else said

    @property
    def given_by(self) -> str:
        """Who gives the service: the body, or the organisation with its sector."""
        if self.provider_sector == ProviderSector.BODY:
            return str(self.delivered_by)
        sector = "third sector" if self.provider_sector == ProviderSector.THIRD else "independent sector"
        return f"{self.provider} ({sector}), for {self.delivered_by}"

    @property
    def is_as_imported(self) -> bool:
        """Whether nobody has changed the line since its figures came from a file."""
        return self.imported_revision == self.revision

    @property
    def movement(self) -> Decimal | None:
        """What was added to the line since the budget was agreed; None before that."""
        return None if self.original is None else self.amount - self.original

    @property
    def variance(self) -> Decimal | None:
        """Budget less spent; negative is an overspend; None while nothing is recorded."""
        return None if self.actual is None else self.amount - self.actual


class LocalityShareQuerySet(models.QuerySet["LocalityShare"]):
    """For rows that reach their partnership through `line.budget`."""

    def for_partnership(self, partnership: Partnership) -> Self:
        return self.filter(line__budget__partnership=partnership)

    def visible_to(self, user: User) -> Self:
        return self.filter(line__budget__partnership__in=Partnership.objects.visible_to(user))


class LocalityShare(models.Model):
    """The part of a line that is spent in one locality, in pounds. What is left is area-wide and shown as such.

    The database holds it on the line's side of zero.
    """

    line = models.ForeignKey(BudgetLine, on_delete=models.CASCADE, related_name="locality_shares")
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="budget_shares")
    amount = Money()

    objects = LocalityShareQuerySet.as_manager()

    class Meta:
        ordering = ["locality"]
        constraints = [
            models.UniqueConstraint(fields=["line", "locality"], name="locality_share_once_per_line"),
        ]

    def __str__(self) -> str:
        return f"{self.line} in {self.locality}"
