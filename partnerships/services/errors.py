"""Why something could not be done. The text of each is written for the person who tried it."""

from typing import Any


class NotPossible(Exception):
    """Nothing was changed; the text says why and what to do."""


class RoleRefused(NotPossible):
    """The role cannot be given like that: `faults` holds the words by field."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


class AlreadyHolds(NotPossible):
    """The person holds that role in that time."""


class RoleIsOver(NotPossible):
    """The role has ended; what was is not rewritten."""


class LastAdministrator(NotPossible):
    """Without this role nobody could administer the partnership."""


class InvitationUnusable(NotPossible):
    """The invitation was used, withdrawn or has run out, or is for somebody else."""


class AlreadyMember(NotPossible):
    """The person has an account and signs in instead of making another."""


class SupportRefused(NotPossible):
    """Support access cannot be given like that."""


class FunctionIsPrescribed(NotPossible):
    """The law asks for this function to be delegated."""


class EditedMeanwhile(NotPossible):
    """Somebody else saved first; `current` is the row as it is now."""

    def __init__(self, current: Any) -> None:
        super().__init__("Somebody else saved changes while you were editing. Nothing of yours is lost.")
        self.current = current
