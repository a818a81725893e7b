"""Open redirects: addresses that would lead to another host after a login, or by slashes that browsers normalise."""

from urllib.parse import quote, urljoin, urlsplit

from tests.faults.patient import HOST, Patient
from tests.faults.staff import log_in, some_accounts
from tests.faults.table import Line

EVIL = "evil.example"
TARGETS = [
    f"https://{EVIL}/",
    f"//{EVIL}/",
    f"///{EVIL}/",
    f"////{EVIL}",
    f"/\\{EVIL}",
    f"\\\\{EVIL}",
    f"/\t/{EVIL}",
    f"https:{EVIL}",
    f"https:///{EVIL}",
    f"https://{HOST}@{EVIL}/",
    f"https://{HOST}.{EVIL}/",
    f"javascript:alert(1)//{HOST}",
    "data:text/html,<script>alert(1)</script>",
    f"/admin/\r\nLocation: https://{EVIL}/",
    f"http://{HOST}/admin/",
]
SLASHES = [
    f"//{EVIL}/consult",
    f"//{EVIL}/%2e%2e",
    f"/%2F{EVIL}/consult",
    f"/\\{EVIL}/consult",
    f"//{EVIL}//consult",
    "/%09/consult",
]
LOGIN_PAGES = ["/accounts/login/", "/admin/login/", "/accounts/login/passkey/", "/accounts/again/", "/accounts/logout/"]
OTHERS = ["/consult/status/", "/consult/received/", "/consult/code/open/", "/connect/application"]


def run(lab) -> Line:
    with lab.site("open-redirects") as site:
        asked, faults = 0, []

        def look(answer, asked_for):
            nonlocal asked
            asked += 1
            if leads_away(answer):
                faults.append(f"{asked_for} → {answer.headers['Location']}")

        for path in LOGIN_PAGES + OTHERS:
            for target in TARGETS:
                address = f"{path}?next={quote(target, safe='')}&url={quote(target, safe='')}"
                look(Patient(site).ask(address), address)
        for path in SLASHES:
            look(Patient(site).ask(path), path)
        # A code of an app is accepted once, so each login is by another user.
        targets = {f"carla{number}": target for number, target in enumerate(TARGETS[: lab.number(len(TARGETS))])}
        some_accounts(site, list(targets))
        for name, target in targets.items():
            browser = log_in(site, name, next_page=target)
            look(browser.last, f"login with {target!r}")
            address = f"/accounts/login/?next={quote(target, safe='')}"
            look(browser.ask(address), f"logged in, {address}")
            look(browser.post("/accounts/logout/", {"next": target}), f"logout with {target!r}")
        return Line(
            done=f"{asked} addresses, logins and logouts that name another host: {len(faults)} led there",
            sent=asked,
            answers_of_500=site.answers_of_500,
            broken="; ".join(faults[:3]),
        )


def leads_away(answer):
    """As a browser reads it: a backslash is a slash, and tabs are dropped."""
    to = answer.headers["Location"]
    if to is None:
        return False
    read = to.replace("\\", "/").replace("\t", "").replace("\r", "").replace("\n", "")
    whole = urlsplit(urljoin(f"https://{HOST}/", read))
    return whole.netloc != HOST or whole.scheme != "https"
