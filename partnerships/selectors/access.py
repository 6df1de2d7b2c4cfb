"""Who may do what, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.apps import apps

from ..enums import Role
from ..models import Membership, Partnership, User
from ..permissions import PERMISSIONS, Answer, Permission, Standing, standing_of
from ..rules import words_of
from .audit import app_words


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One act and, in the order of role_columns(), whether each role may do it."""

    permission: Permission
    allowed: list[bool]


def role_columns() -> list[Role]:
    """The roles of the table: all that work inside a partnership."""
    return [role for role in Role if role is not Role.NATIONAL_VIEWER]


def matrix() -> list[tuple[str, list[MatrixRow]]]:
    """Every declared permission under the name of its app, in the order in which the apps are installed."""
    columns = role_columns()
    by_app: dict[str, list[MatrixRow]] = defaultdict(list)
    for wanted in PERMISSIONS.values():
        row = MatrixRow(wanted, [role in wanted.roles for role in columns])
        by_app[wanted.code.partition(".")[0]].append(row)
    order = [config.label for config in apps.get_app_configs()]
    return [(app_words(app), by_app[app]) for app in sorted(by_app, key=order.index)]


@dataclass(frozen=True, slots=True)
class Holder:
    """One role that somebody holds on the day that is asked about."""

    membership: Membership

    @property
    def words(self) -> str:
        for_body = f" for {self.membership.body}" if self.membership.body else ""
        until = f" until {words_of(self.membership.ends_on)}" if self.membership.ends_on else ""
        return f"{self.membership.user}{for_body}, since {words_of(self.membership.starts_on)}{until}"


def holders_by_role(partnership: Partnership, on: date) -> list[tuple[Role, list[Holder]]]:
    """Every role with the people who hold it on that day; roles that nobody holds have an empty list."""
    held: dict[str, list[Holder]] = defaultdict(list)
    rows = Membership.objects.for_partnership(partnership).on(on).select_related("user", "body")
    for membership in rows:
        held[membership.role].append(Holder(membership))
    return [(role, held[role]) for role in role_columns() if role is not Role.SUPPORT]


def people_ever(partnership: Partnership) -> list[User]:
    """Everybody who holds or held a role here or has had support access: the choices of "who?"."""
    members = User.objects.filter(memberships__partnership=partnership)
    supporters = User.objects.filter(support_grants__partnership=partnership)
    return list(members.union(supporters).order_by("name"))


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why somebody may or may not do something on a day."""

    standing: Standing
    permission: Permission
    answer: Answer
    because: str


def explain(user: User, partnership: Partnership, wanted: Permission, on: date) -> Explanation:
    """The answer that the portal itself gives on that day, with the roles that it rests on."""
    standing = standing_of(user, partnership, on)
    answer = standing.may(wanted)
    if not answer:
        return Explanation(standing, wanted, answer, _why_not(standing, wanted))
    resting_on = [
        f"{Role(m.role).label} since {words_of(m.starts_on)}"
        + (f", until {words_of(m.ends_on)}" if m.ends_on else "")
        + (f" ({m.reason})" if m.reason else "")
        for m in standing.memberships
        if m.role in wanted.roles
    ]
    if standing.support and Role.SUPPORT in wanted.roles:
        resting_on.append(f"support access: {standing.support.reason}")
    return Explanation(standing, wanted, answer, "; ".join(resting_on))


def _why_not(standing: Standing, wanted: Permission) -> str:
    needed = " or ".join(sorted(role.label for role in wanted.roles if role is not Role.SUPPORT))
    return f"It needs the {needed} role; held that day: {standing.role_names}"
