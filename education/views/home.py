from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from education.models import Article, Certainty, Effect, EvidenceStatement, Kind
from education.views.public import public_page

# One of each certainty, and an answer that is no answer: how sure we are, in small.
SHOWN_BY_CERTAINTY = (Certainty.HIGH, Certainty.MODERATE, Certainty.LOW, "")


@public_page
def home(request):
    articles = list(Article.objects.published().in_language("en").with_live())
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
                }
                for kind, heading in shelves
            ],
            "statements": _sample_statements(),
        },
    )


def _sample_statements():
    statements = (
        EvidenceStatement.objects.published()
        .in_language("en")
        .exclude(effect__in=[Effect.LINK, Effect.NO_GOOD_EVIDENCE])
        .with_live_pages()
    )
    shown, conditions = [], set()
    for certainty in SHOWN_BY_CERTAINTY:
        of_level = [statement for statement in statements if statement.certainty == certainty]
        # Each from another condition, where that can be had.
        of_level.sort(key=lambda statement: statement.condition_id in conditions)
        if of_level:
            shown.append(of_level[0])
            conditions.add(of_level[0].condition_id)
    return shown
