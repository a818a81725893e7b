"""The history of an article on one page, in place of Django's own list of log entries."""

from django.contrib.admin.utils import unquote
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from education.article_history import WORKING_COPY, chosen_text, log_entries, revisions_of, timeline
from education.differences import differences
from gutskin.accounts.permissions import require_permission
from gutskin.plots import score_trend


class ArticleHistory:
    """The part of ArticleAdmin that shows an article's past and compares any two of its texts."""

    def history_view(self, request, object_id, extra_context=None):
        article = self.get_object(request, unquote(object_id))
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        require_permission(
            # Revisions hold texts that were sent back, with their notes: permission to view the article is not enough.
            self.has_view_or_change_permission(request, article) and request.user.has_perm("education.view_revision")
        )
        revisions = revisions_of(article)
        lines, has_older_lines = log_entries(article)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": str(article),
            "article": article,
            "original": article,
            "opts": self.opts,
            "entries": timeline(revisions, lines),
            "has_older_lines": has_older_lines,
            "revisions": revisions,
            "working_copy": WORKING_COPY,
            "trend": score_trend([review for revision in revisions for review in revision.reviews.all()]),
            "may_restore": request.user.has_perm("education.change_article"),
            **self._comparison(request, article, revisions),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/education/article/history.html", context)

    @staticmethod
    def _comparison(request, article, revisions):
        """What is selected in the form, and the differences once two texts have been chosen."""
        if "from" not in request.GET and "to" not in request.GET:
            # By default, what the working copy would change on the live page or, without one, in the latest revision.
            before = article.live.number if article.live else revisions[0].number if revisions else ""
            return {"chosen_from": str(before), "chosen_to": WORKING_COPY}
        older, newer = request.GET.get("from", ""), request.GET.get("to", "")
        chosen = {"chosen_from": older, "chosen_to": newer}
        before, after = chosen_text(article, older), chosen_text(article, newer)
        if before is None or after is None:
            return chosen | {
                "refusals": [_("Choose two texts of this article: at least one of those chosen does not exist.")]
            }
        parts = differences(after, before)
        return chosen | {"parts": parts, "has_changes": any(part["changed"] for part in parts)}
