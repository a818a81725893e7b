"""Walks through every address of the admin: an object for each, and a user of each role to try it."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from urllib.parse import urljoin

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import URLResolver, resolve
from django.utils import timezone
from django.utils.http import urlencode

from consultations.models import CannedReply, PurgeCertificate, RedFlagResult, StoryAccess, Team
from education.actions import revise_statement, submit_for_review
from education.models import ClinicalCode, Clinician, EvidenceQuestion, Feedback, GlossaryTerm
from gutskin.accounts.models import FactorReset
from gutskin.audit.models import AuditEvent
from gutskin.http_methods import allowed_methods
from tests.consultations.factories import (
    a_clinical_reviewer,
    a_clinician,
    a_coordinator,
    a_privacy_lead,
    a_stored_photo,
    a_superuser,
    a_user,
    an_author,
    an_inquiry,
)
from tests.consultations.upload_zoo import a_jpeg
from tests.education.factories import make_published_article, make_statement, make_synonyms

# Pages about another object than their address suggests.
SPECIAL = {
    "education_evidencestatement_revise": "published statement",
    "education_feedback_article": "article",
}
# The least that has to be posted to a page for it not to answer that something is missing.
POSTED = {"consultations_inquiry_save_figure": {"figure": "backlog"}}
LOGIN_PAGES = ("/accounts/login/", "/accounts/again/", "/accounts/factors/")


@dataclass(frozen=True)
class Page:
    name: str
    address: str
    posted: dict = field(default_factory=dict)


def people(topic):
    """Returns a user for each role. The clinician's team answers the request, the other clinician's does not."""
    clinician, other = a_clinician("david", team="Eczema"), a_clinician("maria", team="Nails")
    Team.objects.get(name="Eczema").topics.add(topic)
    Clinician.objects.create(user=(reviewer := a_clinical_reviewer()), name="Ruth Okafor", role="Gastroenterologist")
    people = {
        "passer-by": None,
        "staff without a group": a_user("stefan"),
        "author": an_author(),
        "reviewer": reviewer,
        "coordinator": a_coordinator(),
        "clinician": clinician,
        "other clinician": other,
        "privacy lead": a_privacy_lead(),
        "superuser": a_superuser(),
    }
    for user in filter(None, people.values()):
        # A usable password, so that the page for changing it opens.
        user.set_password("a long enough password")
        user.save()
    return people


def things():
    """Returns an object of each model that has pages, by the model's name in addresses, and other objects they need."""
    topic = make_published_article()
    topic.codes.create(system="2.16.840.1.113883.6.90", code="L20.9", display="Atopic dermatitis")
    waiting = submit_for_review(topic, by=a_user("somebody"))
    statement = make_statement(topic)
    inquiry = an_inquiry(condition=topic)
    photo = a_stored_photo(inquiry, a_jpeg((8, 8)), width=8, height=8)
    now = timezone.now()
    question = EvidenceQuestion.objects.create(
        condition=topic, intervention_id="probiotics", query="eczema AND probiotics", since=now.date()
    )
    access = StoryAccess.objects.create(
        inquiry=inquiry,
        user=a_user("somebody-else"),
        reason="fault",
        given_at=now - timedelta(hours=3),
        ends_at=now - timedelta(hours=2),
    )
    RedFlagResult.objects.create(inquiry=inquiry, rules="", version="1", acknowledged_at=now)
    return {
        "inquiry": inquiry,
        "team": Team.objects.create(name="Everything else"),
        "cannedreply": CannedReply.objects.create(title="Thank you", text="Thank you for your message."),
        "auditevent": AuditEvent.objects.first(),
        "purgecertificate": PurgeCertificate.objects.create(cause="patient"),
        "redflagresult": RedFlagResult.objects.first(),
        "factorreset": FactorReset.objects.create(user=a_user("locked-out"), reason="Lost.", asked_by="carla"),
        "user": get_user_model().objects.get(username="somebody"),
        "group": Group.objects.get_or_create(name="Author")[0],
        "article": topic,
        "revision": waiting,
        "review": topic.live.reviews.first(),
        "evidencestatement": revise_statement(statement, by=a_user("yet-another")),
        "published statement": statement,
        "reference": topic.live.references.first(),
        "glossaryterm": GlossaryTerm.objects.first(),
        "clinicalcode": ClinicalCode.objects.first(),
        "clinician": Clinician.objects.first(),
        "synonymgroup": make_synonyms("itch", "pruritus"),
        "feedback": Feedback.objects.create(revision=topic.live, is_helpful=False, words="Too long."),
        "photos": photo,
        "storyaccess": access,
        "intervention": question.intervention,
        "evidencequestion": question,
        "newpaper": question.papers.create(pmid="41000001", title="A trial", kind="trial", found_at=now),
    }


