"""No link on the pages of a year's money leads somebody to what they may not open, or to a place that is not there."""

import re
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import pytest

from .conftest import Somebody

START = "/edinburgh/money/2026/"
# Each line has the same page as every other line: one year's lists lead to thirteen of them.
FOLLOWED = re.compile(
    r"/edinburgh/money/(2026/(?!lines/\d|agreement/line|trail/.)|directions/|medium-term/|$)"
)
ONE_OF_MANY = re.compile(r"[?&](page|function|heading|on|day|by|line|body|direction|locality|fill)=")


class Links(HTMLParser):
    """The addresses of a page's links, and its places."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: set[str] = set()
        self.places: set[str] = {""}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.places.add(value)
            if tag == "a" and name == "href" and value:
                self.addresses.add(value)


@pytest.mark.parametrize("who", ["finance", "chief", "auditor", "council"])
def test_every_link_opens_for_whoever_sees_it(somebody: Somebody, who: str) -> None:
    page = somebody(f"{who}@demo.example")
    base = page.url
    waiting, seen, faults = [(urljoin(base, START), START)], set(), []
    while waiting:
        address, source = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = page.request.get(address, max_redirects=0)
        if answer.status not in {200, 302}:
            faults.append(f"{address} on {source} answers {answer.status}")
        if answer.status != 200 or "text/html" not in answer.headers["content-type"]:
            continue
        links = Links(answer.text())
        for link in sorted(links.addresses):
            target, place = urldefrag(urljoin(address, link))
            if target == address and place not in links.places:
                faults.append(f"{address} has a link to #{place}, which is not there")
            path = target.removeprefix(urljoin(base, "/").rstrip("/"))
            if FOLLOWED.match(path) and not ONE_OF_MANY.search(path):
                waiting.append((target, address))
    assert not faults, "\n".join(faults)
    assert len(seen) > 30
