"""A user without a mouse: walks by Tab, and looks at every stop whether the focus can be seen."""

from playwright.sync_api import expect

from tests.browser.waiting import eventually

MOST_STOPS = 120
# A ring of at least two pixels, and nothing that lies over the part of the element that is on the screen.
FOCUS = """() => {
    const focused = document.activeElement;
    const style = getComputedStyle(focused);
    const box = focused.getClientRects()[0] ?? new DOMRect();
    const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
    const on_top = document.elementFromPoint(
        middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
    return {
        element: focused.outerHTML.slice(0, 120),
        place: [...document.querySelectorAll("*")].indexOf(focused),
        is_nowhere: focused === document.body,
        has_ring: focused.matches(":focus-visible") && style.outlineStyle !== "none"
            && parseFloat(style.outlineWidth) >= 2,
        is_uncovered: focused.contains(on_top),
    };
}"""


class Keyboard:
    """The keys of a page; nothing here uses the mouse."""

    def __init__(self, page):
        self.page = page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words):
        self.page.keyboard.type(words)

    def focus(self):
        """Where it is. A focus that stays without a ring, or covered, fails the test."""

        def is_seen(focus):
            return focus["is_nowhere"] or (focus["has_ring"] and focus["is_uncovered"])

        return eventually(self.page, lambda: self.page.evaluate(FOCUS), is_seen)

    def go_to(self, target):
        """Presses Tab until the focus is on the target."""
        for _ in range(MOST_STOPS):
            self.press("Tab")
            self.focus()
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"Tab does not lead to {target}")

    def choose(self, select, value):
        """Goes down in a select box that has the focus. Typing its words would depend on how quickly they come."""
        values = select.evaluate("select => [...select.options].map(option => option.value)")
        expect(select).to_be_focused()
        self.press("Home", *["ArrowDown"] * values.index(value))
        expect(select).to_have_value(value)

    def walk(self, key):
        """Every stop on the way out of the page, in order; a browser without a frame starts again instead."""
        stops = {}
        for _ in range(MOST_STOPS):
            self.press(key)
            focus = self.focus()
            if focus["place"] in stops or (stops and focus["is_nowhere"]):
                return list(stops.values())
            if not focus["is_nowhere"]:
                stops[focus["place"]] = focus["element"]
        raise AssertionError(f"{key} does not lead out of {self.page.url}")