def pages(things):
    """Yields every address, named by its route if it has no name. Raises KeyError if there is no object for one."""
    for pattern, route in _walk(admin.site.urls[0]):
        name = pattern.name or route
        for address, label in _addresses(route, name, things):
            yield Page(label, f"/admin/{address}", POSTED.get(name, {}))


def lookups():
    """Returns the addresses that autocomplete widgets of the admin can ask, one for each model."""
    found = {}
    for model in admin.site._registry:
        for each in model._meta.get_fields():
            if each.concrete and each.is_relation and each.remote_field.model in admin.site._registry:
                asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
                query = urlencode(asked | {"field_name": each.name, "term": ""})
                found[each.remote_field.model._meta.label_lower] = f"/admin/autocomplete/?{query}"
    return [Page(f"autocomplete of {label}", address) for label, address in sorted(found.items())]


def _walk(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield pattern, route


def _addresses(route, name, things):
    if name == "app_list":
        for label in re.search(r">([\w|]+)\)", route)[1].split("|"):
            yield f"{label}/", f"app_list {label}"
    elif name == "view_on_site":
        article = things["article"]
        yield f"r/{ContentType.objects.get_for_model(article).pk}/{article.pk}/", name
    elif route == "(?P<url>.*)$":
        yield "no-such-page/", "no such page"
    else:
        yield re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(_value(found[1], route, name, things)), route), name


def _value(parameter, route, name, things):
    parts = route.split("/")
    if parameter == "public_id":
        return next(things[part].public_id for part in parts if part in ("photos", "storyaccess"))
    return things[SPECIAL.get(name, parts[1])].pk


def outcome(client, method, page):
    """Returns “opens”, “refuses”, or an unexpected status. What the request changed is rolled back.

    A form that comes back with errors counts as open: a user without permission does not get that far.
    """
    if method == "get" and allowed_methods(resolve(page.address).func) == ("POST",):
        # Leads back to the page of the form, which has an address and a rule of its own.
        return "refuses"
    cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    with transaction.atomic():
        response = getattr(client, method)(page.address, page.posted)
        if response.streaming:
            # Reading to the end closes it. Calling close() on a response would close the connection to PostgreSQL.
            response.getvalue()
        last, status = (
            _where_it_ends(client, response) if "Location" in response else (page.address, response.status_code)
        )
        transaction.set_rollback(True)
    client.cookies = cookies
    if method == "get" and last == page.address:
        _ends_of(client)[last] = (last, status)
    if status in (403, 404, 405):
        return "refuses"
    if status not in (200, 400, 409):
        return str(status)
    # Django leads away from what somebody may not see, to the front page.
    led_away = last.startswith(LOGIN_PAGES) or (last == "/admin/" != page.address)
    return "refuses" if led_away else "opens"


def _where_it_ends(client, response):
    """The last address of the redirects and its status. A client asks once for each address that answers lead to.

    Most lead to the front page, to the log-in, to a list or back to a form: these would be half of the work.
    """
    ends = _ends_of(client)
    before = response.request["PATH_INFO"]
    address = urljoin(before, response.headers["Location"])
    # The log-in page is the same whatever comes after it.
    known = address.partition("?")[0] if address.startswith(LOGIN_PAGES) else address
    if known not in ends:
        reached = client.get(address, follow=True)
        ends[known] = (reached.redirect_chain[-1][0] if reached.redirect_chain else address, reached.status_code)
    return ends[known]


def _ends_of(client):
    return client.__dict__.setdefault("ends", {})
