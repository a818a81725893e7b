"""After “not modified” a browser shows what it has stored, with the policies that it has stored (RFC 9111, 4.3.4)."""

import pytest

pytestmark = pytest.mark.browser

# Adds an inline script, and gives whether it ran and which rule of the policy was broken.
INLINE_SCRIPT = """() => new Promise(resolve => {
    const broken = [];
    document.addEventListener("securitypolicyviolation", event => broken.push(event.effectiveDirective));
    const script = document.createElement("script");
    script.textContent = "window.hasRun = true";
    document.body.append(script);
    setTimeout(() => resolve([Boolean(window.hasRun), broken]), 100);
})"""
REFUSED = [False, ["script-src-elem"]]


def statuses_sent_to(page):
    """What the server sent: to the page itself, one that was not modified is a whole one."""
    found = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.responseReceivedExtraInfo", lambda event: found.append(event["statusCode"]))
    return found


def test_the_policy_of_a_page_still_applies_after_a_304(reading_site, new_page):
    page = new_page(may_complain=True)
    statuses = statuses_sent_to(page)
    for sent in (200, 304, 304):
        statuses.clear()
        answer = page.reload() if sent == 304 else page.goto(f"{reading_site}/about/")
        assert statuses[0] == sent
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert page.evaluate(INLINE_SCRIPT) == REFUSED
