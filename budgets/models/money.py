"""How sums are kept."""

from typing import Any

from django.db import models


class Money(models.DecimalField):
    """Pounds and pence."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"], kwargs["decimal_places"] = 14, 2
        super().__init__(*args, **kwargs)
