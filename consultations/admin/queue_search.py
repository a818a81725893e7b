"""Searching for a request by its reference or by the exact e-mail address it was sent with.

By POST only: the term may be a patient's address, which must not appear in a URL, a log or a browser's history.
"""

import re

from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.debug import sensitive_post_parameters

from consultations.access import can_search_by_email
from consultations.models import Inquiry
from consultations.request_numbers import email_index
from gutskin import limits
from gutskin.accounts.permissions import require_permission
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent
from gutskin.http_methods import require_http_methods

NO_EMAIL_SEARCH = _lazy(
    "Because you run the site, you may not see who wrote. Nothing was searched; search by the reference."
)


class QueueSearchMixin:
    """For a ModelAdmin with the columns of the queue."""

    def get_urls(self):
        search = self.admin_site.admin_view(self.search_view)
        return [path("search/", search, name="consultations_inquiry_search"), *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def search_view(self, request):
        require_permission(self.has_view_permission(request))
        if request.method != "POST":
            return self._results_page(request, [], term="")
        term = request.POST.get("term", "").strip()
        way, condition = _parse(term)
        if way == BY_EMAIL and not can_search_by_email(request.user):
            return self._results_page(request, [], term=term, refusal=NO_EMAIL_SEARCH)
        # An empty condition would match every request.
        found = []
        if condition:
            rows = Inquiry.objects.visible_to(request.user).filter(condition).as_queue().with_news()
            found = list(rows[: limits.MOST_SEARCH_RESULTS])
            # How it was searched and how many were found; never the term.
            record(AuditEvent.Action.SEARCHED, by=request.user, detail=f"{way}: {len(found)}")
        if len(found) == 1 and way == BY_REFERENCE:
            return redirect("admin:consultations_inquiry_change", found[0].pk)
        return self._results_page(request, found, term=term)

    def _results_page(self, request, found, *, term, refusal=""):
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
            "status": self.status_and_news(inquiry),
            "urgency": self.urgency_badge(inquiry),
            "due": self.due(inquiry),
            "topic": self.topic(inquiry),
            "assignee": self.assignee_name(inquiry),
            "received": self.received(inquiry),
        }


BY_REFERENCE, BY_EMAIL = "by reference", "by e-mail"


def _parse(term):
    """Returns how the term is searched and the condition, which is empty if there is nothing to search for."""
    if "@" in term:
        # The column is encrypted. A keyed digest of the address (a blind index) finds exact matches only.
        return BY_EMAIL, Q(email_index=email_index(term))
    # A reference may be typed in any case, with or without dashes and “GS”, and only its beginning.
    letters = re.sub(r"[^0-9A-Z]", "", term.upper())
    # “GS” is either the prefix of every reference, or the first two letters of this one, typed without the prefix.
    readings = {letters, letters.removeprefix("GS")}
    beginnings = [f"GS-{each[:4]}-{each[4:]}".rstrip("-") for each in readings if 2 <= len(each) <= 8]
    return BY_REFERENCE, Q.create([("reference__startswith", each) for each in sorted(beginnings)], connector=Q.OR)
