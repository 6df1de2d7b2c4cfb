from .filters import AccessForm, AuditFilterForm, PeopleFilterForm
from .people import AcceptForm, EndRoleForm, InviteForm, RoleForm, SupportForm
from .schemes import (
    EndFunctionForm,
    FunctionForm,
    LargeHospitalForm,
    ModelForm,
    PostHolderForm,
    SchemeForm,
    StartDayForm,
)

__all__ = [
    "AcceptForm",
    "AccessForm",
    "AuditFilterForm",
    "EndFunctionForm",
    "EndRoleForm",
    "FunctionForm",
    "InviteForm",
    "LargeHospitalForm",
    "ModelForm",
    "PeopleFilterForm",
    "PostHolderForm",
    "RoleForm",
    "SchemeForm",
    "StartDayForm",
    "SupportForm",
]
