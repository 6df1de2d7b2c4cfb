from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from ..enums import Role
from .tenancy import Body, Partnership, ScopedQuerySet


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, name: str, password: str | None = None) -> "User":
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
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_whatever_its_case")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


# Digits of the largest key that the database holds.
LONGEST_KEY = 18


class InvitationQuerySet(ScopedQuerySet):
    def open(self) -> "InvitationQuerySet":
        """Those that can still be accepted."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())

    def with_token(self, token: str) -> "Invitation":
        """The invitation that the link in the mail leads to, whatever its state. Raises Invitation.DoesNotExist."""
        key = token.partition(".")[0]
        if not key.isdecimal() or len(key) > LONGEST_KEY:
            raise Invitation.DoesNotExist(token)
        invitation: Invitation = self.get(pk=key)
        try:
            invitation.signer.unsign(token)
        except BadSignature:
            raise Invitation.DoesNotExist(token) from None
        return invitation


class Invitation(models.Model):
    """A role offered by mail. It becomes a membership when the person accepts it; unused ones lapse."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mail address")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=30, choices=Role)
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    invited_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            models.CheckConstraint(
                name="invitation_partner_officer_has_body",
                condition=~Q(role=Role.PARTNER_OFFICER) | Q(body__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_auditor_is_time_boxed",
                condition=~Q(role=Role.AUDITOR) | Q(ends_on__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_to_a_role_of_the_partnership",
                condition=~Q(role__in=[Role.SUPPORT, Role.NATIONAL_VIEWER]),
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.email} as {self.get_role_display()}"

    @property
    def signer(self) -> Signer:
        """Signs with the portal's secret: neither a guess nor a copy of the database opens an invitation.

        Bound to the person and the moment, so that a link never fits another invitation that came to have its number.
        """
        return Signer(sep=".", salt=f"partnerships.invitation {self.email} {self.invited_at.isoformat()}")

    @property
    def token(self) -> str:
        return self.signer.sign(str(self.pk))

    @property
    def is_open(self) -> bool:
        return not self.accepted_at and not self.withdrawn_at and self.expires_at > timezone.now()
