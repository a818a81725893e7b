from itertools import groupby

from django.shortcuts import render

from education.models import Article, EvidenceStatement, Kind
from education.views.public import public_page


@public_page
def evidence(request):
    """Every published statement, condition by condition."""
    statements = (
        EvidenceStatement.objects.published().in_language("en").with_live_pages().prefetch_related("references")
    )
    by_condition = {}
    for statement in statements:
        by_condition.setdefault(statement.condition_id, []).append(statement)
    conditions = Article.objects.published().of_kind(Kind.CONDITION).in_language("en").with_live()
    return render(
        request,
        "education/evidence.html",
        {
            "conditions": [
                {"article": article, "groups": _groups(by_condition.get(article.pk, []))} for article in conditions
            ]
        },
    )


def _groups(statements):
    statements = sorted(statements, key=lambda statement: statement.row)
    return [
        {
            "label": label,
            "entries": [
                {
                    "statement": statement,
                    "other": statement.therapy if statement.therapy and statement.therapy.is_published else None,
                    "references": list(statement.references.all()),
                }
                for statement in group
            ],
        }
        for label, group in groupby(statements, key=lambda statement: statement.get_intervention_display())
    ]
