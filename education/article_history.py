"""The history of one article: its revisions and its entries in Django's admin log, the newest first."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from education.actions import snapshot
from education.models import Review, Revision

# Older entries are left out, and the page says so.
MAX_LOG_ENTRIES = 100
WORKING_COPY = "working-copy"


def revisions_of(article):
    """All revisions with their reviews, the newest first. Without the texts: thirty of them would be megabytes."""
    decisions = Review.objects.select_related("clinician", "revision").order_by("created_at", "pk")
    return list(
        # only() must name every field that the template uses: each other one costs a query per revision.
        Revision.objects.filter(article=article)
        .only(
            *("article_id", "number", "state", "title", "note", "word_count", "reading_grade"),
            *("created_at", "publish_at", "published_at", "withdrawn_at", "last_reviewed", "next_review_due"),
            *("author__username", "author__first_name", "author__last_name"),
            *("reviewer__name", "reviewer__credentials"),
        )
        .select_related("author", "reviewer")
        .prefetch_related(Prefetch("reviews", decisions))
        .order_by("-number")
    )


def log_entries(article):
    """The newest entries of Django's log about the article, and whether there are older ones."""
    lines = list(
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(article, for_concrete_model=False), object_id=str(article.pk)
        )
        .select_related("user")
        .order_by("-action_time", "-pk")[: MAX_LOG_ENTRIES + 1]
    )
    return lines[:MAX_LOG_ENTRIES], len(lines) > MAX_LOG_ENTRIES


def timeline(revisions, lines):
    """Revisions and log lines in one list, the newest first.

    Log entries that a revision was submitted are left out, since the revision's own entry says so.
    """
    submissions = {
        _("Submitted revision %(number)s for review.") % {"number": revision.number} for revision in revisions
    }
    entries = [{"when": revision.created_at, "revision": revision} for revision in revisions]
    entries += [
        {"when": line.action_time, "line": line, "words": words}
        for line in lines
        if (words := line.get_change_message()) not in submissions
    ]
    # sorted() is stable: at equal times, a revision comes before its log entries.
    return sorted(entries, key=lambda entry: entry["when"], reverse=True)


def chosen_text(article, choice):
    """The text that `choice` names: WORKING_COPY or a revision's number. None if the article has no such text."""
    if choice == WORKING_COPY:
        return snapshot(article)
    # ASCII digits only, and at most nine: "²".isdigit() is true, and a longer number overflows the database's integer.
    if not (choice.isascii() and choice.isdigit() and len(choice) <= 9):
        return None
    return article.revisions.filter(number=int(choice)).first()
