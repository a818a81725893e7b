from itertools import groupby

from django.shortcuts import render

from education.models import GlossaryTerm
from education.structured_data import as_script, glossary_page
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
    context = {"letters": letters, "structured_data": as_script(glossary_page(terms))}
    return render(request, "education/glossary.html", context)
