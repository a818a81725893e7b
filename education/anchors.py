"""Rows of the glossary and of the map of the evidence: their ids, and addresses that lead to them.

On which page a row is changes as the lists grow. So a link to a row is one to an address of its own, which leads to the
page and the id (docs/decisions/0048).
"""

import re
from urllib.parse import urlencode

from django.urls import reverse

from education.models import Intervention

STATEMENT = "statement-"
CELL = "cell-"
ROW = re.compile(r"[a-zA-Z0-9_-]+")
# Ids of the glossary that are no words.
LETTER = re.compile(r"letter-[A-Z0-9]")


def cell_anchor(condition_slug: str, intervention: str) -> str:
    """The id of a cell's statements on the page of the map."""
    return f"{CELL}{condition_slug}-{intervention}"


def cell_address(condition_slug: str, intervention: str) -> str:
    """A cell on the map of its condition, which has all cells of it, however many conditions there are."""
    query = urlencode({"condition": condition_slug})
    return f"{reverse('education:evidence')}?{query}#{cell_anchor(condition_slug, intervention)}"


def lasting_address(address: str) -> str:
    """For a link to a row as an author copied it from the browser: the address of that row. Others are as they were."""
    page, _hash, anchor = address.partition("#")
    page = page.partition("?")[0]
    if not ROW.fullmatch(anchor):
        return address
    if page == reverse("education:glossary") and not LETTER.fullmatch(anchor):
        return reverse("education:glossary-term", args=[anchor])
    if page != reverse("education:evidence"):
        return address
    if anchor.startswith(STATEMENT):
        return reverse("education:evidence-statement", args=[anchor.removeprefix(STATEMENT)])
    return _lasting_cell(anchor) or address


def _lasting_cell(anchor):
    if not anchor.startswith(CELL):
        return ""
    for intervention in Intervention.objects.values_list("slug", flat=True):
        if anchor.endswith(f"-{intervention}"):
            condition_slug = anchor.removeprefix(CELL).removesuffix(f"-{intervention}")
            return cell_address(condition_slug, intervention)
    return ""
