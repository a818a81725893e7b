"""What the editor's dialogs offer: sources that may be cited, words that the glossary explains."""

from django.db.models import Q
from django.http import JsonResponse
from django.utils.translation import gettext as _

from education.models import GlossaryTerm, Reference

AT_MOST = 30


def citable_references(query):
    found = _matching(Reference.objects.citable(), query, ["key", "title", "authors", "container_title", "doi", "pmid"])
    return JsonResponse({"results": [{"value": source.key, "label": _reference_label(source)} for source in found]})


def glossary_words(query, language):
    terms = GlossaryTerm.objects.filter(language=language)
    found = _matching(terms, query, ["slug", "term", "also", "definition"])
    return JsonResponse(
        {
            "results": [
                {"value": term.slug, "label": f"{term.term}: {term.definition}", "words": term.term} for term in found
            ]
        }
    )


def _matching(queryset, query, fields):
    """Every word typed must stand in one of the fields."""
    for word in query.split()[:8]:
        queryset = queryset.filter(Q.create([(f"{field}__icontains", word) for field in fields], connector=Q.OR))
    return queryset[:AT_MOST]


def _reference_label(reference):
    first = reference.authors[0] if reference.authors else _("No author")
    year = reference.year or _("no year")
    return f"{reference.key}: {first}, {year}. {reference.title or reference.container_title}"
