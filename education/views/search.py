from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from education.models import SearchDocument
from education.search import LONGEST_QUERY, find
from education.views.public import public_page


@public_page
def search(request):
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    kind = request.GET.get("kind", "")
    if kind not in SearchDocument.Subject:
        kind = ""
    found = find(query, kind=kind, page=request.GET.get("page", ""))
    return render(
        request,
        "education/search.html",
        {
            "query": query,
            "kind": kind,
            "kinds": [
                {"value": value, "label": label, "count": found.counts.get(value, 0), "selected": value == kind}
                for value, label in SearchDocument.Subject.choices
            ],
            "results": [
                {
                    "url": result.url,
                    "title": result.title_html,
                    "snippet": result.snippet_html,
                    "subject_label": result.subject_label,
                }
                for result in found.results
            ],
            "total": found.total,
            "has_every_word": found.has_every_word,
            "did_you_mean": found.did_you_mean,
            "previous_url": _page_url(query, kind, found.previous_page),
            "next_url": _page_url(query, kind, found.next_page),
        },
    )


def _page_url(query, kind, page):
    if page is None:
        return ""
    values = {"q": query, "kind": kind, "page": page}
    return f"{reverse('education:search')}?{urlencode({name: value for name, value in values.items() if value})}"
