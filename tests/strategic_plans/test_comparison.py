from time import perf_counter

import pytest

from strategic_plans.comparison import Change, compare, near_identical


def words(comparison, change):
    return [piece.text for line in comparison.lines for piece in line if piece.change is change]


def test_equal_texts_have_no_changes():
    comparison = compare("<p>One two.</p>", "<p>One <strong>two</strong>.</p>")
    assert comparison.is_same
    assert words(comparison, Change.SAME) == ["One two."]


def test_words_that_came_and_went_are_told_apart():
    comparison = compare(
        "<p>We will open two clinics in May.</p>", "<p>We will open three clinics in May.</p>"
    )
    assert words(comparison, Change.REMOVED) == ["two"]
    assert words(comparison, Change.ADDED) == ["three"]
    assert (comparison.added, comparison.removed) == (1, 1)


def test_whole_paragraphs_come_and_go():
    comparison = compare("<p>Kept.</p><p>Gone for good.</p>", "<p>Kept.</p>")
    assert words(comparison, Change.REMOVED) == ["Gone for good."]
    comparison = compare("<p>Kept.</p>", "<p>Kept.</p><ul><li>New item</li></ul>")
    assert words(comparison, Change.ADDED) == ["New item"]


def test_the_second_text_can_be_read_off_in_order():
    before = "<p>Alpha beta.</p><p>Gamma.</p><table><tr><td>1</td><td>2</td></tr></table>"
    after = "<p>Alpha delta beta.</p><table><tr><td>1</td><td>3</td></tr></table><p>New end.</p>"
    kept = [
        " ".join(piece.text for piece in line if not piece.is_removed)
        for line in compare(before, after).lines
    ]
    assert [line for line in kept if line] == ["Alpha delta beta.", "1 3", "New end."]


def test_what_stayed_the_same_is_only_counted():
    before = "<p>One.</p><p>Two.</p><p>Three.</p><p>Four.</p>"
    after = "<p>One.</p><p>Two.</p><p>Changed.</p><p>Four.</p>"
    passages = compare(before, after).passages
    assert [passage.unchanged for passage in passages] == [2, 0, 1]
    assert [piece.text for piece in passages[1].line] == ["Three.", "Changed."]


def test_a_long_text_with_one_changed_paragraph_is_compared_at_once():
    paragraphs = [f"<p>Paragraph {n} says what it says about service {n * 7}.</p>" for n in range(1_500)]
    changed = [*paragraphs]
    changed[700] = "<p>Another thing altogether.</p>"
    start = perf_counter()
    comparison = compare("".join(paragraphs), "".join(changed))
    assert perf_counter() - start < 2
    assert comparison.added


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("", "", False),
        ("<p>Home</p>", "<p>home</p>", True),
        ("<p>Home</p>", "<p>Ward</p>", False),
        ("<p>One two three four five</p>", "<p>One <em>two</em> three four five.</p>", True),
        (
            "<p>Nurses visit the glens on Mondays</p>",
            "<p>Arbroath keeps its own unit for injuries</p>",
            False,
        ),
    ],
)
def test_short_texts_are_compared_by_their_words(first, second, alike):
    assert bool(near_identical({"one": first, "other": second})) is alike


GENERIC = (
    "<p>In {name} we will work with communities, families and partners to plan services around people, build on what "
    "is strong, and make sure that support is there when it is needed, whoever provides it. General practice, nursing, "
    "social work and the third sector will work as one team and meet each month to look at what works and what does "
    "not. We will report on progress every year and change course where the figures say that we must.</p>"
)


def test_a_text_copied_with_only_the_name_changed_is_found():
    texts = {
        "north": GENERIC.format(name="North Angus"),
        "south": GENERIC.format(name="South Angus"),
        "west": "<p>The glens have no chemist, so the nurse brings medicines with her on Tuesdays.</p>",
        "empty": "",
    }
    assert near_identical(texts) == [("north", "south")]
