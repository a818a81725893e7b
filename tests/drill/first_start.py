"""First start: the steps of the guide without containers, in their order. A step that it leaves out fails here."""

import re
import time

from tests.drill import guide
from tests.drill.load import Visitor
from tests.drill.table import Line
from tests.faults.lab import wait_for
from tests.faults.patient import HIDDEN
from tests.faults.staff import LOGIN, PASSWORD, code_of_app
from tests.faults.stored import inside

ADMIN = "admin"
CHECK = "python manage.py check --deploy --database default"
# What an operator decides. A variable is set if the guide says so in its first steps, and not otherwise.
DECIDED = {
    "SITE_URL": "https://gutskin.example",
    "ALLOWED_HOSTS": "gutskin.example",
    "DEFAULT_FROM_EMAIL": "hello@gutskin.example",
    "INTAKE_EMAIL": "intake@gutskin.example",
    "PRIVACY_EMAIL": "privacy@gutskin.example",
    "BEHIND_PROXY": "on",
    "RETENTION_DAYS": "730",
    "HOLIDAYS": f"{time.localtime().tm_year}-12-31",
}
SECRETS = ("SECRET_KEY", "DIGEST_KEY", "FIELD_ENCRYPTION_KEYS")
KEY = re.compile(r'class="auth__key">([A-Z2-7]+)<')
A_CLINICIAN_FOR_EVERY_TOPIC = """
from django.contrib.auth.models import Group, User
from consultations.models import Team
user = User.objects.create_user("david", "david@gutskin.example", given["password"], is_staff=True)
user.groups.add(Group.objects.get(name="Clinician"))
Team.objects.create(name="Everyone", takes_everything=True).members.add(user)
result = None
"""


def run(stack) -> Line:
    """Leaves both machines running behind nginx. Most of it is done on the first one."""
    one, two = stack.machines
    stack.variables.update(variables(one, stack.services))
    missed = [name for name in ("BEHIND_PROXY", "DIGEST_KEY") if not is_missed(one, name)]
    assert not missed, f"`check --deploy` does not miss {' and '.join(missed)}."
    [prepare] = guide.commands(guide.WITHOUT_CONTAINERS, "manage.py migrate")
    one.must_run(prepare)
    # Once for both, but each has its own static files.
    two.must_run(prepare.rpartition("&& ")[2])
    one.start()
    two.start()
    stack.start_nginx()
    one.must_run(
        f"python manage.py createsuperuser --noinput --username {ADMIN} --email {ADMIN}@gutskin.example",
        DJANGO_SUPERUSER_PASSWORD=PASSWORD,
    )
    set_up_second_factor(stack)
    seconds = both_mails_arrive(stack)
    inside(stack, A_CLINICIAN_FOR_EVERY_TOPIC, password=PASSWORD)
    one.must_run("python manage.py backup --keep 30")
    return Line(
        done=f"{len(stack.variables)} variables, {prepare.count('&&') + 1} commands on each machine, three processes, "
        f"nginx, a superuser with a second factor; both mails about the first request after {seconds:.0f} s",
        broken=what_is_reported(one),
    )


def variables(machine, services) -> dict:
    """Fresh secrets, made as the guide makes them, and the variables that it names."""
    names = guide.variables()
    services.cluster.create("gutskin")
    values = DECIDED | {
        "EMAIL_URL": services.mail.url,
        "DATABASE_URL": services.cluster.url("gutskin"),
        "CACHE_URL": services.redis.url,
    }
    for name in SECRETS:
        [command] = guide.commands(guide.WITH_CONTAINERS, f"{name}=")
        made, _, value = machine.must_run(command).strip().partition("=")
        values[made] = value
    return {name: value for name, value in values.items() if name in names}


def is_missed(machine, name) -> bool:
    """Whether `check --deploy` says that this variable is not set."""
    done = machine.run(f"unset {name}; python manage.py check --deploy")
    return f"{name} is" in done.stderr


def set_up_second_factor(stack):
    """The first login of the superuser, through nginx."""
    browser = Visitor(stack)
    assert browser.post(LOGIN, {"login": ADMIN, "password": PASSWORD}).status == 302, "The password was refused."
    address = "/accounts/factors/app/"
    page = browser.ask(address)
    secret = KEY.search(page.text)
    assert secret, f"The second factor cannot be set up: {page.status} {page.headers['Location']}"
    answer = browser.ask(address, "POST", dict(HIDDEN.findall(page.text)) | {"code": code_of_app(secret[1])})
    assert answer.status == 302, "The code of the app was refused."
    assert browser.ask("/admin/").status == 200, "Admin did not open."


def both_mails_arrive(stack) -> float:
    """A request as a patient sends it; seconds until the mail server has the receipt and the notice."""
    answers, _code = Visitor(stack).send_request()
    began, wanted = time.monotonic(), {answers["email"], DECIDED["INTAKE_EMAIL"]}
    arrived = wait_for(lambda: wanted <= {to for mail in stack.services.mail.mails for to in mail.recipients}, 30)
    assert arrived, "Not both mails about a request arrived."
    return time.monotonic() - began


def what_is_reported(machine) -> str:
    """What `check --deploy` and /readyz?strict still miss; empty if nothing."""
    checked = machine.run(f"{CHECK} --fail-level WARNING")
    strict = machine.readyz("?strict")
    return "; ".join(filter(None, [checked.stderr.strip(), *strict.get("problems", ["no /readyz"])]))
