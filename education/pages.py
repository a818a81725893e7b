"""Long lists in pages: the page that was asked for, its links and its address; and long files in parts."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.utils.http import urlencode

from education.addresses import absolute
from gutskin.counting import number_of

# The name of the page number in a query string.
PAGE = "page"
# A larger number could be one that no database can count to.
MOST_PAGES = 1_000_000


def page_of(rows: QuerySet, request, per_page: int) -> Page:
    """The page that `?page=` asks for, the first one without. Raises Http404 for one that does not exist.

    One query: the number of all rows comes with each of them. As many as a tenth more rows are still one page: nobody
    turns a page for two entries.
    """
    number = number_in(request)
    paginator = _paginator(rows, per_page)
    start = (number - 1) * per_page
    found = list(rows.annotate(row_count=number_of(rows))[start : start + per_page + paginator.orphans])
    # Set, so that the paginator does not ask for it.
    paginator.count = found[0].row_count if found else 0
    if number > 1 and (not found or number > paginator.num_pages):
        raise Http404
    return Page(found if number == paginator.num_pages else found[:per_page], number, paginator)


def page_of_list(rows: list, request, per_page: int, name: str = PAGE) -> Page:
    """The same of rows that are there already."""
    number, paginator = number_in(request, name), Paginator(rows, per_page)
    if number > paginator.num_pages:
        raise Http404
    return paginator.page(number)


def page_or_none(rows: QuerySet, request, per_page: int) -> Page | None:
    """For one of several lists on a page: another of them may be longer."""
    try:
        return page_of(rows, request, per_page)
    except Http404:
        return None


def page_number_of(place: int, count: int, per_page: int) -> int:
    """The number of the page on which page_of() has the row with `place` rows before it, among `count`."""
    return min(place // per_page + 1, _paginator(range(count), per_page).num_pages)


def _paginator(rows, per_page):
    return Paginator(rows, per_page, orphans=per_page // 10)


def number_in(request, name: str = PAGE) -> int:
    """The number in the query string under this name, 1 without. Raises Http404 if it can be no page."""
    try:
        number = int(request.GET.get(name, "1"))
    except ValueError as error:
        raise Http404 from error
    if not 1 <= number <= MOST_PAGES:
        raise Http404
    return number


def page_context(page: Page, path: str, name: str = PAGE, **kept: str) -> dict:
    """Context for templates/education/_pages.html and for the head of base.html.

    `name` is that of the number in the query string, and `kept` are the others in it. Empty if there is only one page:
    it then looks as if there were no pages at all.
    """
    if page.paginator.num_pages == 1:
        return {}

    def address(number):
        query = {key: value for key, value in kept.items() if value} | ({name: number} if number > 1 else {})
        return f"{path}?{urlencode(query)}" if query else path

    links = [
        {"number": number, "url": address(number) if isinstance(number, int) else "", "is_this": number == page.number}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]
    return {
        "page_links": links,
        "page_number": page.number,
        "page_count": page.paginator.num_pages,
        "page_url": address(page.number),
        "previous_url": address(page.previous_page_number()) if page.has_previous() else "",
        "next_url": address(page.next_page_number()) if page.has_next() else "",
    }


def part_of_file(page: Page, path: str, **kept: str) -> dict:
    """Which part of how many a file is, and the address of the next one (None for the last); empty if it is whole."""
    pages = page_context(page, path, **kept)
    if not pages:
        return {}
    following = absolute(pages["next_url"]) if pages["next_url"] else None
    return {"part": pages["page_number"], "parts": pages["page_count"], "next": following}


def file_headers(name: str, ending: str, part: dict, *links: str) -> dict[str, str]:
    """Headers of a file that may be a part: its name, and its links with that to the next part."""
    number = f"-part-{part['part']}-of-{part['parts']}" if part else ""
    headers = {"Content-Disposition": f'attachment; filename="{name}{number}.{ending}"'}
    links = (*links, *([f'<{part["next"]}>; rel="next"'] if part.get("next") else []))
    return headers | ({"Link": ", ".join(links)} if links else {})
