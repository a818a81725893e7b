from django.shortcuts import render

from education.evidence_map import row_strip
from education.models import Article, Certainty, Effect, EvidenceStatement, Kind
from education.structured_data import as_script, home_page
from education.views.public import public_page

# One example of each certainty, and one unrated answer (""): how sure we are, at a glance.
SHOWN_BY_CERTAINTY = (Certainty.HIGH, Certainty.MODERATE, Certainty.LOW, "")
NO_EXAMPLE = {Effect.LINK, Effect.NO_GOOD_EVIDENCE}
# The row of the evidence map on the home page: its answers differ most between conditions.
MAP_ROW = "probiotics"


# A list with more of a kind leads to all of them.
ENTRIES_OF_A_KIND = 9


@public_page
def home(request):
    # The pages of all kinds in one query, with one more of each to know whether there are others.
    found = list(Article.objects.first_of_each_kind("en", ENTRIES_OF_A_KIND + 1).as_links())
    pages = {kind: [article for article in found if article.kind == kind] for kind in Kind}
    has_more = {kind.value: len(articles) > ENTRIES_OF_A_KIND for kind, articles in pages.items()}
    conditions, treatments, overviews = (
        pages[kind][:ENTRIES_OF_A_KIND] for kind in (Kind.CONDITION, Kind.THERAPY, Kind.OVERVIEW)
    )
    statements = _statements_about({article.pk: article for article in conditions})
    return render(
        request,
        "education/home.html",
        {
            "overview": overviews[0] if overviews else None,
            "conditions": sorted(conditions, key=lambda article: article.short_title.casefold()),
            "treatments": treatments,
            "has_more": has_more,
            "statements": _sample_of(statements),
            "evidence_strips": row_strip(
                [statement for statement in statements if statement.intervention_id == MAP_ROW], conditions
            ),
            "structured_data": as_script(home_page()),
        },
    )


def _statements_about(conditions):
    published = EvidenceStatement.objects.published().in_language("en").with_flag().with_row()
    # Sorted here: joined for its slug, the condition could be where the database begins.
    statements = list(published.filter(condition__in=list(conditions)).order_by())
    for statement in statements:
        statement.condition = conditions[statement.condition_id]
    return sorted(statements, key=lambda statement: (statement.condition.slug, statement.pk))


def _sample_of(statements):
    usable = [statement for statement in statements if statement.effect not in NO_EXAMPLE]
    shown, conditions = [], set()
    for certainty in SHOWN_BY_CERTAINTY:
        of_level = [statement for statement in usable if statement.certainty == certainty]
        # Prefer a condition that has no example yet; the sort is stable.
        of_level.sort(key=lambda statement: statement.condition_id in conditions)
        if of_level:
            shown.append(of_level[0])
            conditions.add(of_level[0].condition_id)
    return shown
