from collections import Counter

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from education.evidence_map import row_strip
from education.models import Article, Certainty, Effect, EvidenceStatement, Kind
from education.structured_data import as_script, home_page
from education.views.public import public_page

# One example of each certainty, and one unrated answer (""): how sure we are, at a glance.
SHOWN_BY_CERTAINTY = (Certainty.HIGH, Certainty.MODERATE, Certainty.LOW, "")
NO_EXAMPLE = {Effect.LINK, Effect.NO_GOOD_EVIDENCE}
# The row of the evidence map on the home page: its answers differ most between conditions.
MAP_ROW = "probiotics"


# A shelf with more leads to the list.
ENTRIES_ON_A_SHELF = 9


@public_page
def home(request):
    # The pages of all shelves in one query, with one more for each to know whether there are others.
    articles = list(Article.objects.first_of_each_kind("en", ENTRIES_ON_A_SHELF + 1).as_links())
    rest = _more_than_a_shelf(articles)
    articles = [article for article in articles if article not in rest]
    conditions = {article.pk: article for article in articles if article.kind == Kind.CONDITION}
    statements = _statements_about(conditions)
    shelves = [
        (Kind.MECHANISM, _("How gut and skin talk")),
        (Kind.CONDITION, _("Skin conditions")),
        (Kind.THERAPY, _("Treatments and habits")),
    ]
    return render(
        request,
        "education/home.html",
        {
            "overview": next((article for article in articles if article.kind == Kind.OVERVIEW), None),
            "shelves": [
                {
                    "kind": kind.value,
                    "heading": heading,
                    "url": reverse(f"education:{kind.value}-list"),
                    "articles": [article for article in articles if article.kind == kind],
                    "has_more": any(article.kind == kind for article in rest),
                }
                for kind, heading in shelves
            ],
            "statements": _sample_of(statements),
            "evidence_strips": row_strip(
                [statement for statement in statements if statement.intervention_id == MAP_ROW],
                list(conditions.values()),
            ),
            "structured_data": as_script(home_page()),
        },
    )


def _more_than_a_shelf(articles):
    counted = Counter()
    return [article for article in articles if _count(counted, article.kind) > ENTRIES_ON_A_SHELF]


def _count(counted, kind):
    counted[kind] += 1
    return counted[kind]


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
