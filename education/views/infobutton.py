"""Patient education for health records, by clinical code: HL7 Infobutton (see education/infobutton/)."""

import json

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt

from education.infobutton.knowledge_request import JAVASCRIPT, JSON, XML, RequestRefused, read_request
from education.infobutton.knowledge_response import atom_feed, feed_for, language_note, main_statements
from education.infobutton.matching import matching_articles
from education.structured_data import as_script, record_page
from gutskin.http_methods import answers_every_method, options
from gutskin.open_data import PREFLIGHT

TWELVE_HOURS = 43_200


def answers_records(view):
    """GET and HEAD only, cached for twelve hours, and readable by scripts of any origin: nothing here is private.

    Exempt from the CSRF check because nothing is ever changed: a POST gets 405, not an error about a missing token.
    """

    @answers_every_method
    @csrf_exempt
    @cache_control(public=True, max_age=TWELVE_HOURS)
    def wrapped(request):
        if request.method == "OPTIONS":
            response = options(("GET", "HEAD"), PREFLIGHT)
        elif request.method not in {"GET", "HEAD"}:
            response = _plain(_("Only GET requests are answered here."), status=405)
            response.headers["Allow"] = "GET, HEAD"
        else:
            response = view(request)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return wrapped


@answers_records
def connect_service(request):
    """For programs: an Atom feed, or the same as JSON or JSONP."""
    response = _answer(request)
    # JSONP is loaded by a script element on a page of another origin.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _answer(request):
    try:
        knowledge_request = read_request(request.GET)
    # Plain text with a status code: the reader is a developer looking at the log of a client.
    except RequestRefused as refusal:
        return _plain(str(refusal), status=refusal.status)
    feed = feed_for(knowledge_request)
    if knowledge_request.response_type == XML:
        return HttpResponse(atom_feed(feed), content_type=f"{XML}; charset=utf-8")
    answer = json.dumps({"feed": feed})
    if knowledge_request.response_type == JSON:
        return HttpResponse(answer, content_type=JSON)
    return _jsonp(request, knowledge_request.callback, answer)


def _jsonp(request, callback, answer):
    """A script for pages of other sites. On our own, a callback would be a way round `script-src 'self'`."""
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        response = _plain(_("Pages of this site itself cannot load a script from here."), status=403)
    else:
        # The comment stops the callback's first bytes from being taken for another file type (Rosetta Flash).
        response = HttpResponse(f"/**/{callback}({answer});", content_type=f"{JAVASCRIPT}; charset=utf-8")
    # The answer depends on this header, so a shared cache must not mix up the two.
    patch_vary_headers(response, ["Sec-Fetch-Site"])
    return response


@answers_records
def connect_application(request):
    """For the clinician who pressed the Infobutton: the pages to read with the patient or to print."""
    try:
        knowledge_request = read_request(request.GET)
    except RequestRefused as refusal:
        context = {"refusal": str(refusal)}
        return render(request, "education/infobutton/application.html", context, status=refusal.status)
    articles = matching_articles(knowledge_request)
    statements = main_statements(articles)
    context = {
        "knowledge_request": knowledge_request,
        "language_note": language_note(knowledge_request, articles),
        "structured_data": as_script(record_page()),
        "pages": [{"article": page, "statements": statements[page.pk]} for page in articles],
    }
    return render(request, "education/infobutton/application.html", context)


def _plain(sentence, *, status):
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
