from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from education.feeds import SearchFeed
from education.models import SearchDocument
from education.search import find, one_line, suggest
from education.structured_data import as_script, search_page, suggestions_page
from education.views.public import public_page
from gutskin.open_data import open_data
from gutskin.red_flags import advice_on

search_feed = open_data(public_page(SearchFeed(), query=["q"]))


@public_page(query=["q", "kind", "page", "typed"])
def search(request):
    query, kind = one_line(request.GET.get("q", "")), request.GET.get("kind", "")
    # An unknown kind in an old link must not give an empty page.
    if kind not in SearchDocument.Subject:
        kind = ""
    as_typed = "typed" in request.GET
    asked_page = request.GET.get("page", "1")
    found = find(query, kind=kind, page=asked_page, as_typed=as_typed)
    address = reverse("education:search")

    def url(values):
        return f"{address}?{urlencode({name: value for name, value in values.items() if value})}"

    # Without the page number: a changed filter starts at the first page.
    asked = {"q": query, "kind": kind, "typed": "1" if as_typed else ""}
    return render(
        request,
        "education/search.html",
        {
            "query": query,
            # Also on the word that the page says was meant: “Did you mean suicide?” must not come without help.
            "advice": advice_on(query) or advice_on(found.did_you_mean),
            "kind": kind,
            "found": found,
            "results": found.results,
            "kinds": [
                {
                    "value": value,
                    "label": label,
                    "count": found.counts.get(value, 0),
                    "selected": value == kind,
                    "url": url(asked | {"kind": value}),
                }
                for value, label in SearchDocument.Subject.choices
                if found.counts and (value in found.counts or value == kind)
            ],
            "all_url": url(asked | {"kind": ""}),
            "as_typed_url": url(asked | {"typed": "1"}),
            "feed_url": f"{reverse('education:search-feed')}?{urlencode({'q': found.query or query})}",
            "previous_url": url(asked | {"page": found.previous_page}) if found.previous_page else "",
            "next_url": url(asked | {"page": found.next_page}) if found.next_page else "",
            "structured_data": as_script(search_page()),
        },
        # As in lists, a page that is not there is not found. But what was typed is still in the form, with results.
        status=200 if asked_page == str(found.page) else 404,
    )


@public_page(query=["q"])
def search_suggestions(request):
    """A complete page without a script; on the search page, a script shows its list under the search box."""
    query = one_line(request.GET.get("q", ""))
    context = {
        "query": query,
        "advice": advice_on(query),
        "suggestions": suggest(query) if query else [],
        "structured_data": as_script(suggestions_page()),
    }
    return render(request, "education/search_suggestions.html", context)
