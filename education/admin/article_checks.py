"""The checks of what stands in the article's form now. Nothing of it is kept."""

from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from education.article_checks import check
from education.models import Article
from gutskin.accounts.permissions import require_permission

TYPED = ("kind", "slug", "language", "title", "summary", "key_points", "body", "questions", "conflicts_of_interest")
CARD_FIELDS = ("level", "heading", "items", "advice")
# One of each level may be saved; more are only on their way to an error that the form tells.
CARDS_READ = 10


class ArticleChecks:
    """The part of ArticleAdmin that the checks panel asks."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("checks/", view(self.checks_view), name="education_article_checks_new"),
            path("<int:pk>/checks/", view(self.checks_view), name="education_article_checks"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def checks_view(self, request, pk=None):
        """The panel's content for the posted form, as a piece of HTML."""
        article = get_object_or_404(Article, pk=pk) if pk else Article()
        require_permission(self.has_change_permission(request, article) if pk else self.has_add_permission(request))
        for name in TYPED:
            # What is read-only is not in the form, and stays as it is.
            setattr(article, name, request.POST.get(name, getattr(article, name)))
        context = {"panel": check(article, _cards(request.POST)), "is_typed": True}
        return render(request, "admin/education/article/_checks.html", context)


def _cards(posted):
    """The care cards in the form, without those to be deleted and without empty rows."""
    cards = []
    for index in range(CARDS_READ):
        prefix = f"care_cards-{index}-"
        card = {name: posted.get(prefix + name, "") for name in CARD_FIELDS}
        if posted.get(f"{prefix}DELETE") is None and (card["heading"].strip() or card["items"].strip()):
            cards.append(card)
    return cards
