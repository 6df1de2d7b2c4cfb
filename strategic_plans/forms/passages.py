from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from foundation.sgds.forms import FilterForm

from ..selectors.passages import Choice, Question, choices_for

LONGEST_QUERY = 200


class SearchForm(FilterForm):
    """What the public search looks for. Each list offers what would find something, with how many passages."""

    q = forms.CharField(required=False, max_length=LONGEST_QUERY, label="Words")
    partnership = forms.CharField(required=False, label="Partnership", widget=forms.Select)
    locality = forms.CharField(required=False, label="Locality", widget=forms.Select)
    outcome = forms.IntegerField(
        required=False, min_value=1, max_value=99, label="Outcome", widget=forms.Select
    )
    year = forms.IntegerField(
        required=False, min_value=2000, max_value=2200, label="In force in", widget=forms.Select
    )

    def question(self) -> Question:
        """What can be read of it; what cannot is told beside its box and narrows nothing. The lists are filled."""
        self.is_valid()
        chosen = self.cleaned_data
        question = Question(
            words=chosen.get("q") or "",
            partnership=chosen.get("partnership") or "",
            locality=chosen.get("locality") or "",
            outcome=chosen.get("outcome"),
            year=chosen.get("year"),
        )
        choices = choices_for(question)
        self._offer("partnership", "All", choices.partnerships)
        self._offer("locality", "All", choices.localities)
        self._offer("outcome", "All", choices.outcomes)
        self._offer("year", "Any year", choices.years)
        return question

    def _offer(self, name: str, everything: str, choices: Iterable[Choice]) -> None:
        """The list with what finds something, and with what was chosen though it finds nothing."""
        widget: Any = self.fields[name].widget
        offered = [(choice.value, f"{choice.label} ({choice.count:,})") for choice in choices]
        chosen = str(self.data.get(name) or "")
        if chosen and chosen not in dict(offered):
            offered.append((chosen, f"{chosen} (0)"))
        widget.choices = [("", everything), *offered]
