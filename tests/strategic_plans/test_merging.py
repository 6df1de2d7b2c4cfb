"""What two people wrote from one text is brought together, or shown to one of them to choose from."""

import random
import re

import pytest

from foundation.richtext.cleaning import clean_html, plain_text
from strategic_plans.merging import Choice, merge


def text(*paragraphs: str) -> str:
    return "".join(f"<p>{words}</p>" for words in paragraphs)


BASE = text("One two three four.", "Second paragraph here.", "Third.")


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "together"),
    [
        pytest.param(BASE, BASE, BASE, BASE, id="nobody changed anything"),
        pytest.param(BASE, text("Anew."), BASE, text("Anew."), id="only they did"),
        pytest.param(BASE, BASE, text("Anew."), text("Anew."), id="only I did"),
        pytest.param(BASE, text("Anew."), text("Anew."), text("Anew."), id="both the same"),
        pytest.param(
            BASE,
            text("One 2 three four.", "Second paragraph here.", "Third."),
            text("One two three four.", "Second paragraph here.", "Third!"),
            text("One 2 three four.", "Second paragraph here.", "Third!"),
            id="different paragraphs",
        ),
        pytest.param(
            BASE,
            text("One 2 three four.", "Second paragraph here.", "Third."),
            text("One two three 4.", "Second paragraph here.", "Third."),
            text("One 2 three 4.", "Second paragraph here.", "Third."),
            id="different words of one paragraph",
        ),
        pytest.param(
            BASE,
            text("One two three four.", "Theirs is new.", "Second paragraph here.", "Third."),
            text("One two three four.", "Second paragraph THERE.", "Third."),
            text("One two three four.", "Theirs is new.", "Second paragraph THERE.", "Third."),
            id="a paragraph put in before one that was changed",
        ),
        pytest.param(
            BASE,
            text("One two three four.", "Third."),
            text("1 two three four.", "Second paragraph here.", "Third."),
            text("1 two three four.", "Third."),
            id="a paragraph taken out beside one that was changed",
        ),
        pytest.param(
            text("One two three four five."),
            text("One <strong>two three four</strong> five."),
            text("One two 3 four five."),
            text("One <strong>two 3 four</strong> five."),
            id="formatting round a changed word",
        ),
        pytest.param(
            "<ul><li>a</li><li>b</li><li>c</li></ul>",
            "<ul><li>a</li><li>new</li><li>b</li><li>c</li></ul>",
            "<ul><li>a</li><li>b</li><li>c and d</li></ul>",
            "<ul><li>a</li><li>new</li><li>b</li><li>c and d</li></ul>",
            id="items of one list",
        ),
    ],
)
def test_what_does_not_clash_is_brought_together(base, theirs, mine, together):
    merged = merge(base, theirs, mine)
    assert merged.is_clean
    assert merged.body() == together


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "clash"),
    [
        pytest.param("", text("a"), text("b"), (text("a"), text("b")), id="both began it"),
        pytest.param(
            BASE,
            BASE + text("Theirs."),
            BASE + text("Mine."),
            (text("Theirs."), text("Mine.")),
            id="both added in the same place",
        ),
        pytest.param(
            BASE,
            text("One 2 three four.", "Second paragraph here.", "Third."),
            text("One zwei three four.", "Second paragraph here.", "Third."),
            (text("One 2 three four."), text("One zwei three four.")),
            id="the same word",
        ),
        pytest.param(
            BASE,
            text("One two three four.", "Third."),
            text("One two three four.", "Second paragraph THERE.", "Third."),
            ("", text("Second paragraph THERE.")),
            id="taken out and changed",
        ),
        pytest.param(
            text("One two three four five."),
            text("One <strong>two three</strong> four five."),
            text("One two <em>three four</em> five."),
            (text("One <strong>two three</strong> four five."), text("One two <em>three four</em> five.")),
            id="formatting that crosses",
        ),
    ],
)
def test_what_clashes_is_there_to_choose_from(base, theirs, mine, clash):
    merged = merge(base, theirs, mine)
    (only,) = merged.clashes
    assert (only.theirs, only.mine) == clash
    assert merged.body({only.number: Choice.THEIRS}) == theirs
    assert merged.body({only.number: Choice.MINE}) == mine
    both = plain_text(merged.body()).split()
    assert set(plain_text(theirs).split()) | set(plain_text(mine).split()) <= set(both)


def test_choices_differ_from_place_to_place():
    theirs = text("One 2 three four.", "Second paragraph here.", "3rd.")
    mine = text("One zwei three four.", "Second paragraph here.", "Drittens.")
    merged = merge(BASE, theirs, mine)
    assert merged.body({1: Choice.MINE, 2: Choice.THEIRS}) == text(
        "One zwei three four.", "Second paragraph here.", "3rd."
    )


@pytest.mark.parametrize("seed", range(60))
def test_no_word_that_either_wrote_is_ever_lost(seed):
    """However two people change a text, each new word stands in the result or in a place to choose from."""
    chance = random.Random(seed)
    base = [
        [f"w{row}-{place}" for place in range(chance.randint(1, 9))] for row in range(chance.randint(1, 8))
    ]

    def changed(who: str) -> list[list[str]]:
        rows = [list(words) for words in base]
        for step in range(chance.randint(1, 6)):
            row = chance.randrange(len(rows) + 1)
            match chance.choice(["word", "word", "row", "gone", "dropped"]):
                case "row":
                    rows.insert(row, [f"{who}{step}", "added"])
                case "gone" if len(rows) > 1:
                    del rows[row % len(rows)]
                case "dropped":
                    words = rows[row % len(rows)]
                    if len(words) > 1:
                        words.pop(chance.randrange(len(words)))
                case _:
                    words = rows[row % len(rows)]
                    words[chance.randrange(len(words))] = f"{who}{step}"
        return rows

    def written(rows: list[list[str]]) -> str:
        return clean_html(text(*(" ".join(words) for words in rows)))

    theirs, mine = written(changed("their")), written(changed("my"))
    merged = merge(written(base), theirs, mine)
    assert merged.body() == clean_html(merged.body())
    found = plain_text(merged.body())
    for side in (theirs, mine):
        for word in re.findall(r"(?:their|my)\d", plain_text(side)):
            assert word in found
    # Neither side alone: what only one changed is taken.
    assert merge(written(base), theirs, written(base)).body() == theirs
    assert merge(written(base), written(base), mine).body() == mine
