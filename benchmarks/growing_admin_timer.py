"""Times every page of admin, as each role sees it, in a site's process: prints a line of JSON for each.

Run by growing_admin.py with the environment of the site, after `django.setup()`. It writes to the site: an account for
each role, a team of one topic, and what the site records of who looked at what.
"""

import json
import re
import sys
import time
from contextlib import suppress
from html import unescape

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import Count
from django.urls import NoReverseMatch, reverse

from benchmarks.growth_timer import TIMES, TOO_LONG, browser
from consultations.models import Inquiry, Team
from consultations.queue.tabs import LABELS
from education.models import Article
from gutskin.accounts.roles import CLINICIAN, ROLES
from tests.consultations.admin_walk import lookups
from tests.staff_session import with_both_factors

SUPERUSER, ONE_TOPIC = "Superuser", "Clinician of one topic"
# What somebody would look for. Articles, statements and references of both sites have it.
WORD = "eczema"
# The rows of a list are no part of the page around them: with 12 articles a list may be empty.
ROWS = re.compile(rb"<tbody>.*?</tbody>", re.DOTALL)


def main():
    for role in (SUPERUSER, *ROLES, ONE_TOPIC):
        client = logged_in(role)
        for name, path in admin_pages(client, with_links=role == SUPERUSER):
            sys.stdout.write(f"{json.dumps({'role': role, 'path': name} | measured(client, path))}\n")


def logged_in(role):
    """A browser of somebody with this role who has used both factors."""
    user, _created = User.objects.get_or_create(username=f"bench-{role.replace(' ', '-').lower()}")
    user.is_staff, user.is_superuser = True, role == SUPERUSER
    user.save()
    user.groups.set(Group.objects.filter(name=CLINICIAN if role == ONE_TOPIC else role))
    _give_work(user, role)
    Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": ""}})
    client = browser()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    session = client.session
    with_both_factors(session, user)
    session.save()
    return client


def _give_work(user, role):
    """One clinician answers everything, another the topic that is asked about most."""
    if role == CLINICIAN:
        Team.objects.get_or_create(name="Bench, all", defaults={"takes_everything": True})[0].members.add(user)
    if role == ONE_TOPIC:
        team, _created = Team.objects.get_or_create(name="Bench, one topic")
        team.members.add(user)
        asked = Inquiry.objects.exclude(condition=None).order_by().values("condition").annotate(n=Count("pk"))
        team.topics.set(Article.objects.filter(pk__in=[row["condition"] for row in asked.order_by("-n")[:1]]))


def measured(client, path) -> dict:
    """The least CPU of several answers; `first` is that of the one before anything was remembered."""
    first, content = ask(client, path)
    is_asked_again = first["status"] == 200 and first["cpu"] < 1000 * TOO_LONG
    again = [ask(client, path)[0] for _ in range(TIMES)] if is_asked_again else [first]
    cpu = min(each["cpu"] for each in again)
    bodies = ROWS.findall(content)
    rows = {"rows": sum(body.count(b"<tr") for body in bodies), "bytes_of_rows": sum(map(len, bodies))}
    return again[-1] | {"cpu": cpu, "first": first["cpu"], "seen": first["status"] == 200} | rows


def ask(client, path) -> tuple[dict, bytes]:
    """Status, bytes, queries and milliseconds of CPU of one answer, and the answer."""
    counted = []
    with connection.execute_wrapper(lambda execute, *arguments: counted.append(1) or execute(*arguments)):
        began = time.process_time()
        response = client.get(path)
        content = response.getvalue() if response.streaming else response.content
        cpu = time.process_time() - began
    figures = {"status": response.status_code, "bytes": len(content), "queries": len(counted), "cpu": 1000 * cpu}
    return figures, content


def admin_pages(client, *, with_links):
    """Pairs of name and address: everything that has an address and, `with_links`, what links of lists lead to."""
    found = {reverse("admin:index"): reverse("admin:index")}
    for app in ("education", "consultations", "audit", "auth"):
        with suppress(NoReverseMatch):
            found[f"/admin/{app}/"] = reverse("admin:app_list", args=[app])
    for model, model_admin in admin.site._registry.items():
        found |= _pages_of(model, model_admin)
        found |= _links_of(client, model, model_admin) if with_links else {}
    queue = reverse("admin:consultations_inquiry_changelist")
    found |= {f"{queue}?tab={tab}": f"{queue}?tab={tab}" for tab in LABELS}
    for page in lookups():
        found |= {name: name for name in (page.address, f"{page.address}{WORD}")}
    return found.items()


def _pages_of(model, model_admin):
    found = {}
    rows = model._default_manager.order_by("pk").values_list("pk", flat=True)
    ends = {"first": rows.first(), "last": rows.last()}
    for pattern in model_admin.get_urls():
        if not pattern.name:
            continue
        with suppress(NoReverseMatch):
            address = reverse(f"admin:{pattern.name}")
            found[address] = address
        for end, pk in ends.items():
            with suppress(NoReverseMatch):
                address = reverse(f"admin:{pattern.name}", args=[pk]) if pk is not None else ""
                found |= {address.replace(f"/{pk}/", f"/<{end}>/"): address} if address else {}
    return found


def _links_of(client, model, model_admin):
    """Each filter and each order of a list, and a search in it."""
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    changelist = reverse(f"admin:{name}_changelist")
    typed = [each.parameter_name for each in model_admin.list_filter if getattr(each, "is_typed", False)]
    links = [f"?{name}={WORD}" for name in typed] + ([f"?q={WORD}"] if model_admin.search_fields else [])
    response = client.get(changelist)
    if response.status_code == 200:
        links += {unescape(link) for link in re.findall(r'href="(\?[^"]+)"', response.content.decode())}
    return {changelist + link: changelist + link for link in sorted(links)}
