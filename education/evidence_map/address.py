"""Where the map lists a statement. With table.py, which says how many a page lists, it decides what links reach."""

from urllib.parse import urlencode

from django.urls import reverse

from education.anchors import STATEMENT
from education.evidence_map.queries import CONDITIONS_ON_A_PAGE
from education.evidence_map.table import STATEMENTS_OF_A_CONDITION, STATEMENTS_ON_A_PAGE, most_listed
from education.models import Article, EvidenceStatement, Kind

# The name of the page of a single cell's statements in a query string. The other one is that of the conditions.
CELL_PAGE = "list"


def address_on_map(statement: EvidenceStatement) -> str:
    """The address of a published statement: on the whole map or, if too long, on that of its condition or cell.

    Four queries at most, none of which looks at more rows than a page has, but for the place in a cell of many.
    """
    conditions = Article.objects.published().of_kind(Kind.CONDITION).in_language(statement.language).order_by()
    everything = EvidenceStatement.objects.published().in_language(statement.language)
    of_condition = everything.filter(condition=statement.condition)
    columns = _count(conditions, CONDITIONS_ON_A_PAGE)
    of_map, most = everything.filter(condition__in=conditions.values("pk")), most_listed(columns)
    if columns <= CONDITIONS_ON_A_PAGE and _count(of_map, most) <= most:
        chosen = {}
    elif _count(of_condition, STATEMENTS_OF_A_CONDITION) <= STATEMENTS_OF_A_CONDITION:
        chosen = {"condition": statement.condition.slug}
    else:
        chosen = {"condition": statement.condition.slug, "intervention": statement.intervention_id}
        before = of_condition.filter(intervention=statement.intervention_id, pk__lt=statement.pk).count()
        if before >= STATEMENTS_ON_A_PAGE:
            chosen[CELL_PAGE] = before // STATEMENTS_ON_A_PAGE + 1
    query = f"?{urlencode(chosen)}" if chosen else ""
    return f"{reverse('education:evidence')}{query}#{STATEMENT}{statement.slug}"


def _count(rows, most):
    """How many there are; one more than `most` if there are more."""
    return rows.order_by()[: most + 1].count()
