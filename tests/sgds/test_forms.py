"""The crispy pack: every control with its label, its hint, its error, and a summary that leads to it."""

import re

import pytest
from crispy_forms.bootstrap import (
    Accordion,
    AccordionGroup,
    AppendedText,
    FieldWithButtons,
    InlineRadios,
    PrependedText,
)
from crispy_forms.layout import HTML, ButtonHolder, Column, Div, Field, Fieldset, Layout, MultiField, Row
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import formset_factory
from django.template import engines
from django.utils.functional import SimpleLazyObject
from lxml import html as markup

from foundation.sgds.fields import DateField, MoneyField
from foundation.sgds.forms import Form, FormHelper, Submit, words_for_missing
from foundation.sgds.widgets import CharacterCountTextarea, FoldedCheckboxes
from tests.browser.checks import markup_faults

HOSTILE = '"><script>alert(1)</script>'


class ActionForm(Form):
    title = forms.CharField(label="Action title", max_length=20, help_text="Begin with a verb.")
    reason = forms.CharField(label="Why it matters", max_length=300, widget=CharacterCountTextarea)
    due_on = DateField(label="Due date")
    amount = MoneyField(label="Amount")
    board = forms.ChoiceField(label="NHS board", choices=[("", "Choose"), ("a", "NHS Tayside")])
    progress = forms.ChoiceField(
        label="Progress", widget=forms.RadioSelect, choices=[("on", "On track"), ("off", "Off")]
    )
    groups = forms.MultipleChoiceField(
        label="Groups", widget=forms.CheckboxSelectMultiple, choices=[("c", "Carers")]
    )
    evidence = forms.FileField(label="Evidence")
    checked = forms.BooleanField(label="I have checked it")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(label="Note", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Save the action")


def tree(form, **context):
    return markup.fromstring(render_crispy_form(form, context=context))


def test_each_visible_control_has_a_label():
    page = tree(ActionForm())
    for control in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        assert page.xpath(f"//label[@for='{control.get('id')}']"), control.get("name")


def test_optional_fields_say_so_and_required_ones_leave_the_checking_to_the_server():
    page = tree(ActionForm())
    assert page.xpath("string(//label[@for='id_note'])") == "Note (optional)"
    assert page.xpath("string(//label[@for='id_title'])") == "Action title"
    assert page.get("novalidate") is not None
    assert not page.xpath("//*[@required]")


def test_missing_answers_are_named():
    form = ActionForm({})
    assert form.errors.get_json_data() == {
        name: [{"message": words, "code": "required"}]
        for name, words in {
            "title": "Enter the action title",
            "reason": "Answer “Why it matters”",
            "due_on": "Enter the due date",
            "amount": "Enter the amount",
            "board": "Choose the NHS board",
            "progress": "Choose the progress",
            "groups": "Choose at least one of the groups",
            "evidence": "Choose the file for the evidence",
            "checked": "Tick the box “I have checked it” to go on",
        }.items()
    }


def test_a_field_keeps_its_own_words_for_a_missing_answer():
    class Worded(Form):
        name = forms.CharField(error_messages={"required": "Say who you are"})

    assert Worded({}).errors["name"] == ["Say who you are"]


def test_the_summary_lists_every_error_and_leads_to_a_control_that_takes_the_focus():
    page = tree(ActionForm({}))
    links = page.xpath("//*[@class='ds_error-summary']//a")
    assert len(links) == 9
    for link in links:
        (target,) = page.xpath(f"//*[@id='{link.get('href')[1:]}']")
        assert target.tag in {"input", "select", "textarea"}, link.get("href")


def test_an_invalid_control_is_marked_and_says_why():
    page = tree(ActionForm({}))
    for control in page.xpath("//*[@aria-invalid='true']"):
        described = control.get("aria-describedby") or control.xpath(
            "string(ancestor::fieldset/@aria-describedby)"
        )
        errors = [name for name in described.split() if name.endswith("_error")]
        assert errors, control.get("name")
        assert all(page.xpath(f"//*[@id='{name}']") for name in described.split())
    assert "ds_select--error" in page.xpath("string(//select/@class)")
    assert "ds_input--error" in page.xpath("string(//textarea/@class)")


def test_nothing_typed_is_lost():
    typed = {
        "title": f"{HOSTILE} and far too long for this box",
        "due_on": "31 Marchember",
        "amount": "£61.2m",
        "groups": ["c"],
    }
    page = tree(ActionForm(typed))
    assert page.xpath("string(//input[@name='title']/@value)") == typed["title"]
    assert page.xpath("string(//input[@name='due_on']/@value)") == "31 Marchember"
    assert page.xpath("string(//input[@name='amount']/@value)") == "£61.2m"
    assert page.xpath("//input[@name='groups'][@checked]")


def test_typed_text_is_escaped_and_the_policy_has_nothing_to_refuse():
    source = render_crispy_form(ActionForm({"title": HOSTILE, "board": HOSTILE}))
    assert "<script" not in source
    assert markup_faults(source) == []


def test_browsers_do_not_cut_off_what_is_pasted():
    page = tree(ActionForm())
    assert not page.xpath("//*[@maxlength]")
    assert page.xpath("string(//*[@data-module='ds-character-count']/@data-maxlength)") == "300"


def test_a_form_with_a_file_is_sent_in_parts():
    assert tree(ActionForm()).get("enctype") == "multipart/form-data"
    form = ActionForm({}, {"evidence": SimpleUploadedFile("a.pdf", b"x")})
    assert "evidence" not in form.errors


def test_groups_are_fieldsets_with_legends_and_a_hint_to_choose_several():
    page = tree(ActionForm())
    assert [legend.text_content() for legend in page.xpath("//legend")] == ["Progress", "Groups"]
    (group,) = page.xpath("//fieldset[@id='id_groups']")
    assert "Select all that apply" in group.text_content()
    assert group.get("aria-describedby") == "id_groups_choose"


def test_a_group_without_choices_takes_the_focus_itself():
    class Empty(Form):
        who = forms.ChoiceField(widget=forms.RadioSelect, choices=[])

    page = tree(Empty({}))
    (link,) = page.xpath("//*[@class='ds_error-summary']//a")
    (target,) = page.xpath(f"//*[@id='{link.get('href')[1:]}']")
    assert target.get("tabindex") == "-1"


def test_the_link_to_a_group_of_groups_leads_to_its_first_choice():
    class Grouped(Form):
        who = forms.MultipleChoiceField(
            widget=forms.CheckboxSelectMultiple,
            choices=[("People", [("c", "Carers")]), ("Others", [("t", "Third sector")])],
        )

    page = tree(Grouped({}))
    (link,) = page.xpath("//*[@class='ds_error-summary']//a")
    assert page.xpath(f"string(//*[@id='{link.get('href')[1:]}']/@value)") == "c"


def test_errors_of_hidden_fields_and_of_the_whole_form_are_said_without_a_link():
    class Whole(Form):
        hidden = forms.CharField(label="Revision", widget=forms.HiddenInput)

        def clean(self):
            raise forms.ValidationError("The two dates are the wrong way round")

    page = tree(Whole({}))
    lines = [line.text_content() for line in page.xpath("//*[@class='ds_error-summary']//li")]
    assert lines == ["The two dates are the wrong way round", "Enter the revision"]
    assert not page.xpath("//*[@class='ds_error-summary']//a")


def test_every_layout_object_of_the_pack_renders():
    form = ActionForm({"note": "kept"})
    form.helper = FormHelper()
    form.helper.layout = Layout(
        Fieldset("What", Row(Column("title"), Column(Field("reason"))), css_id="what"),
        Div(InlineRadios("progress"), css_class="narrow"),
        Accordion(AccordionGroup("More", "board", "groups")),
        PrependedText("amount", "£"),
        AppendedText("note", "%"),
        FieldWithButtons("due_on", Submit("Look up", name="look", secondary=True)),
        MultiField("Evidence", "evidence"),
        HTML("<p>{{ words }}</p>"),
        ButtonHolder(Submit("Save"), Submit("Save as a draft", name="draft", secondary=True)),
    )
    page = tree(form, words="Some words")
    assert page.xpath("string(//fieldset[@id='what']/legend)") == "What"
    assert {control.get("name") for control in page.xpath("//input | //select | //textarea")} >= {
        "title", "reason", "progress", "board", "groups", "amount", "note", "due_on", "evidence",
    }  # fmt: skip
    assert page.xpath("string(//p[.='Some words'])")
    assert [button.get("name") for button in page.xpath("//button[@type='submit']")] == [
        "look",
        None,
        "draft",
    ]
    assert len({element.get("id") for element in page.xpath("//*[@id]")}) == len(page.xpath("//*[@id]"))


class LineForm(Form):
    paid = MoneyField(label="Paid")
    drop = forms.BooleanField(label="Remove", required=False)
    row_label = "Care at home"


LineFormSet = formset_factory(LineForm, extra=2)
POSTED = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-paid": "£3k", "form-1-paid": ""}


def rendered(source, **context):
    return engines["django"].from_string(source).render(context)


def test_a_table_of_forms_has_header_cells_and_a_name_for_each_cell():
    page = markup.fromstring(
        rendered("{% load sgds %}{% table_formset formset 'Payments' %}", formset=LineFormSet())
    )
    assert [cell.text_content() for cell in page.xpath("//thead//th")] == ["Row", "Paid (£)", "Remove"]
    assert page.xpath("string(//caption)") == "Payments"
    assert [cell.get("aria-label") for cell in page.xpath("//input[@type='text']")] == [
        "Paid, Care at home"
    ] * 2
    assert page.xpath("string(//label[@for='id_form-0-drop'])") == "Remove, Care at home"
    assert page.xpath("//input[@name='form-TOTAL_FORMS']")


def test_errors_of_a_table_of_forms_name_the_row_and_lead_to_the_cell():
    formset = LineFormSet(POSTED | {"form-1-drop": "on"})
    page = markup.fromstring(
        rendered(
            "{% load sgds %}<div>{% error_summary formset %}{% table_formset formset %}</div>",
            formset=formset,
        )
    )
    links = {
        link.get("href"): link.text_content() for link in page.xpath("//*[@class='ds_error-summary']//a")
    }
    assert set(links) == {"#id_form-0-paid", "#id_form-1-paid"}
    assert links["#id_form-0-paid"].startswith("Care at home: Paid: Enter the amount in full")
    assert page.xpath("string(//input[@name='form-0-paid']/@value)") == "£3k"
    assert page.xpath("string(//input[@name='form-0-paid']/@aria-describedby)") == "id_form-0-paid_error"


def test_a_page_that_tells_the_errors_at_its_top_tells_them_once():
    page = markup.fromstring(
        rendered(
            "{% load sgds crispy_forms_tags %}<div>{% error_summary form %}<p>Words.</p>{% crispy form %}</div>",
            form=LineForm({}, prefix="line"),
        )
    )
    assert len(page.xpath("//*[@class='ds_error-summary']")) == 1
    assert page.xpath("//*[@class='ds_error-summary']/following-sibling::p[. = 'Words.']")


@pytest.mark.parametrize("template", ["{% crispy formset helper %}", "{{ formset|crispy }}"])
def test_formsets_render_through_crispy(template):
    source = "{% load crispy_forms_tags %}" + template
    page = markup.fromstring(
        f"<div>{rendered(source, formset=LineFormSet(POSTED), helper=FormHelper(submit='Save'))}</div>"
    )
    assert len(page.xpath("//input[@type='text']")) == 2
    assert page.xpath("//*[@class='ds_error-summary']")


def test_the_table_template_serves_a_helper_too():
    helper = FormHelper(submit="Save")
    helper.template = "sgds/table_inline_formset.html"
    page = markup.fromstring(
        rendered(
            "{% load crispy_forms_tags %}{% crispy formset helper %}", formset=LineFormSet(), helper=helper
        )
    )
    assert page.tag == "form"
    assert page.xpath("//table//input[@type='text']")


def test_the_title_says_error_when_a_form_on_the_page_did_not_pass():
    source = "{% load sgds %}{% error_prefix %}Page"
    assert rendered(source, form=ActionForm({})) == "Error: Page"
    assert rendered(source, lines=LineFormSet(POSTED | {"form-1-drop": "on"})) == "Error: Page"
    assert rendered(source, form=ActionForm()) == "Page"
    assert rendered(source) == "Page"


def test_the_title_wakes_no_lazy_value():
    def awake():
        raise AssertionError("the title must not ask for what the page does not show")

    assert rendered("{% load sgds %}{% error_prefix %}Page", user=SimpleLazyObject(awake)) == "Page"


def test_no_words_of_the_pack_are_left_untranslated_from_bootstrap():
    assert not re.search(r'class="[^"]*(btn|form-group|form-control)', render_crispy_form(ActionForm({})))


def test_long_lists_of_choices_open_group_by_group():
    class Folded(Form):
        lines = forms.MultipleChoiceField(
            widget=FoldedCheckboxes, choices=[("Board", [("a", "GPs")]), ("Council", [("b", "Care at home")])]
        )

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.helper = FormHelper(submit="Go on")

    page = tree(Folded(initial={"lines": ["b"]}))
    groups = page.xpath("//details")
    assert [group.xpath("string(summary)") for group in groups] == ["Board (1)", "Council (1)"]
    assert [group.get("open") for group in groups] == [None, ""]
    assert [group.xpath("string(.//*[@role='group']/@aria-label)") for group in groups] == [
        "Board",
        "Council",
    ]
    assert all("open" in group.attrib for group in tree(Folded({})).xpath("//details"))


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("In your own words", "Answer “In your own words”"),
        ("Until the end of", "Answer “Until the end of”"),
        ("A variance above this sum needs a reason", "Answer “A variance above this sum needs a reason”"),
        ("The amount that you think right", "Enter the amount that you think right"),
        ("Amount for the year", "Enter the amount for the year"),
    ],
)
def test_what_is_missing_is_asked_for_in_a_sentence(label, words):
    assert words_for_missing("any", forms.CharField(label=label)) == words
