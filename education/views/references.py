import json

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from education.citation import bibtex, csl_json, ris, vancouver
from education.citation.confirmed_record import confirmed_value
from education.models import Article, EvidenceStatement, Reference, Revision
from education.pages import PAGE, file_headers, page_context, page_of, page_or_none, part_of_file
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


REFERENCES_ON_A_PAGE = 80
# Shown on the page of a reference if confirmed; what is not is for staff (docs/decisions/0053).
DETAILS = ("finding", "study_type", "pmid", "pmcid")
# For each of the two lists on the page of a reference.
USES_ON_A_PAGE = 10


@public_page(query=["page"])
def reference_list(request):
    """In the order of their citations, which begin with the first author."""
    page, references = _listed(request)
    citations = [{"reference": reference, "text": vancouver(reference)} for reference in references]
    context = {
        "citations": citations,
        "count": page.paginator.count,
        # With which the files are of the same page.
        "page_query": f"?{PAGE}={page.number}" if page.number > 1 else "",
        "structured_data": as_script(reference_list_page(references)),
    } | page_context(page, request.path)
    return render(request, "education/reference_list.html", context)


def _listed(request):
    """A page of the list, and its references."""
    page = page_of(Reference.objects.public().by_first_author(), request, REFERENCES_ON_A_PAGE)
    return page, sorted(page, key=lambda reference: vancouver(reference).casefold())


@public_page(query=["page"])
def reference_detail(request, key):
    """A paper's status, and the pages and statements that cite it."""
    reference = _canonical_reference(key)
    # Frozen revisions and links elsewhere keep the key of a merged duplicate, so its address has to go on working.
    if reference.key != key:
        return redirect(reference, permanent=True)
    statements, articles = (page_or_none(rows, request, USES_ON_A_PAGE) for rows in _uses(reference))
    pages = [page for page in (statements, articles) if page is not None]
    if not pages:
        raise Http404
    return render(
        request,
        "education/reference_detail.html",
        {
            "reference": reference,
            "text": vancouver(reference),
            "status": status_on_page(reference),
            "confirmed": {name: confirmed_value(reference, name) for name in DETAILS},
            "structured_data": as_script(reference_page(reference)),
            "articles": articles and list(articles),
            "statements": statements and list(statements),
        }
        | page_context(max(pages, key=lambda page: page.paginator.num_pages), request.path),
    )


def _uses(reference):
    """The published statements and the published articles that cite it."""
    same = Reference.objects.same_as(reference)
    statements = EvidenceStatement.references.through.objects.filter(reference__in=same)
    revisions = Revision.references.through.objects.filter(reference__in=same)
    return (
        EvidenceStatement.objects.published().with_live_pages().filter(pk__in=statements.values("evidencestatement")),
        Article.objects.published().as_links().filter(live__in=revisions.values("revision")),
    )


@open_data
@public_page
def reference_copy(request, key, format):
    """One reference as a file for reference managers."""
    reference = _canonical_reference(key)
    if reference.key != key:
        return redirect(reverse("education:reference-copy", args=[reference.key, format]), permanent=True)
    return _copy([reference], format, reference.key)


@open_data
@public_page(query=["page"])
def reference_copies(request, format):
    """The references of a page of the list as a file for reference managers."""
    page, references = _listed(request)
    return _copy(references, format, "gutskin-references", part_of_file(page, request.path))


def _canonical_reference(key):
    """The reference with this key, or the one that a duplicate was merged into. A rejected one is not found (404)."""
    reference = get_object_or_404(Reference.objects.with_canonical(), key=key).canonical
    if reference.is_hidden:
        raise Http404
    return reference


def _copy(references, format, name, part=None):
    media_type, as_text = COPIES[format]
    return HttpResponse(as_text(references), content_type=media_type, headers=file_headers(name, format, part or {}))
