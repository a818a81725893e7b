"""A minimal browser: cookies, CSRF token, and an address of its own behind our proxy."""

import html
import http.client
import re
import uuid
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests import proxy

HOST = "gutskin.example"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
# The hidden fields that the forms of a page send besides what is typed.
HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|for_request)" value="([^"]+)"')
CODE = re.compile(r"\b[A-HJ-NP-Z2-9]{4}(?:-[A-HJ-NP-Z2-9]{4}){3}\b")
# Part of everything that is typed; it must not appear in any log, mail, audit event or file.
CANARY = "Kanarienvogel"
# The same for the e-mail address, which the To header has to name.
POST_CANARY = "kanarienpost"


class Patient:
    def __init__(self, site, address=None):
        self.site, self.cookies = site, {}
        number = next(site.numbers)
        self.address = address or f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    def ask(self, path, method="GET", body=None, **headers):
        """One request, following no redirect; OSError when the connection broke. Counted by the site."""
        sent = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": self.address}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if isinstance(body, dict):
            body = urlencode(body, doseq=True)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        if method == "POST":
            sent.setdefault("Referer", f"https://{HOST}/")
        connection = self.connection()
        try:
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            response.content = response.read()
        except http.client.HTTPException as error:
            raise OSError(type(error).__name__) from error
        finally:
            connection.close()
        response.text = response.content.decode(errors="replace")
        self._keep_cookies(response)
        self.site.saw(response.status)
        return response

    def connection(self):
        return proxy.connection(*(self.site.proxy or [self.site.port]))

    def _keep_cookies(self, response):
        for header in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(header).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)

    def token(self, path="/consult/"):
        """A new CSRF token from a page with a form. Raises ConnectionError if there is none."""
        found = TOKEN.search(self.ask(path).text)
        if not found:
            raise ConnectionError(f"{path} came without a token.")
        return html.unescape(found[1])

    def post(self, path, fields, form=None):
        """A form as a browser sends it: first the page, then the POST with its token and the request it names."""
        return self.ask(path, "POST", self.hidden(form or path) | fields)

    def hidden(self, path):
        """The hidden fields of a page, by name."""
        return {name: html.unescape(value) for name, value in HIDDEN.findall(self.ask(path).text)}

    def send_request(self, **changes):
        """The whole way to a receipt code. Returns what was typed, and the code."""
        answers = answers_of_somebody(**changes)
        response = self.post("/consult/", answers)
        assert response.status == 302, f"The request was answered with {response.status}."
        code = CODE.search(self.ask("/consult/received/").text)
        assert code, "No receipt code was shown."
        return answers, code[0]


def answers_of_somebody(**changes):
    """A filled-in form, with a key and a story of its own."""
    key = str(uuid.uuid4())
    filled = {
        "key": key,
        "homepage": "",
        "topic": "",
        "for_whom": "myself",
        "name": f"{CANARY} {key}",
        "email": f"{POST_CANARY}-{key}@example.org",
        "phone": "",
        "preferred_contact": "email",
        "age_group": "18-39",
        "skin_problem": f"{CANARY} skin {key}",
        "duration": "months",
        "gut_symptoms": ["bloating"],
        "gut_details": f"{CANARY} gut {key}",
        "tried": "",
        "question": f"{CANARY} question {key}",
        "consent": "on",
    }
    return filled | changes
