"""Everything that happened to one article, the newest first."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from education.actions import snapshot
from education.models import Review, Revision

# An article saved more often than that has its oldest saves left out, and the page says so.
LOG_LINES_SHOWN = 500
WORKING_COPY = "working-copy"


def revisions_of(article):
    """All revisions with their decisions, the newest first, without the texts: a page of thirty would be megabytes."""
    decisions = Review.objects.select_related("clinician", "revision").order_by("created_at", "pk")
    return list(
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


def log_of(article):
    """The newest lines of Django's log about the article, and whether there are older ones."""
    lines = list(
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(article, for_concrete_model=False), object_id=str(article.pk)
        )
        .select_related("user")
        .order_by("-action_time", "-pk")[: LOG_LINES_SHOWN + 1]
    )
    return lines[:LOG_LINES_SHOWN], len(lines) > LOG_LINES_SHOWN


def timeline(revisions, lines):
    """Revisions and log lines in one list, the newest first.

    The line that says what the card of a revision says, namely that it was submitted, is left out.
    """
    told = {_("Submitted revision %(number)s for review.") % {"number": revision.number} for revision in revisions}
    entries = [{"when": revision.created_at, "revision": revision} for revision in revisions]
    entries += [
        {"when": line.action_time, "line": line, "words": words}
        for line in lines
        if (words := line.get_change_message()) not in told
    ]
    return sorted(entries, key=lambda entry: entry["when"], reverse=True)


def version(article, choice):
    """The text that `choice` names: a revision's number or the working copy. None where the article has none such."""
    if choice == WORKING_COPY:
        return snapshot(article)
    # Only ASCII digits, and few of them: "²" is a digit to Python, and a long number no integer to the database.
    if not (choice.isascii() and choice.isdigit() and len(choice) <= 9):
        return None
    return article.revisions.filter(number=int(choice)).first()
