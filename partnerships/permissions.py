"""Who may do what. Each app's rules.py declares its permissions here; nothing is allowed that is not declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils import timezone

from .enums import Role
from .models import Membership, Partnership, SupportGrant, User

if TYPE_CHECKING:
    from foundation.documents.models import Document


@dataclass(frozen=True)
class Permission:
    """An act and the roles that may do it.

    `act` completes the sentence "... needs the Chief officer role": a noun phrase such as "Publishing the plan".
    """

    code: str
    act: str
    roles: frozenset[Role]
    writes: bool
    needs_second_factor: bool
    source: str


@dataclass(frozen=True)
class Answer:
    """Whether something is allowed, and the reason in words when it is not."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Answer(True)

PERMISSIONS: dict[str, Permission] = {}

# Every role that works inside a partnership reads its workspace; what is narrower says so in its own permission.
EVERY_ROLE = frozenset(Role) - {Role.NATIONAL_VIEWER}


def permission(
    code: str,
    act: str,
    *roles: Role,
    writes: bool = True,
    needs_second_factor: bool = False,
    source: str = "",
) -> Permission:
    """Declared: the act is listed on the access page and may be asked of a Standing."""
    if code in PERMISSIONS:
        raise ValueError(f"Permission {code} is declared twice")
    if writes and Role.AUDITOR in roles:
        raise ValueError(f"An auditor changes nothing, so {code} cannot be theirs")
    declared = Permission(code, act, frozenset(roles), writes, needs_second_factor, source)
    PERMISSIONS[code] = declared
    return declared


# Kinds of generated documents and the permission with which a member finds them listed.
LISTED_WITH: dict[str, Permission] = {}


def list_documents(kind: str, wanted: Permission) -> None:
    """Documents of this kind stand on the documents page of whoever may do `wanted`, without asking for each one.

    Opening one still asks the kind's own rule. A kind without such a permission is asked document by document.
    """
    LISTED_WITH[kind] = wanted


# Kinds of which a member may have some: who chooses, asked once for a page and then of each document.
Chooser = Callable[["Standing"], Callable[["Document"], bool]]
CHOSEN_BY: dict[str, Chooser] = {}


def choose_documents(kind: str, chooser: Chooser) -> None:
    """As list_documents, where the person may have some of the kind: `chooser(standing)` says which."""
    CHOSEN_BY[kind] = chooser


VIEW_PARTNERSHIP = permission("partnerships.view", "Opening the workspace", *EVERY_ROLE, writes=False)
ADMINISTER = permission(
    "partnerships.administer",
    "Inviting people and changing their roles",
    Role.ADMINISTRATOR,
    needs_second_factor=True,
)
EDIT_SCHEME = permission(
    "partnerships.edit_scheme",
    "Changing the integration scheme record",
    Role.CHIEF_OFFICER,
    Role.CLERK,
    source="2014 Act ss.1, 45-47",
)
VIEW_ACCESS = permission("partnerships.view_access", "Seeing who may do what", *EVERY_ROLE, writes=False)
VIEW_AUDIT = permission(
    "partnerships.view_audit",
    "Reading the audit trail",
    Role.AUDITOR,
    Role.CHIEF_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
    Role.ADMINISTRATOR,
    writes=False,
)


_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Standing:
    """What one person may do in one partnership on one day."""

    user: User
    partnership: Partnership
    memberships: tuple[Membership, ...]
    support: SupportGrant | None = None
    on: date = field(default_factory=timezone.localdate)
    _recalled: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def recall(self, name: str, find: Callable[[], _Found]) -> _Found:
        """What `find` found when this standing was first asked under that name.

        A standing lives for one request; several parts of a page that need the same rows share one query.
        """
        if name not in self._recalled:
            self._recalled[name] = find()
        found: _Found = self._recalled[name]
        return found

    @property
    def roles(self) -> frozenset[Role]:
        held = {Role(membership.role) for membership in self.memberships}
        return frozenset(held | {Role.SUPPORT} if self.support else held)

    @property
    def is_member(self) -> bool:
        return bool(self.roles)

    @property
    def body_ids(self) -> frozenset[int]:
        """The councils and health boards that this person speaks for as a partner officer."""
        return frozenset(m.body_id for m in self.memberships if m.role == Role.PARTNER_OFFICER and m.body_id)

    @property
    def role_names(self) -> str:
        return ", ".join(sorted(role.label for role in self.roles)) or "no role"

    def holds(self, *roles: Role) -> bool:
        return bool(self.roles & set(roles))

    def may(self, wanted: Permission) -> Answer:
        """Whether today's roles allow the act; if not, which role would."""
        allowed_by = self.roles & wanted.roles
        if wanted.writes:
            # Support access and auditors read. The table refuses to give them a writing act; this says it again.
            allowed_by -= {Role.SUPPORT, Role.AUDITOR}
        if allowed_by:
            return YES
        names = " or ".join(sorted(role.label for role in wanted.roles if role is not Role.SUPPORT))
        return Answer(
            False,
            f"{wanted.act} needs the {names} role in {self.partnership.short_name}. "
            f"You hold: {self.role_names}.",
        )


def standing_of(user: User, partnership: Partnership, on: date | None = None) -> Standing:
    """The person's standing in the partnership on a day (today unless told otherwise)."""
    day = on or timezone.localdate()
    memberships = tuple(Membership.objects.on(day).filter(user=user, partnership=partnership))
    grant = None
    if not memberships:
        grants = SupportGrant.objects.for_partnership(partnership).filter(user=user)
        # Today counts by the minute. Another day is a question about the past: any access on it counts.
        grant = (grants.at(timezone.now()) if on is None else grants.on_day(day)).first()
    return Standing(user, partnership, memberships, grant, day)


def roles_needing_second_factor() -> frozenset[Role]:
    return frozenset(
        role for wanted in PERMISSIONS.values() if wanted.needs_second_factor for role in wanted.roles
    )
