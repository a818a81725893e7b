import json

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from education.citation import bibtex, csl_json, ris, vancouver
from education.models import Article, EvidenceStatement, Reference
from education.reference_status import status_on_page
from education.structured_data import as_script, reference_list_page, reference_page
from education.views.public import public_page
from gutskin.open_data import open_data

# By file extension. RIS has no registered media type; this is the one that reference managers recognise.
COPIES = {
    "bib": ("application/x-bibtex; charset=utf-8", lambda references: "\n".join(map(bibtex, references))),
    "ris": ("application/x-research-info-systems; charset=utf-8", lambda references: "".join(map(ris, references))),
    "json": (
        "application/vnd.citationstyles.csl+json",
        lambda references: json.dumps([csl_json(reference) for reference in references], ensure_ascii=False, indent=1),
    ),
}


@public_page
def reference_list(request):
    references = sorted(Reference.objects.public(), key=lambda reference: vancouver(reference).casefold())
    citations = [{"reference": reference, "text": vancouver(reference)} for reference in references]
    context = {
        "citations": citations,
        "count": len(citations),
        "structured_data": as_script(reference_list_page(references)),
    }
    return render(request, "education/reference_list.html", context)


@public_page
def reference_detail(request, key):
    """A paper's status, and the pages and statements that cite it."""
    reference = _canonical_reference(key)
    # Frozen revisions and links elsewhere keep the key of a merged duplicate, so its address has to go on working.
    if reference.key != key:
        return redirect(reference, permanent=True)
    same = Reference.objects.same_as(reference)
    return render(
        request,
        "education/reference_detail.html",
        {
            "reference": reference,
            "text": vancouver(reference),
            "status": status_on_page(reference),
            "structured_data": as_script(reference_page(reference)),
            "articles": Article.objects.published().with_live().filter(live__references__in=same).distinct(),
            "statements": EvidenceStatement.objects.published()
            .with_live_pages()
            .filter(references__in=same)
            .distinct(),
        },
    )


@open_data
@public_page
def reference_copy(request, key, format):
    """One reference as a file for reference managers."""
    reference = _canonical_reference(key)
    if reference.key != key:
        return redirect(reverse("education:reference-copy", args=[reference.key, format]), permanent=True)
    return _copy([reference], format, name=reference.key)


@open_data
@public_page
def reference_copies(request, format):
    """All public references as a file for reference managers."""
    return _copy(Reference.objects.public(), format, name="gutskin-references")


def _canonical_reference(key):
    """The reference with this key, or the one that a duplicate was merged into. A rejected one is not found (404)."""
    reference = get_object_or_404(Reference.objects.with_canonical(), key=key).canonical
    if reference.is_hidden:
        raise Http404
    return reference


def _copy(references, format, *, name):
    media_type, as_text = COPIES[format]
    response = HttpResponse(as_text(references), content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    return response
