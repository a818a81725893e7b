"""Patient education for health records, by clinical code. education/infobutton/ names the standard."""

import json

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt

from education.infobutton.answer import feed_for, main_statements
from education.infobutton.atom import atom_feed
from education.infobutton.knowledge_request import JAVASCRIPT, JSON, XML, RequestRefused, read_request
from education.infobutton.matching import matching_articles
from education.structured_data import as_script, record_page

TWELVE_HOURS = 43_200


def answers_records(view):
    """GET and HEAD only, kept for twelve hours, and readable by scripts of other hosts: nothing here is private.

    Exempt from the CSRF check, since no method changes anything: a POST is told 405, not that it lacks a token.
    """

    @csrf_exempt
    @cache_control(public=True, max_age=TWELVE_HOURS)
    def answered(request):
        if request.method not in {"GET", "HEAD"}:
            response = _plain(_("Only GET requests are answered here."), status=405)
            response.headers["Allow"] = "GET, HEAD"
        else:
            response = view(request)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return answered


@answers_records
def connect_service(request):
    """For machines: an Atom feed, or the same as JSON or JSONP."""
    response = _answer(request)
    # JSONP is a script element on a page of another host.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _answer(request):
    try:
        asked = read_request(request.GET)
    except RequestRefused as refusal:
        return _plain(str(refusal), status=refusal.status)
    feed = feed_for(asked)
    if asked.response_type == XML:
        return HttpResponse(atom_feed(feed), content_type=f"{XML}; charset=utf-8")
    answer = json.dumps({"feed": feed})
    if asked.response_type == JSON:
        return HttpResponse(answer, content_type=JSON)
    return _jsonp(request, asked.callback, answer)


def _jsonp(request, callback, answer):
    """A script for pages of other hosts. Ours ask for none: there, it would be a way round `script-src 'self'`."""
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        response = _plain(_("The pages of this site itself get no script from here."), status=403)
    else:
        # The comment in front keeps a callback's first bytes from being taken for another kind of file.
        response = HttpResponse(f"/**/{callback}({answer});", content_type=f"{JAVASCRIPT}; charset=utf-8")
    patch_vary_headers(response, ["Sec-Fetch-Site"])
    return response


@answers_records
def connect_application(request):
    """For the clinician who pressed the button in the record: the pages to read or print for the patient."""
    try:
        asked = read_request(request.GET)
    except RequestRefused as refusal:
        context = {"refusal": str(refusal)}
        return render(request, "education/connect/application.html", context, status=refusal.status)
    articles = matching_articles(asked.system, asked.code, asked.language)
    statements = main_statements(articles)
    context = {
        "asked": asked,
        "structured_data": as_script(record_page()),
        "pages": [{"article": page, "statements": statements[page.pk]} for page in articles],
    }
    return render(request, "education/connect/application.html", context)


def _plain(sentence, *, status):
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
