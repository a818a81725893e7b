"""What can be done with an article beside editing it: look at it, submit it; with schedule_steps, withdraw it."""

from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from education import article_checks, publication_rules
from education.actions import snapshot, submit_for_review
from education.admin.lookups import citable_references, glossary_words
from education.admin.schedule_steps import ArticleSchedule
from education.admin.steps import change_page, confirm_action
from education.article_page import article_context
from education.models import Article
from gutskin.accounts.permissions import require_permission


class ArticleSteps(ArticleSchedule):
    """The part of ArticleAdmin that has addresses of its own."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("lookup/references/", view(self.references_view), name="education_article_lookup_references"),
            path("lookup/glossary/", view(self.glossary_view), name="education_article_lookup_glossary"),
            path("<int:pk>/preview/", view(self.preview_view), name="education_article_preview"),
            path("<int:pk>/submit/", view(self.submit_view), name="education_article_submit"),
            *super().get_urls(),
        ]

    def references_view(self, request):
        require_permission(self.has_view_permission(request))
        return citable_references(request.GET.get("q", ""))

    def glossary_view(self, request):
        require_permission(self.has_view_permission(request))
        return glossary_words(request.GET.get("q", ""), request.GET.get("language", "en"))

    def preview_view(self, request, pk):
        """The working copy as readers would see it, with no revision made."""
        article = get_object_or_404(Article, pk=pk)
        require_permission(self.has_view_permission(request, article))
        context = article_context(article, snapshot(article)) | {"preview": True}
        return render(request, "education/article_detail.html", context)

    def submit_view(self, request, pk):
        article = get_object_or_404(Article.objects.select_related("updated_by"), pk=pk)
        require_permission(self.has_change_permission(request, article))
        return confirm_action(
            request,
            subject=article,
            title=_("Submit for review"),
            explanation=_(
                "The working copy as last saved (%(date)s, by %(name)s) becomes a revision, which stays as it is. A "
                "reviewer reads exactly that. The public page does not change yet."
            )
            % {
                "date": date_format(localtime(article.updated_at), "DATETIME_FORMAT"),
                "name": article.updated_by or _("the content loader"),
            },
            button=_("Submit for review"),
            text_label=_("Note to the reviewer (optional)"),
            act=lambda note: submit_for_review(article, by=request.user, note=note, seen=request.POST.get("seen")),
            seen=str(article.version),
            done=_("Submitted. The public page stays as it is until somebody else has approved this revision."),
            back=change_page(article),
            blocking=publication_rules.blocking(article),
            warnings=article_checks.warnings(article),
        )
