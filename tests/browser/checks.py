"""What every page of the portal must pass in a real browser.

    page = browser.new_page()
    watch(page)                 # before the first goto: console and policy reports are collected from here on
    page.goto(...)
    check_page(page)            # fails with every fault in words
    check_page(page, width=320)

axe alone is not enough: it passes pages with broken error links, keyboard traps and a sideways scroll.
"""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import ConsoleMessage, Page, Request

AXE = Path(__file__).parent.parent / "vendor/axe/axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = 320

QUIET_FOR_MS = 100
LOUD_AT_MOST_MS = 20_000

reports: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()
under_way: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()


def watch(page: Page) -> Page:
    """From now on what the browser complains of on this page is kept for `check_page`."""
    if page in reports:
        return page
    kept = reports[page] = []
    requests = under_way[page] = set[Request]()

    def keep_console(message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            kept.append(message.text)

    # Playwright marks its handlers, which the methods of a set do not allow.
    def keep_request(request: Request) -> None:
        requests.add(request)

    def forget_request(request: Request) -> None:
        requests.discard(request)

    page.on("request", keep_request)
    page.on("requestfinished", forget_request)
    page.on("requestfailed", forget_request)
    page.on("console", keep_console)
    page.on("pageerror", lambda error: kept.append(f"script error: {error.message}"))
    return page


def check_page(page: Page, *, width: int | None = None, expected_reports: tuple[str, ...] = ()) -> None:
    """The page passes every check below, at its present width or at the one given, and at 320 px does not scroll
    sideways. `expected_reports` are parts of console messages that belong to what is being tested (a 403, say).
    """
    found = page_faults(page, width=width, expected_reports=expected_reports)
    assert not found, f"{page.url} at {width or 'its'} px:\n" + "\n".join(f"  - {fault}" for fault in found)


def page_faults(page: Page, *, width: int | None = None, expected_reports: tuple[str, ...] = ()) -> list[str]:
    """Every fault of the page in words."""
    assert page in reports, "call watch(page) before the first goto, or console errors go unseen"
    before = page.viewport_size
    if width:
        page.set_viewport_size({"width": width, "height": 900})
    try:
        wait_until_quiet(page)
        settle(page)
        found = [
            *console_faults(page, expected_reports),
            *reference_faults(page),
            *target_faults(page),
            *keyboard_faults(page),
        ]
        # Last: after axe each key takes twice the time.
        settle(page)
        found += axe_faults(page)
        page.set_viewport_size({"width": NARROW, "height": 640})
        found += sideways_faults(page)
    finally:
        if before:
            page.set_viewport_size(before)
    return found


def wait_until_quiet(page: Page) -> None:
    """The page is loaded and has asked the server for nothing during a tenth of a second."""
    page.wait_for_load_state()
    for _ in range(LOUD_AT_MOST_MS // QUIET_FOR_MS):
        before = len(under_way[page])
        page.wait_for_timeout(QUIET_FOR_MS)
        if not before and not under_way[page]:
            return
    raise AssertionError(f"{page.url} does not stop asking the server: {[r.url for r in under_way[page]]}")


def settle(page: Page) -> None:
    """Transitions have ended: a colour measured half-way between two states belongs to neither."""
    page.evaluate(
        """async () => {
          const frame = () => new Promise(requestAnimationFrame);
          await frame();
          await frame();
          for (const animation of document.getAnimations())
            if (Number.isFinite(animation.effect?.getComputedTiming().endTime)) animation.finish();
          await frame();
        }"""
    )


def console_faults(page: Page, expected: tuple[str, ...]) -> list[str]:
    """What the browser complained of since `watch`, each once."""
    return [
        f"console: {report[:300]}"
        for report in dict.fromkeys(reports[page])
        if not any(words in report for words in expected)
    ]


def axe_faults(page: Page) -> list[str]:
    """Violations of WCAG 2.0 to 2.2 A and AA, and of axe's best practice."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(f"{AXE.read_text()}; 0")
    violations: list[dict[str, Any]] = page.evaluate(
        """async (tags) => (await axe.run(document, {runOnly: {type: "tag", values: tags}})).violations.map(
            (rule) => ({id: rule.id, count: rule.nodes.length, where: rule.nodes.slice(0, 3).map((node) => {
                const reason = (node.any[0] ?? node.all[0] ?? node.none[0])?.message;
                return `${node.target.join(" ")} (${reason})`;
            })}))""",
        AXE_TAGS,
    )
    return [f"axe {rule['id']}, {rule['count']} times: {'; '.join(rule['where'])}" for rule in violations]


def reference_faults(page: Page) -> list[str]:
    """Error links lead to something that takes the focus; described-by ids exist; invalid fields say why; ids are
    unique."""
    faults: list[str] = page.evaluate(
        """() => {
          const found = [];
          const focusable = "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable]";
          for (const link of document.querySelectorAll(".ds_error-summary a[href^='#']")) {
            const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
            if (!target) found.push(`error link to ${link.hash}, which is not there`);
            else if (!target.matches(focusable)) found.push(`error link to ${link.hash}, which takes no focus`);
          }
          for (const name of ["aria-describedby", "aria-labelledby", "aria-controls"])
            for (const element of document.querySelectorAll(`[${name}]`))
              for (const id of element.getAttribute(name).split(/\\s+/))
                if (id && !document.getElementById(id))
                  found.push(`${name}="${id}" on <${element.localName} id="${element.id}"> leads nowhere`);
          for (const field of document.querySelectorAll("[aria-invalid=true]")) {
            const group = field.closest("fieldset");
            const ids = [field, group].map((element) => element?.getAttribute("aria-describedby") ?? "");
            if (!/error/.test(ids.join(" "))) found.push(`${field.id || field.name} is invalid and does not say why`);
          }
          const seen = new Set();
          for (const element of document.querySelectorAll("[id]")) {
            if (seen.has(element.id)) found.push(`id "${element.id}" is there twice`);
            seen.add(element.id);
          }
          return found;
        }"""
    )
    return faults


def target_faults(page: Page) -> list[str]:
    """Targets are at least 24 by 24 px, or so far apart that circles of 24 px on them do not touch (WCAG 2.5.8).

    Links inside a sentence are excepted, as the guideline excepts them, and those in a text that is being edited, which
    lead nowhere there.
    """
    faults: list[str] = page.evaluate(
        """() => {
          const least = 24;
          const inSentence = (element) => {
            if (getComputedStyle(element).display !== "inline") return false;
            const around = [...element.parentElement.childNodes].filter((node) => node !== element);
            return around.some((node) => node.nodeType === 3 && node.textContent.trim().length > 1);
          };
          const box = (element) => {
            const own = element.getBoundingClientRect();
            if (!element.labels?.length || !["checkbox", "radio"].includes(element.type)) return own;
            const label = element.labels[0].getBoundingClientRect();
            const left = Math.min(own.left, label.left), top = Math.min(own.top, label.top);
            const right = Math.max(own.right, label.right), bottom = Math.max(own.bottom, label.bottom);
            return new DOMRect(left, top, right - left, bottom - top);
          };
          const targets = [...document.querySelectorAll(
            "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]"
          )].filter((element) => element.checkVisibility() && !element.closest("[aria-hidden=true], .ds_skip-links")
            && !element.disabled && !(element.localName === "a" && element.isContentEditable));
          const boxes = targets.map(box);
          const found = [];
          targets.forEach((element, index) => {
            const {width, height, left, top} = boxes[index];
            const hidden = width < 2 || height < 2;
            const large = width >= least - 0.5 && height >= least - 0.5;
            if (hidden || large || inSentence(element)) return;
            const x = left + width / 2, y = top + height / 2;
            const crowded = boxes.some((other, place) => place !== index && other.width > 1
              && Math.hypot(x - Math.max(other.left, Math.min(x, other.right)),
                            y - Math.max(other.top, Math.min(y, other.bottom))) < least / 2);
            if (crowded) found.push(`target "${(element.textContent || element.name).trim().slice(0, 40)}" is only `
              + `${Math.round(width)} by ${Math.round(height)} px and has a neighbour`);
          });
          return found;
        }"""
    )
    return faults


def keyboard_faults(page: Page) -> list[str]:
    """Tab reaches every control, and is never caught. Those that it reached at an earlier width are not waited for."""
    stops, missing = page.evaluate(
        """() => {
          const all = [...document.querySelectorAll(
            "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [contenteditable]"
          )].filter((element) => element.tabIndex >= 0 && !element.disabled && element.checkVisibility(
            {visibilityProperty: true}) && !element.closest("[inert]")
            && !(element.localName === "a" && element.isContentEditable));
          const groups = new Set();
          window.stops = all.filter((element) => {
            if (element.type !== "radio") return true;
            const group = `${element.form?.id}/${element.name}`;
            if (groups.has(group)) return false;
            groups.add(group);
            return true;
          });
          if (!window.reachedStops) {
            window.reachedStops = new Set();
            document.addEventListener("focusin", (event) => {
              const reached = event.target.type === "radio"
                ? window.stops.find((stop) => stop.type === "radio" && stop.name === event.target.name)
                : event.target;
              window.reachedStops.add(reached);
            });
          }
          window.missingStops = () => window.stops.filter((stop) => !window.reachedStops.has(stop));
          document.body.tabIndex = -1;
          document.body.focus();
          document.body.removeAttribute("tabindex");
          return [window.stops.length, window.missingStops().length];
        }"""
    )
    for pressed in range(1, stops + 6):
        if not missing:
            break
        page.keyboard.press("Tab")
        if pressed % 8 == 0:
            missing = page.evaluate("window.missingStops().length")
    missed: list[str] = page.evaluate(
        """() => {
          document.activeElement?.blur();
          window.scrollTo({top: 0, behavior: "instant"});
          return window.missingStops().slice(0, 5).map((stop) => {
            const name = (stop.textContent || stop.name || stop.id).trim().slice(0, 40);
            return `Tab never reaches <${stop.localName}> "${name}"`;
          });
        }"""
    )
    return missed


def sideways_faults(page: Page) -> list[str]:
    """At the narrowest width the page does not scroll sideways."""
    width, culprits = page.evaluate(
        """() => {
          const room = document.documentElement.clientWidth;
          const scrolls = (element) => {
            for (let box = element.parentElement; box; box = box.parentElement)
              if (["auto", "scroll", "hidden"].includes(getComputedStyle(box).overflowX)) return true;
            return false;
          };
          const wide = [...document.body.querySelectorAll("*")].filter((element) =>
            element.getBoundingClientRect().right > room + 1 && element.checkVisibility() && !scrolls(element));
          return [document.documentElement.scrollWidth, wide.slice(0, 3).map((element) =>
            `<${element.localName} class="${element.getAttribute("class") ?? ""}">`)];
        }"""
    )
    return [f"scrolls sideways at {NARROW} px: {width} px wide, {culprits}"] if width > NARROW else []


class MarkupReader(HTMLParser):
    """Collects what the content security policy would refuse in a page's source."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.inline_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        for name in names:
            if name == "style" or re.fullmatch(r"on[a-z]+", name) or name.startswith("hx-on"):
                self.faults.append(f"<{tag}> has {name}=")
        if tag == "style":
            self.faults.append("<style> in the page")
        data = names.get("type") in {"application/json", "importmap"}
        self.inline_script = tag == "script" and "src" not in names and not data

    def handle_data(self, data: str) -> None:
        if self.inline_script and data.strip():
            self.faults.append(f"inline script: {data.strip()[:60]}")
            self.inline_script = False


def markup_faults(html: str) -> list[str]:
    """Style attributes, handlers and inline code in a page's source; for tests that need no browser."""
    reader = MarkupReader()
    reader.feed(html)
    return reader.faults
