import pytest
from django.core.paginator import Paginator
from django.template import engines
from lxml import html as markup

from foundation.sgds.statuses import SHAPES, STATUSES
from tests.browser.checks import markup_faults

HOSTILE = "<script>alert(1)</script>"


def rendered(source, request=None, **context):
    return engines["django"].from_string("{% load sgds %}" + source).render(context, request)


def tree(source, request=None, **context):
    return markup.fromstring(f"<div>{rendered(source, request, **context)}</div>")


@pytest.mark.parametrize("name", STATUSES)
def test_a_state_has_a_word_a_shape_and_a_colour(name):
    tag = tree(f"{{% tag '{name}' %}}")
    assert tag.text_content() == STATUSES[name].word
    assert tag.xpath("string(.//path/@d)") == SHAPES[STATUSES[name].shape]
    assert f"ds_tag--{STATUSES[name].colour}" in tag.xpath("string(./span/@class)")


def test_states_of_one_colour_that_mean_different_things_have_different_shapes_or_words():
    looks = {(status.word, status.shape, status.colour) for status in STATUSES.values()}
    assert len(looks) == len(STATUSES)


def test_an_unknown_state_is_shown_plainly_and_words_are_escaped():
    assert tree("{% tag 'half_baked' %}").text_content() == "Half baked"
    assert HOSTILE not in rendered("{% tag name word %}", name=HOSTILE, word=HOSTILE)


def test_page_heading_says_the_count_in_words():
    page = tree(
        "{% page_heading 'Engagement' count=0 one='activity' many='activities' over='Angus' status='draft' %}"
    )
    assert page.xpath("string(//h1)").split() == ["Engagement", "Draft"]
    assert page.xpath("string(//*[@role='status'])") == "No activities"
    assert tree("{% page_heading 'Plan' %}").xpath("count(//p)") == 0


def test_summary_list_pairs_names_with_values_and_names_its_links():
    page = tree(
        "{% summary_list %}{% summary_row 'Period' change='/edit/' %}{{ value }}{% endsummary_row %}"
        "{% endsummary_list %}",
        value=HOSTILE,
    )
    assert page.xpath("string(//dt)") == "Period"
    assert page.xpath("string(//dd[1])") == HOSTILE
    assert page.xpath("string(//a)") == "Change Period"


def test_a_task_is_a_link_or_has_a_button_never_both():
    source = "{{% task 'Answer' url='/x/' status='due' {more} %}}{{% endtask %}}"
    assert tree(source.format(more="")).xpath("//a[@class='ds_task-list__task-link']/text()") == ["Answer"]
    with_button = tree(source.format(more="action='Answer now'"))
    assert with_button.xpath("//a/text()") == ["Answer now"]
    assert tree("{% task 'Locked' status='locked' %}why{% endtask %}").xpath("count(//a)") == 0


def test_side_navigation_marks_the_current_part():
    items = [
        {"label": "One", "url": "/1/", "current": False, "status": "done"},
        {
            "label": "Two",
            "url": "/2/",
            "current": True,
            "items": [{"label": "Below", "url": "/3/", "current": False}],
        },
    ]
    page = tree("{% side_navigation items 'Sections' %}", items=items)
    assert page.xpath("//a[@aria-current='page']/span/text()") == ["Two"]
    assert page.xpath("//li//li//a/@href") == ["/3/"]
    (button,) = page.xpath("//button")
    assert page.xpath(f"//ul[@id='{button.get('aria-controls')}']")
    assert button.get("hidden") is not None


def test_pagination_keeps_the_filters_of_the_address(rf):
    request = rf.get("/list/", {"year": "2026/27", "group": ["a", "b"], "page": "3"})
    page = tree("{% pagination page_obj %}", request, page_obj=Paginator(range(200), 20).page(3))
    links = page.xpath("//a/@href")
    assert links[0] == "?year=2026%2F27&group=a&group=b&page=2"
    assert page.xpath("//a[@aria-current='page']")[0].text_content() == "Page 3"
    assert [link.rsplit("=", 1)[1] for link in links] == ["2", "1", "2", "3", "4", "10", "4"]


def test_one_page_needs_no_pagination(rf):
    assert (
        rendered("{% pagination page_obj %}", rf.get("/"), page_obj=Paginator(range(5), 20).page(1)).strip()
        == ""
    )


def test_a_table_scrolls_inside_a_region_that_takes_the_focus():
    page = tree(
        "{% scroll_table 'caption' %}<table><caption id='caption'>Spend</caption></table>{% endscroll_table %}"
    )
    (region,) = page.xpath("//*[@role='region']")
    assert region.get("tabindex") == "0"
    assert page.xpath(f"string(//*[@id='{region.get('aria-labelledby')}'])") == "Spend"


@pytest.mark.parametrize("kind", ["info", "success", "warning", "error"])
def test_a_notification_has_its_words_and_its_shape(kind):
    page = tree(f"{{% notification '{kind}' title='Heed' role='alert' %}}words{{% endnotification %}}")
    assert page.xpath("string(//*[@role='alert']/p)") == "Heed"
    assert page.xpath("string(//*[@role='alert']/div)") == "words"
    assert page.xpath("//svg[@aria-hidden='true']")


def test_the_law_is_quoted_with_its_section():
    page = tree("{% law '2014 Act, section 29' %}<p>A plan must</p>{% endlaw %}")
    assert page.xpath("string(//summary)") == "What the law says"
    assert page.xpath("string(//blockquote)") == "A plan must"
    assert "2014 Act, section 29" in page.text_content()


def test_empty_state_offers_the_first_step():
    page = tree("{% empty_state 'No promises' url='/new/' action='Log one' %}<p>Why</p>{% endempty_state %}")
    assert page.xpath("//a[@href='/new/']/text()") == ["Log one"]


def test_no_component_has_what_the_policy_refuses():
    source = """{% fold 'More' opened=True %}x{% endfold %}{% confirmation 'Done' %}x{% endconfirmation %}
        {% icon 'search' %}{% tag 'draft' %}{% count_words 3 'promise' %}
        {% notification 'info' %}x{% endnotification %}"""
    assert markup_faults(rendered(source)) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('<p style="color:red">', "style="),
        ('<a onclick="x()">', "onclick="),
        ("<script>alert(1)</script>", "inline script"),
        ('<b hx-on:click="x">', "hx-on"),
        ("<style>p{}</style>", "<style>"),
    ],
)
def test_the_check_of_the_source_finds_what_it_looks_for(source, fault):
    assert any(fault in found for found in markup_faults(source))


def test_the_check_of_the_source_lets_data_pass():
    assert (
        markup_faults('<script type="application/json">{"a": 1}</script><script src="/x.js"></script>') == []
    )
