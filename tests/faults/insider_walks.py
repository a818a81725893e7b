"""A superuser comes to a story, or lets somebody, in each way that admin has: never without a notice."""

import html
import re
from functools import cached_property

from tests.faults.lab import wait_for
from tests.faults.patient import CANARY, Patient
from tests.faults.staff import PASSWORD, an_account, log_in
from tests.faults.stored import inside
from tests.faults.table import Line

# The address of the settings, the privacy lead's own, and the one that the superuser gives her account.
PRIVACY, LEAD, TAKEN = "privacy@gutskin.example", "petra@clinic.example", "root@else.example"
HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|version)" value="([^"]*)"')
# The same as before, so that the person can log in afterwards.
NEW_PASSWORD = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
NUMBERS = """
from django.contrib.auth.models import Group, User
from consultations.models import Inquiry
result = {
    "groups": dict(Group.objects.values_list("name", "pk")),
    "users": dict(User.objects.values_list("username", "pk")),
    "request": Inquiry.objects.values_list("pk", flat=True).first(),
}
"""


def run(lab) -> Line:
    server = lab.mail_server()
    server.up()
    try:
        with lab.site("insider-walks", EMAIL_URL=server.url) as site:
            site.start_worker()
            _answers, _code = Patient(site).send_request()
            return walk_them_all(site, server)
    finally:
        server.down()


def walk_them_all(site, server):
    an_account(site, "root", is_superuser=True)
    for name, groups in (("puppet", []), ("dora", ["Clinician"]), ("petra", ["Privacy lead"])):
        an_account(site, name, *groups, email=f"{name}@clinic.example")
    admin, faults = Admin(site, log_in(site, "root")), []
    if CANARY in admin.page_of_request():
        faults.append("a superuser reads a story without a reason")
    for name, walk in WALKS.items():
        before, answer, after = notices(site), walk(admin), notices(site)
        if answer.status != 302:
            faults.append(f"{name}: not possible, {answer.status}")
        elif after == before:
            faults.append(f"{name}: nobody was told")
    if not wait_for(lambda: len(told(server)) >= notices(site), seconds=30):
        faults.append(f"{notices(site)} notices, but {len(told(server))} mails")
    if not any(LEAD in mail.recipients for mail in server.mails):
        faults.append("the old address of the privacy lead was not told")
    if CANARY not in admin.page_of_request():
        faults.append("a reason opened nothing")
    if CANARY not in Admin(site, log_in(site, "dora")).page_of_request():
        faults.append("the request that was assigned stays closed")
    return Line(
        done=f"{len(WALKS)} ways in which a superuser comes to a story or lets somebody, through the pages of admin: "
        f"{len(faults)} without a mail; {len(told(server))} mails to the privacy lead",
        sent=len(WALKS),
        answers_of_500=site.answers_of_500,
        broken="; ".join(faults),
    )


def notices(site):
    """How many the outbox has had. Those of an action are there before its answer is."""
    return site.sql("SELECT count(*) FROM mail_notification WHERE kind IN ('story_rights', 'access_notice')")[0][0]


def told(server):
    return [mail for mail in server.mails if {PRIVACY, LEAD, TAKEN} & set(mail.recipients)]


class Admin:
    """The pages of admin, for somebody who is logged in."""

    def __init__(self, site, browser):
        self.site, self.browser = site, browser

    @cached_property
    def numbers(self):
        return inside(self.site, NUMBERS)

    def save(self, path, fields, form=None):
        """A form as a browser sends it; `form` is its page, if that has another address."""
        page = self.browser.ask(f"/admin/{form or path}").text
        hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(page)}
        return self.browser.ask(f"/admin/{path}", "POST", hidden | fields)

    def save_account(self, name, *groups, **changes):
        numbers = self.numbers
        fields = {"username": name, "is_staff": "on", "is_active": "on", "email": f"{name}@clinic.example"}
        fields["groups"] = [numbers["groups"][group] for group in groups]
        return self.save(f"auth/user/{numbers['users'][name]}/change/", fields | changes)

    def step(self, name, fields):
        """A button on the page of the request."""
        page = f"consultations/inquiry/{self.numbers['request']}"
        return self.save(f"{page}/{name}/", fields, form=f"{page}/change/")

    def page_of_request(self):
        return self.browser.ask(f"/admin/consultations/inquiry/{self.numbers['request']}/change/").text


def give_a_role_new_rights(admin):
    rights = inside(
        admin.site,
        "from django.contrib.auth.models import Group\n"
        "result = [*Group.objects.get(name='Clinician').permissions.values_list('pk', flat=True)]",
    )
    group = admin.numbers["groups"]["Author"]
    admin.save_account("puppet", "Author")
    return admin.save(f"auth/group/{group}/change/", {"name": "Author", "permissions": rights})


def make_a_team_that_takes_everything(admin):
    team = {"name": "Mine", "members": [admin.numbers["users"]["puppet"]], "takes_everything": "on"}
    return admin.save("consultations/team/add/", team)


def set_a_password(admin):
    return admin.save(f"auth/user/{admin.numbers['users']['dora']}/password/", NEW_PASSWORD)


WALKS = {
    "a role": lambda admin: admin.save_account("puppet", "Clinician"),
    "a second superuser": lambda admin: admin.save_account("puppet", is_superuser="on"),
    "new rights for a role": give_a_role_new_rights,
    "a team": make_a_team_that_takes_everything,
    "a request assigned": lambda admin: admin.step("assign", {"to": admin.numbers["users"]["dora"]}),
    "another person's password": set_a_password,
    "the privacy lead's address": lambda admin: admin.save_account("petra", "Privacy lead", email=TAKEN),
    "the privacy lead's role": lambda admin: admin.save_account("petra", "Author", email=TAKEN),
    "a reason given": lambda admin: admin.step("open", {"reason": "fault", "explanation": ""}),
}
