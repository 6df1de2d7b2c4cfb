"""Whether what a line says of its scope fits together."""

from __future__ import annotations

from collections.abc import Iterable

from ..enums import Arm, FundKind, ProviderSector
from ..models import BudgetLine, CareGroup
from ..refusals import MoneyRefused, OutsideThePartnership


def check_care_groups(line: BudgetLine, groups: Iterable[CareGroup]) -> None:
    """Raises OutsideThePartnership unless the partnership itself keeps these care groups."""
    for group in groups:
        if group.partnership_id != line.budget.partnership_id:
            raise OutsideThePartnership(
                {
                    "care_groups": f"“{group}” is not a care group of {line.budget.partnership}. Choose its own."
                }
            )


def check_provider(line: BudgetLine) -> None:
    """Raises MoneyRefused unless exactly the lines that others deliver name the organisation."""
    if line.provider_sector != ProviderSector.BODY and not line.provider:
        raise MoneyRefused({"provider": "Enter the name of the organisation that gives the service."})
    if line.provider_sector == ProviderSector.BODY and line.provider:
        raise MoneyRefused(
            {
                "provider": f"{line.delivered_by} gives the service itself, so no other organisation is named. "
                "Choose the sector of the organisation, or leave its name empty."
            }
        )


def check_host(line: BudgetLine) -> None:
    """Raises MoneyRefused unless just the hosted lines name host and share, and set-aside keeps to its side."""
    is_aside = line.fund == FundKind.SET_ASIDE
    if is_aside and line.is_hosted:
        refuse(
            "arm",
            "A line paid for from the set-aside belongs to the set-aside, so it cannot be hosted. Choose the "
            "payment, or another side.",
        )
    if (line.arm == Arm.SET_ASIDE) != is_aside:
        refuse(
            "arm",
            "The set-aside is a side of its own. Choose it together with “Set aside” as the money, or choose neither.",
        )
    if not line.is_hosted:
        if line.hosted_by is not None or line.hosted_share is not None:
            refuse(
                "hosted_by",
                "Only a hosted line names a host and a share. Choose the side “Hosted service”, or leave both empty.",
            )
        return
    if line.hosted_by is None:
        refuse("hosted_by", "Choose the partnership that hosts the service.")
    if line.hosted_share is None or not 0 < line.hosted_share <= 100:
        refuse(
            "hosted_share",
            "Enter this partnership’s share of the hosted service: above 0 and up to 100 per cent.",
        )


def refuse(field: str, text: str) -> None:
    raise MoneyRefused({field: text})
