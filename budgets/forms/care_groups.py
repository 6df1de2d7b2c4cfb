from __future__ import annotations

from typing import Any

from django import forms

from foundation.sgds.forms import Form, FormHelper

from ..models import CareGroup


class CareGroupForm(Form):
    name = forms.CharField(
        max_length=120, label="Name of the care group", help_text="For example: people with dementia."
    )
    is_key = forms.BooleanField(
        required=False, initial=True, label="The annual report shows its money (SSI 2014/326 reg 4(2)(f))"
    )

    def __init__(self, *args: Any, group: CareGroup | None = None, **kwargs: Any) -> None:
        if group is not None:
            kwargs["initial"] = {"name": group.name, "is_key": group.is_key}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Save the care group" if group else "Add the care group")
