"""A page in the hands of somebody who has only a keyboard.

    hands = Keyboard(page)
    hands.tab_to("link", "Plan")
    hands.press("Enter")

Each stop on the way must show that it has the focus and must not be hidden (WCAG 2.4.7 and 2.4.11): the first stop
that fails ends the test with its name.
"""

from typing import Any

from playwright.sync_api import Page

# What Chromium calls the roles, where the specification has another word.
ROLES = {"DisclosureTriangle": "summary"}
MOST_STOPS = 120
AWAY = "the focus is outside of what one sees"

LOOK = """(element) => {
  const properties = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor", "color", "clip",
    "borderTopColor", "borderTopWidth", "borderBottomColor", "borderBottomWidth", "textDecorationLine"];
  const label = element.labels?.[0];
  const drawn = [[element, null], [element, "::before"], [element, "::after"], [element.parentElement, null]];
  if (label && ["checkbox", "radio"].includes(element.type))
    drawn.push([label, null], [label, "::before"], [label, "::after"]);
  for (const animation of document.getAnimations())
    if (Number.isFinite(animation.effect?.getComputedTiming().endTime)) animation.finish();
  const shown = (style, property) => property.startsWith("outline") && style.outlineStyle === "none"
    ? "none" : style[property];
  return JSON.stringify(drawn.map(([on, pseudo]) => {
    const style = getComputedStyle(on, pseudo);
    return properties.map((property) => shown(style, property));
  }));
}"""

# What is wrong with the stop that had the focus before, and with the one that has it now. A stop shows its focus when
# it does not look the same once the focus has gone.
FAULT = f"""() => {{
  const look = {LOOK};
  const before = window.lastStop;
  const now = document.activeElement;
  window.lastStop = null;
  if (before?.element.isConnected && before.element !== now && before.look === look(before.element))
    return `nothing shows that the focus is on ${{before.element.outerHTML.slice(0, 120)}}`;
  if (!now || now === document.body) return "";
  window.lastStop = {{element: now, look: look(now)}};
  const box = now.getClientRects()[0] ?? now.getBoundingClientRect();
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  if (left >= right || top >= bottom) return "{AWAY}";
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  if (hit && (now.contains(hit) || hit.contains(now) || hit.closest("label")?.control === now)) return "";
  return `the focus is hidden behind ${{hit?.outerHTML.slice(0, 120)}}`;
}}"""


class Keyboard:
    """Presses keys on the page, and looks where the focus is. It never points."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.emulate_media(reduced_motion="reduce")  # or each stop would be scrolled to slowly
        self._inspector = page.context.new_cdp_session(page)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def replace_with(self, text: str) -> None:
        """The box with the focus holds this text and no other."""
        self.press("Control+a")
        self.type(text)

    def tab_to(self, role: str, name: str, *, back: bool = False) -> None:
        """The focus is on the element of this role whose accessible name is, or begins with, this one."""
        passed = []
        for _ in range(MOST_STOPS):
            self.press("Shift+Tab" if back else "Tab")
            found, called = self.focus()
            passed.append(f"{found} “{called}”")
            fault = self._fault()
            assert not fault, f"{self.page.url}, at {passed[-1]}: {fault}"
            if found == role and called.startswith(name):
                return
        way = "\n".join(passed)
        raise AssertionError(f"{self.page.url}: Tab does not reach {role} “{name}”, only\n{way}")

    def _fault(self) -> str:
        """What is wrong with the stop. The browser scrolls to it with one of the next frames."""
        for _ in range(20):
            fault = str(self.page.evaluate(FAULT))
            if fault != AWAY:
                break
            self.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        return fault

    def focus(self) -> tuple[str, str]:
        """Role and accessible name of what has the focus, as the browser tells them to a screen reader."""
        node = self._node()
        role = str(node.get("role", {}).get("value", ""))
        return ROLES.get(role, role), str(node.get("name", {}).get("value", "")).strip()

    def _node(self) -> dict[str, Any]:
        asked = self._inspector.send("Runtime.evaluate", {"expression": "document.activeElement"})
        tree = self._inspector.send(
            "Accessibility.getPartialAXTree",
            {"objectId": asked["result"]["objectId"], "fetchRelatives": False},
        )
        found: dict[str, Any] = tree["nodes"][0]
        return found
