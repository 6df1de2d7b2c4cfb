"""Clean rich text cut into its blocks, with the numbers and addresses by which readers cite them."""

from lxml import html

from foundation.richtext.cleaning import pictures_in

from .editions import Edition, Paragraph


def blocks_of(body: str) -> list[str]:
    """The blocks of canonical rich text (see foundation.richtext), each as it is written."""
    if not body.strip():
        return []
    return [
        html.tostring(element, encoding="unicode", with_tail=False)
        for element in html.fragment_fromstring(body, create_parent="div")
    ]


def numbered(body: str, number: str, anchor: str) -> tuple[Paragraph, ...]:
    """The blocks of canonical rich text (see foundation.richtext) in order.

    Paragraphs are numbered `number.1`, `number.2` and so on, and addressed as `anchor-1`; headings and live blocks are
    addressed and not numbered; lists, quotations and tables belong to the paragraph before them.
    """
    if not body.strip():
        return ()
    blocks = []
    paragraphs = headings = live = 0
    for element in html.fragment_fromstring(body, create_parent="div"):
        written = html.tostring(element, encoding="unicode", with_tail=False)
        if element.get("data-block"):
            live += 1
            blocks.append(Paragraph(anchor=f"{anchor}-live-{live}", number="", html=written))
        elif element.tag == "p":
            paragraphs += 1
            blocks.append(
                Paragraph(anchor=f"{anchor}-{paragraphs}", number=f"{number}.{paragraphs}", html=written)
            )
        elif element.tag in {"h2", "h3", "h4"}:
            headings += 1
            blocks.append(Paragraph(anchor=f"{anchor}-heading-{headings}", number="", html=written))
        else:
            blocks.append(Paragraph(anchor="", number="", html=written))
    return tuple(blocks)


def pictures_of(edition: Edition) -> set[str]:
    """The digests of all pictures in the edition's text."""
    texts = [
        *(part.paragraphs for part in edition.sections),
        *(part.paragraphs for part in edition.localities),
    ]
    return {digest for text in texts for paragraph in text for digest in pictures_in(paragraph.html)}
