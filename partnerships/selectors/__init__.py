from .access import (
    Explanation,
    Holder,
    MatrixRow,
    explain,
    holders_by_role,
    matrix,
    people_ever,
    role_columns,
)
from .audit import ChainState, EntryView, action_words, app_words, chain_state, entry_rows, entry_view
from .documents import documents_for
from .home import HomePage, home_page, roles_due, scheme_due
from .people import (
    PersonPage,
    open_invitations,
    person_page,
    role_rows,
    support_grants,
    support_people,
)
from .schemes import FunctionGroup, SchemePage, current_scheme, saved_facts, scheme_page

__all__ = [
    "ChainState",
    "EntryView",
    "Explanation",
    "FunctionGroup",
    "Holder",
    "HomePage",
    "MatrixRow",
    "PersonPage",
    "SchemePage",
    "action_words",
    "app_words",
    "chain_state",
    "current_scheme",
    "documents_for",
    "entry_rows",
    "entry_view",
    "explain",
    "holders_by_role",
    "home_page",
    "matrix",
    "open_invitations",
    "people_ever",
    "person_page",
    "role_columns",
    "role_rows",
    "roles_due",
    "saved_facts",
    "scheme_due",
    "scheme_page",
    "support_grants",
    "support_people",
]
