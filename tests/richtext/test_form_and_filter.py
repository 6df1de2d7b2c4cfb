from django import forms
from django.template import Context, Template

from foundation.richtext.cleaning import MAX_LENGTH, clean_html
from foundation.richtext.forms import KEYBOARD_HINT, RichTextFormField
from tests.browser.checks import markup_faults


class SectionForm(forms.Form):
    body = RichTextFormField(label="Section text", help_text="Write in plain words.")
    note = RichTextFormField(label="Note", required=False)


def test_clean_html_comes_out():
    form = SectionForm({"body": "<p onclick=x>a</p><script>b</script>", "note": "plain\n\nwords"})
    assert form.is_valid()
    assert form.cleaned_data == {"body": "<p>a</p>", "note": "<p>plain</p><p>words</p>"}


def test_text_without_a_word_is_missing():
    for nothing in ("", "  ", "<p></p>", "<p>&nbsp;</p>", "<script>x</script>"):
        form = SectionForm({"body": nothing})
        assert "body" in form.errors
        assert "note" not in form.errors


def test_too_long_a_text_is_refused_in_words_and_kept_in_the_box():
    typed = "<p>" + "x" * MAX_LENGTH + "</p>"
    form = SectionForm({"body": typed})
    (words,) = form.errors["body"]
    assert words == (
        "Section text has 400,007 characters including its formatting; up to 400,000 can be kept. "
        "Divide it into several sections."
    )
    assert "x" * MAX_LENGTH in str(form["body"])


def test_the_field_tells_how_to_work_it_by_keyboard():
    assert SectionForm()["body"].help_text == f"Write in plain words. {KEYBOARD_HINT}"
    assert SectionForm()["note"].help_text == KEYBOARD_HINT


def test_the_box_shows_readable_html_and_nothing_inline():
    stored = clean_html("<h2>A</h2><ul><li>b</li></ul><p>c &lt; d</p>")
    html = str(SectionForm(initial={"body": stored})["body"])
    assert (
        "&lt;h2&gt;A&lt;/h2&gt;\n&lt;ul&gt;&lt;li&gt;b&lt;/li&gt;\n&lt;/ul&gt;\n&lt;p&gt;c &amp;lt; d" in html
    )
    assert "data-richtext" in html
    assert markup_faults(html) == []


def test_only_a_real_change_is_a_change():
    field = RichTextFormField(label="Section text")
    assert not field.has_changed("<ul><li>a</li></ul>", "<ul>\n<li><p>a</p></li>\n</ul>")
    assert field.has_changed("<p>a</p>", "<p><strong>a</strong></p>")
    assert field.has_changed("<p>a</p>", "x" * (MAX_LENGTH + 1))
    assert not field.has_changed(None, "<p></p>")


def rendered(template: str, **context) -> str:
    return Template("{% load richtext %}" + template).render(Context(context))


def test_the_filter_shows_stored_text():
    html = '<h2>A</h2><p>b <a href="https://gov.scot" rel="noopener">c</a></p>'
    assert rendered("{{ body|richtext }}", body=html) == html
    assert rendered("{{ body|richtext:4 }}", body=html).startswith("<h4>A</h4>")
    assert rendered("{{ body|richtext }}", body=None) == ""


def test_the_filter_trusts_nothing():
    hostile = (
        '<p onclick="x">a</p><script>b</script><a href="javascript:c">d</a><img src=x onerror=e><h1>f</h1>'
    )
    assert rendered("{{ body|richtext }}", body=hostile) == '<p>a</p><a rel="noopener">d</a>f'


def test_a_header_cell_without_words_is_shown_as_an_ordinary_cell():
    html = clean_html("<table><tr><th></th><th>Beds</th></tr><tr><th>2026</th><td>12</td></tr></table>")
    shown = rendered("{{ body|richtext }}", body=html)
    assert '<tr><td></td><th scope="col">Beds</th></tr>' in shown
    assert "<td>12</td>" in shown


def test_plain_words_are_escaped_like_any_other():
    assert rendered("{{ body|plain_text }}", body="<p>a &lt;b&gt; c</p>") == "a &lt;b&gt; c"


def test_the_media_has_no_inline_code():
    html = rendered("{% include 'richtext/media.html' %}")
    assert markup_faults(html) == []
    assert "richtext/editor.js" in html
    assert "django_prose_editor/editor.js" in html
