import secrets

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from .enums import BodyKind, FunctionSetting, IntegrationModel, Post, Role


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, name: str, password: str | None = None, **fields: object
    ) -> "User":
        user = self.model(
            email=self.normalize_email(email).lower(), name=name, **fields
        )
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, name: str, password: str | None = None
    ) -> "User":
        return self.create_user(email, name, password, is_superuser=True, is_staff=True)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What they may do comes from memberships, never from this row."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_whatever_its_case")
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


class Body(models.Model):
    """A council or a health board: a constituent authority of one or more integration authorities."""

    kind = models.CharField(max_length=20, choices=BodyKind)
    code = models.CharField(
        max_length=9, unique=True, help_text="Government Statistical Service code"
    )
    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return self.name


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def visible_to(self, user: "User") -> "PartnershipQuerySet":
        """The partnerships whose workspace this person may enter today: by membership or by support access."""
        today, now = timezone.localdate(), timezone.now()
        if not user.is_authenticated:
            return self.none()
        member = Membership.objects.on(today).filter(
            user=user, partnership__isnull=False
        )
        supported = SupportGrant.objects.at(now).filter(user=user)
        return self.filter(
            Q(pk__in=member.values("partnership"))
            | Q(pk__in=supported.values("partnership"))
        )


class Partnership(models.Model):
    """An integration authority (2014 Act s.59): the tenant that everything else belongs to."""

    slug = models.SlugField(max_length=60, unique=True)
    code = models.CharField(max_length=9, unique=True, help_text="S37 area code")
    name = models.CharField(max_length=120, unique=True)
    short_name = models.CharField(max_length=60)
    health_board = models.ForeignKey(
        Body, on_delete=models.PROTECT, related_name="health_board_partnerships"
    )
    councils = models.ManyToManyField(Body, related_name="council_partnerships")
    integration_start_day = models.DateField(
        default="2016-04-01",
        help_text="The day from which functions are delegated (2014 Act s.9)",
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["short_name"]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("partnerships:home", args=[self.slug])


class ScopedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """For rows with a `partnership` of their own."""

    def for_partnership(self, partnership: Partnership) -> "ScopedQuerySet":
        return self.filter(partnership=partnership)

    def visible_to(self, user: User) -> "ScopedQuerySet":
        return self.filter(partnership__in=Partnership.objects.visible_to(user))


class DatedQuerySet(ScopedQuerySet):
    """For rows that hold from `starts_on` to `ends_on`, both days included; no end means until further notice."""

    def on(self, day: object) -> "DatedQuerySet":
        return self.filter(
            Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
        )


class Membership(models.Model):
    """A role that one person holds, from a day to a day. National viewers belong to no single partnership."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    partnership = models.ForeignKey(
        Partnership,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    role = models.CharField(max_length=30, choices=Role)
    body = models.ForeignKey(
        Body,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text="The council or health board of a partner officer",
    )
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "role"]
        constraints = [
            models.CheckConstraint(
                name="membership_national_or_of_a_partnership",
                condition=Q(role=Role.NATIONAL_VIEWER, partnership__isnull=True)
                | (~Q(role=Role.NATIONAL_VIEWER) & Q(partnership__isnull=False)),
            ),
            models.CheckConstraint(
                name="membership_partner_officer_has_body",
                condition=~Q(role=Role.PARTNER_OFFICER) | Q(body__isnull=False),
            ),
            models.CheckConstraint(
                name="membership_auditor_is_time_boxed",
                condition=~Q(role=Role.AUDITOR) | Q(ends_on__isnull=False),
            ),
            models.CheckConstraint(
                name="membership_support_goes_through_a_grant",
                condition=~Q(role=Role.SUPPORT),
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [models.Index(fields=["user", "partnership"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} in {self.partnership or 'Scotland'}"


class SupportGrantQuerySet(models.QuerySet["SupportGrant"]):
    def at(self, moment: object) -> "SupportGrantQuerySet":
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)


class SupportGrant(models.Model):
    """Reading access for a support person, for hours, with a reason. Every page they open is recorded."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="support_grants",
    )
    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="support_grants"
    )
    reason = models.CharField(max_length=300)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SupportGrantQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                name="support_grant_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: support access to {self.partnership}"


def new_token() -> str:
    return secrets.token_urlsafe(32)


class Invitation(models.Model):
    """A role offered by mail. It becomes a membership when the person accepts it; unused ones lapse."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField("e-mail address")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=30, choices=Role)
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)
    token = models.CharField(max_length=64, unique=True, default=new_token)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at"]

    def __str__(self) -> str:
        return f"Invitation of {self.email} as {self.get_role_display()}"


class IntegrationModelPeriod(models.Model):
    """Which model of integration a partnership works under, from a day to a day (2014 Act s.1(4), s.47)."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="model_periods"
    )
    model = models.CharField(max_length=1, choices=IntegrationModel)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "starts_on"],
                name="model_period_one_per_start_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.partnership}: {self.get_model_display()}"


class IntegrationScheme(models.Model):
    """The founding agreement of a partnership (2014 Act s.1(3), ss.7-8, 44-47)."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="schemes"
    )
    version = models.PositiveSmallIntegerField(default=1)
    approved_on = models.DateField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    last_review_on = models.DateField(null=True, blank=True)
    url = models.URLField(blank=True)
    variance_policy = models.TextField(blank=True)
    virement_policy = models.TextField(blank=True)
    reporting_frequency = models.CharField(max_length=120, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "version"],
                name="scheme_version_once_per_partnership",
            )
        ]

    def __str__(self) -> str:
        return f"{self.partnership} integration scheme, version {self.version}"


class DelegatedFunction(models.Model):
    """A function that the scheme delegates (2014 Act s.1(3)(b), (5)-(9))."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="functions"
    )
    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=300)
    legal_basis = models.CharField(max_length=300)
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
    starts_on = models.DateField(default="2016-04-01")
    ends_on = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["delegated_by", "setting", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "code"],
                name="function_code_once_per_partnership",
            )
        ]

    def __str__(self) -> str:
        return self.title


class PostHolder(models.Model):
    """Who holds a statutory post, from a day to a day."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="post_holders"
    )
    post = models.CharField(max_length=30, choices=Post)
    name = models.CharField(max_length=120)
    is_interim = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["post", "-starts_on"]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_post_display()}"
