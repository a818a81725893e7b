"""Finding a request again by its reference, or by the exact e-mail address it was sent with.

By POST only: what somebody types here may be a patient's address, and must not stand in an address, a log or a history.
"""

import re

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from consultations.access import finds_by_address
from consultations.admin.assignee import assignee_of
from consultations.models import Inquiry
from consultations.request_numbers import email_index
from gutskin import limits
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent

CLOSED = _lazy("Who wrote is closed for you, because you run the site. Nothing was searched; search by the reference.")


class QueueSearch:
    def get_urls(self):
        search = self.admin_site.admin_view(self.search_view)
        return [path("search/", search, name="consultations_inquiry_search"), *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def search_view(self, request):
        self.demand_view(request)
        if request.method != "POST":
            return self._answer(request, [], term="")
        term = request.POST.get("term", "").strip()
        way, which = _search(term)
        if way == BY_EMAIL and not finds_by_address(request.user):
            return self._answer(request, [], term=term, refusal=CLOSED)
        found = []
        if which:
            rows = Inquiry.objects.visible_to(request.user).filter(which).as_queue().with_news()
            found = list(rows[: limits.MOST_SEARCH_RESULTS])
            record(AuditEvent.Action.SEARCHED, by=request.user, detail=f"{way}: {len(found)}")
        if len(found) == 1 and way == BY_REFERENCE:
            return redirect("admin:consultations_inquiry_change", found[0].pk)
        return self._answer(request, found, term=term)

    def demand_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _answer(self, request, found, *, term, refusal=""):
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _lazy("Find a request"),
            "term": term,
            "refusal": refusal,
            "rows": [self._row(inquiry) for inquiry in found],
            "at_most": limits.MOST_SEARCH_RESULTS if len(found) == limits.MOST_SEARCH_RESULTS else 0,
        }
        return TemplateResponse(request, "admin/consultations/inquiry/search.html", context)

    def _row(self, inquiry):
        return {
            "inquiry": inquiry,
            "standing": self.standing(inquiry),
            "urgency": self.urgency_chip(inquiry),
            "due": self.due(inquiry),
            "topic": self.topic(inquiry),
            "assignee": assignee_of(inquiry),
            "received": self.received(inquiry),
        }


BY_REFERENCE, BY_EMAIL = "by reference", "by e-mail"


def _search(term):
    """How the term is looked for, and the condition; an empty one where there is nothing to look for."""
    if "@" in term:
        return BY_EMAIL, Q(email_index=email_index(term))
    letters = re.sub(r"[^0-9A-Z]", "", term.upper())
    # “GS” is what every reference begins with, or else the first two letters of this one.
    readings = {letters, letters.removeprefix("GS")}
    beginnings = [f"GS-{each[:4]}-{each[4:]}".rstrip("-") for each in readings if 2 <= len(each) <= 8]
    return BY_REFERENCE, Q.create([("reference__startswith", each) for each in sorted(beginnings)], connector=Q.OR)
