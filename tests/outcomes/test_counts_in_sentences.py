import pytest

from outcomes.selectors import count_word


@pytest.mark.parametrize(
    ("count", "words"), [(0, "none is"), (1, "one is"), (2, "two are"), (9, "nine are"), (15, "15 are")]
)
def test_counts_are_words_and_no_plurals_of_nothing(count, words):
    assert count_word(count) == words
