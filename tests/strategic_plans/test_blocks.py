import pytest

from foundation.richtext.cleaning import clean_html
from strategic_plans.blocks import Reference, references_in
from strategic_plans.enums import BlockKind

# Names


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("indicator:NI-12", "Live figures: indicator NI-12"),
        ("budget:2026-27", "Live figures: integrated budget of 2026/27"),
        ("budget:2099-00", "Live figures: integrated budget of 2099/00"),
        ("locality:leith", "Live figures: profile of the locality leith"),
        ("outcomes", "Live figures: which priority serves which national outcome"),
        ("principles", "Live figures: which priority has regard to which principle"),
        ("engagement", "Live figures: you said, we did"),
        ("engagement:leith", "Live figures: you said, we did in leith"),
    ],
)
def test_a_block_stands_in_the_text_in_the_portals_words(name, words):
    kept = clean_html(f'<p data-block="{name}">whatever was typed</p>')
    assert kept == f'<p data-block="{name}">{words}</p>'
    assert [str(reference) for reference in references_in([kept])] == [name]


@pytest.mark.parametrize(
    "name",
    ["indicator", "budget:2026", "budget:2026-28", "locality", "outcomes:1", "principles:a", "money:1"],
)
def test_what_cannot_be_a_block_is_an_ordinary_paragraph(name):
    assert clean_html(f'<p data-block="{name}">words</p>') == "<p>words</p>"
    assert Reference.read(name) is None


def test_a_year_and_its_block_name_each_other():
    assert str(Reference.of_year(2026)) == "budget:2026-27"
    assert Reference(BlockKind.BUDGET, "2026-27").year == 2026
