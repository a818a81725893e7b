from django.db.models import F
from django.db.models.functions import Length
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from education.leaflets.addresses import file_name
from education.leaflets.pdf import CannotPrint, printer
from education.models import Article, Language, Leaflet
from education.views.public import public_page

# The scheduler looks every half minute, and prints a page's leaflets within seconds.
SECONDS_UNTIL_MADE = 60


@public_page
def leaflet(request, kind, slug, format, language=Language.ENGLISH):
    """A PDF leaflet. Two queries at most: the leaflet's metadata, and its bytes only if they are sent."""
    ready = Leaflet.objects.filter(
        article__kind=kind, article__slug=slug, article__language=language, format=format, revision=F("article__live")
    )
    found = ready.select_related("article").defer("pdf").annotate(size=Length("pdf")).first()
    if found is None:
        return _no_leaflet(request, kind, slug, language)
    response = HttpResponse(content_type="application/pdf")
    response.headers["ETag"] = f'"{found.source_digest}"'
    # Set by hand, because the body is not there yet for HEAD.
    response.headers["Content-Length"] = found.size
    response.headers["Content-Disposition"] = content_disposition_header(False, file_name(found.article, format))
    answer = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    if answer is response and request.method == "GET":
        # The deferred column is loaded only now, not for HEAD or 304.
        response.content = bytes(found.pdf)
    return answer


def _no_leaflet(request, kind, slug, language):
    """Say why there is no leaflet. One of a previous revision is never served in its place."""
    pages = Article.objects.of_kind(kind).in_language(language).with_history().with_live()
    article = get_object_or_404(pages, slug=slug)
    if not article.is_published:
        return render(request, "education/withdrawn.html", {"article": article}, status=410)
    try:
        printer()
    except CannotPrint:
        return render(request, "education/leaflet_missing.html", {"article": article, "cannot": True}, status=404)
    response = render(request, "education/leaflet_missing.html", {"article": article, "cannot": False}, status=503)
    response.headers["Retry-After"] = SECONDS_UNTIL_MADE
    return response
