"""Session fixation: an attacker plants a cookie in another browser and waits until its user has logged in."""

from tests.faults.patient import Patient
from tests.faults.staff import an_account, log_in
from tests.faults.table import Line

SESSION, VISIT = "__Host-session", "__Host-visit"
ADMIN = "/admin/"


def run(lab) -> Line:
    with lab.site("fixed-sessions") as site:
        faults = []
        invented = "planted0by0someone0else012345678"
        # A code of an app is accepted once, so each login is by another user.
        for name, planted in (("carla", invented), ("dora", session_of_a_stranger(site))):
            an_account(site, name, "Clinician")
            victim = Patient(site)
            victim.cookies[SESSION] = planted
            log_in(site, name, browser=victim)
            if victim.cookies[SESSION] == planted or not opens(site, victim.cookies, ADMIN):
                faults.append("login keeps a session that was planted")
            if victim.between[SESSION] in (planted, victim.cookies[SESSION]):
                faults.append("a step of the login keeps the session of the one before")
            for session in (planted, victim.between[SESSION]):
                if opens(site, {SESSION: session}, ADMIN):
                    faults.append("a session from before the login opens admin")
        faults += visit_faults(site)
        return Line(
            done=f"2 planted sessions and a planted visit: {len(faults)} opened something",
            sent=3,
            answers_of_500=site.answers_of_500,
            broken="; ".join(dict.fromkeys(faults)),
        )


def session_of_a_stranger(site):
    """A session that the server knows: someone asked for a passkey and did not use it."""
    stranger = Patient(site)
    stranger.ask("/accounts/login/passkey/")
    return stranger.cookies[SESSION]


def opens(site, cookies, path):
    browser = Patient(site)
    browser.cookies = dict(cookies)
    return browser.ask(path).status == 200


def visit_faults(site):
    _answers, code = Patient(site).send_request()
    attacker = Patient(site)
    _answers, own_code = attacker.send_request()
    attacker.post("/consult/status/", {"code": own_code})
    planted = attacker.cookies[VISIT]
    victim = Patient(site)
    victim.cookies[VISIT] = planted
    # The victim enters the code on the page of the attacker's visit.
    victim.ask("/consult/status/", "POST", {"code": code, "csrfmiddlewaretoken": victim.token("/consult/")})
    if victim.cookies.get(VISIT) in (planted, None):
        return ["the visit keeps a secret that was planted"]
    attacker.cookies[VISIT] = planted
    page = attacker.ask("/consult/status/").text
    [(reference,)] = site.sql("SELECT reference FROM consultations_inquiry ORDER BY id LIMIT 1")
    return ["the planted visit opens the victim's request"] if reference in page else []
