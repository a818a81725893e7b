"""Host header attacks: a request for another host is refused, and no page or mail links to that host."""

from tests.faults.patient import HOST, Patient
from tests.faults.table import Line

EVIL = "evil.example"
HOSTS = [EVIL, f"{EVIL}:443", f"{HOST}.{EVIL}", f"{EVIL}/{HOST}", f"{EVIL}#{HOST}", f"{HOST}@{EVIL}", f"{HOST}:@{EVIL}"]
HOSTS += ["", "*", ".", "[::1]", "127.0.0.1.evil.example", f"{HOST},{EVIL}", f"{HOST} {EVIL}", "evil.example\t"]
PATHS = ["/", "/consult/", "/consult/code/", "/accounts/login/", "/admin/", "/sitemap.xml", "/consult"]
OTHER_HEADERS = [
    "X-Forwarded-Host",
    "X-Host",
    "X-Original-Host",
    "Forwarded",
    "X-Forwarded-Server",
    "X-HTTP-Host-Override",
]


def run(lab) -> Line:
    server = lab.mail_server()
    with lab.site("foreign-hosts", EMAIL_URL=server.url) as site:
        asked, faults = 0, []
        for path in PATHS:
            for host in HOSTS:
                asked += 1
                answer = Patient(site).ask(path, Host=host)
                if answer.status != 400 or EVIL in _text_of(answer):
                    faults.append(f"Host: {host!r} {path} {answer.status}")
            for header in OTHER_HEADERS:
                asked += 1
                value = f"host={EVIL}" if header == "Forwarded" else EVIL
                answer = Patient(site).ask(path, **{header: value})
                if EVIL in _text_of(answer) or answer.status >= 400:
                    faults.append(f"{header} {path} {answer.status}")
        return Line(
            done=f"{len(HOSTS)} hosts and {len(OTHER_HEADERS)} other headers on {len(PATHS)} addresses: "
            f"{len(faults)} answered or repeated",
            sent=asked,
            answers_of_500=site.answers_of_500,
            broken="; ".join(faults[:3]),
        )


def _text_of(answer):
    return answer.text + str(answer.headers)
