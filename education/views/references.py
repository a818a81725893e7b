from django.shortcuts import get_object_or_404, render

from education.citation import vancouver
from education.models import Article, EvidenceStatement, Reference
from education.views.public import public_page


@public_page
def reference_list(request):
    references = sorted(Reference.objects.public(), key=lambda reference: vancouver(reference).casefold())
    citations = [{"reference": reference, "text": vancouver(reference)} for reference in references]
    return render(request, "education/reference_list.html", {"citations": citations, "count": len(citations)})


@public_page
def reference_detail(request, key):
    """The reverse view: which pages and statements rest on this paper."""
    reference = get_object_or_404(Reference.objects.public(), key=key)
    return render(
        request,
        "education/reference_detail.html",
        {
            "reference": reference,
            "text": vancouver(reference),
            "articles": Article.objects.published().with_live().filter(live__references=reference),
            "statements": EvidenceStatement.objects.published().with_live_pages().filter(references=reference),
        },
    )
