from itertools import groupby

from django.shortcuts import render

from education.models import GlossaryTerm
from education.views.public import public_page


@public_page
def glossary(request):
    terms = sorted(
        GlossaryTerm.objects.filter(language="en").select_related("article__live"),
        key=lambda term: term.term.casefold(),
    )
    letters = [
        {"letter": letter, "terms": list(group)}
        for letter, group in groupby(terms, key=lambda term: term.term[:1].upper())
    ]
    return render(request, "education/glossary.html", {"letters": letters})
