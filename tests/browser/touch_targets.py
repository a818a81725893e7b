"""What is too small for a finger: 24 CSS pixels each way, or the label that belongs to it (WCAG 2.5.8)."""

SMALL_TARGETS = """() => [...document.querySelectorAll("main a, header a, footer a, button, summary, select, input")]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && getComputedStyle(e).display != "inline")
    .filter(e => !e.closest("[aria-hidden=true]"))  // the trap for programs, which no finger finds
    .filter(e => [e, ...(e.labels ?? [])].map(part => part.getBoundingClientRect())
        .every(box => box.width < 24 || box.height < 24))
    .map(e => e.outerHTML.slice(0, 80))
"""


def small_targets(page) -> list[str]:
    """The beginnings of their markup. Words within a sentence are exempt."""
    page.wait_for_load_state()
    return page.evaluate(SMALL_TARGETS)
