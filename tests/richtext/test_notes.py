from django.template import Context, Template

from foundation.richtext.cleaning import clean_html
from foundation.richtext.notes import numbered_notes

TEXT = clean_html(
    '<p>Fewer falls<small>ISD, <em>2024</em></small>.</p><table><tr><td>1<small>See <a href="https://x.example">x</a>'
    "</small></td></tr></table>"
)


def rendered(template: str, **context: object) -> str:
    return Template("{% load richtext %}" + template).render(Context(context))


def test_notes_are_numbered_in_order_with_addresses_both_ways():
    numbered = numbered_notes(TEXT, "needs")
    assert [note.number for note in numbered.notes] == [1, 2]
    assert numbered.notes[0].html == "ISD, <em>2024</em>"
    assert "small" not in numbered.html
    for note in numbered.notes:
        assert f'id="{note.mark}" href="#{note.anchor}"' in numbered.html


def test_the_page_tells_them_at_the_end_with_the_way_back():
    page = rendered('{% footnotes "needs" 3 %}{{ body|richtext }}{% endfootnotes %}', body=TEXT)
    text, _, notes = page.partition('<section class="notes"')
    assert "ISD" not in text
    assert '<h3 id="needs-notes">Notes</h3>' in notes
    assert '<li id="needs-note-1">ISD, <em>2024</em> <a class="notes__back" href="#needs-mark-1">' in notes
    assert '<a href="https://x.example" rel="noopener">x</a>' in notes


def test_a_text_without_notes_has_nothing_at_its_end():
    assert rendered('{% footnotes "a" %}{{ body|richtext }}{% endfootnotes %}', body="<p>x</p>") == "<p>x</p>"


def test_without_a_prefix_notes_stay_where_they_are():
    assert rendered('{% footnotes "" %}{{ body|richtext }}{% endfootnotes %}', body=TEXT) == TEXT


def test_what_is_not_clean_is_made_safe_before():
    page = rendered(
        '{% footnotes "a" %}{{ body|richtext }}{% endfootnotes %}',
        body="<p>a<small><script>x</script>b</small></p>",
    )
    assert "<script" not in page
    assert '<li id="a-note-1">b ' in page
