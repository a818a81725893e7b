"""Times every public page and the lists and forms of admin in a site's process: prints JSON.

Run by growth.py with the environment of the site, after `django.setup()`. It writes there: the account of a superuser,
and what the site records of who looked at what.
"""

import json
import re
import sys
import time
from contextlib import suppress

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from consultations.queue.tabs import LABELS
from tests.addresses import FORM_PAGES, READING_PAGES, RECORD_PAGES
from tests.staff_session import with_both_factors

TIMES = 5
# A page that takes this many seconds is asked no more.
TOO_LONG = 2
FILES = (
    *("/feed/", "/search/feed/?q=eczema", "/sitemap.xml", "/sitemap-articles.xml", "/robots.txt"),
    *("/conditions/acne.jsonld", "/evidence.csv", "/evidence.json", "/references.bib", "/references/zhao2025.ris"),
)
OTHERS = ("/evidence/?therapy=probiotics-and-prebiotics", "/evidence/?letter=A", "/references/?sources=flagged")


def ask(client, path) -> dict:
    """Status, bytes, queries and seconds of CPU of one answer."""
    counted = []
    with connection.execute_wrapper(lambda execute, *arguments: counted.append(1) or execute(*arguments)):
        began = time.process_time()
        response = client.get(path)
        size = len(response.getvalue() if response.streaming else response.content)
        cpu = time.process_time() - began
    return {"status": response.status_code, "bytes": size, "queries": len(counted), "cpu": 1000 * cpu}


def measured(client, path) -> dict:
    found = [ask(client, path)]
    if found[0]["cpu"] < 1000 * TOO_LONG:
        found = [ask(client, path) for _ in range(TIMES)]
    # The least: what else the machine does only adds to it.
    cpu = min(each["cpu"] for each in found)
    return found[-1] | {"cpu": cpu, "is_page": path not in FILES}


def staff() -> Client:
    """A superuser who has used both factors, as a browser that is logged in."""
    user, _created = User.objects.get_or_create(username="bench", defaults={"is_staff": True, "is_superuser": True})
    Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": ""}})
    client = browser()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    session = client.session
    with_both_factors(session, user)
    session.save()
    return client


def browser() -> Client:
    return Client(raise_request_exception=False, headers={"host": settings.ALLOWED_HOSTS[0]})


def admin_pages(client) -> list[str]:
    """Each list, a search in it, its form for a new row, and the form of its first row."""
    queue = reverse("admin:consultations_inquiry_changelist")
    pages = [reverse("admin:index"), *(f"{queue}?tab={tab}" for tab in LABELS)]
    for model, model_admin in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        pages.append(reverse(f"admin:{name}_changelist"))
        if model_admin.search_fields:
            pages.append(f"{pages[-1]}?q=eczema")
        first = model._default_manager.order_by("pk").values_list("pk", flat=True).first()
        # What only the site itself writes has no forms.
        with suppress(NoReverseMatch):
            pages.append(reverse(f"admin:{name}_add"))
        with suppress(NoReverseMatch):
            pages += [] if first is None else [reverse(f"admin:{name}_change", args=[first])]
    return pages


def main():
    reader = browser()
    found = {path: measured(reader, path) for path in (*READING_PAGES, *OTHERS, *FILES, *FORM_PAGES, *RECORD_PAGES)}
    client = staff()
    # By its first row, a form has the same address on both sites only by chance.
    found |= {_named(path): measured(client, path) for path in admin_pages(client)}
    json.dump(found, sys.stdout)


def _named(path) -> str:
    return re.sub(r"/[^/]+/change/$", "/…/change/", path)
