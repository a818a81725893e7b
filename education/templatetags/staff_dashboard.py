"""What waits for authors and reviewers, on the front page of admin."""

from datetime import timedelta

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.due_dates import REMIND_BEFORE
from education.models import Article, EvidenceStatement, Feedback, NewPaper, Revision

register = template.Library()

# The scheduler runs every half minute. A person should look at what it has not published after this long.
LATE = timedelta(minutes=5)


@register.simple_tag
def revisions_waiting(limit=10):
    """The revisions that have been waiting longest for a reviewer."""
    return Revision.objects.awaiting_review().select_related("author").order_by("created_at")[:limit]


@register.simple_tag
def work_to_do(user):
    """Groups of lines, each a count with the address of a list that shows exactly the rows counted.

    Lines that the user may not open are left out, and so are groups without lines. One query per line.
    """
    groups = [
        {"heading": _("Under review"), "lines": _reviews(user) + _statements(user)},
        {"heading": _("Public pages"), "lines": _pages(user) if user.has_perm("education.view_article") else []},
        {"heading": _("Sources and readers"), "lines": _sources_and_readers(user)},
    ]
    return [group for group in groups if group["lines"]]


def _line(sentence, rows, name, query, mark=""):
    """`sentence` turns a count into a sentence; `mark` is a state whose colour marks lines that need action now."""
    count = rows.count()
    number = format_html('<strong class="work__count">{}</strong>', count)
    return {
        "count": count,
        # Placeholders in braces, unlike elsewhere, because format_html() fills them in and escapes their values.
        "words": format_html(sentence(count), count=number),
        "url": f"{reverse(f'admin:education_{name}_changelist')}?{query}",
        "mark": mark if count else "",
    }


def _reviews(user):
    revisions, lines = Revision.objects.all(), []
    if not user.has_perm("education.view_revision"):
        return lines
    if user.has_perm("education.review_revision"):
        rows = revisions.to_review_by(user)
        lines.append(_line(_waiting_for_you, rows, "revision", "yours=to-review", "in_review"))
    if user.has_perm("education.change_article"):
        rows = revisions.sent_back_to(user)
        lines.append(_line(_sent_back, rows, "revision", "yours=sent-back", "changes_requested"))
    lines.append(_line(_scheduled, revisions.scheduled(), "revision", "state__exact=scheduled"))
    # Counted only beside the scheduled ones: such a revision is still scheduled.
    late = revisions.due_for_publication(timezone.now() - LATE).count()
    if late:
        lines[-1]["note"] = ngettext(
            "%(count)s could not be published on its day", "%(count)s could not be published on their day", late
        ) % {"count": late}
    return lines


def _statements(user):
    if not user.has_perm("education.view_evidencestatement"):
        return []
    drafts = EvidenceStatement.objects.filter(state=EvidenceStatement.State.DRAFT)
    return [_line(_drafts_of_statements, drafts, "evidencestatement", "state__exact=draft")]


def _pages(user):
    articles, today = Article.objects.all(), timezone.localdate()
    due = articles.due_for_review(today + REMIND_BEFORE, since=today)
    return [
        _line(_overdue, articles.overdue(today), "article", "page=overdue", "overdue"),
        _line(_due, due, "article", "page=due", "awaiting"),
        _line(_never_reviewed, articles.awaiting_first_review(), "article", "page=awaiting"),
        _line(_leaving, articles.to_be_withdrawn(), "article", "page=leaving"),
    ]


def _sources_and_readers(user):
    lines = []
    if user.has_perm("education.view_article"):
        rows = Article.objects.resting_on_flagged()
        lines.append(_line(_on_flagged_sources, rows, "article", "sources=flagged", "overdue"))
    if user.has_perm("education.view_evidencestatement"):
        rows = EvidenceStatement.objects.published().on_weak_references()
        lines.append(_line(_on_weak_sources, rows, "evidencestatement", "state__exact=published&sources=weak"))
    if user.has_perm("education.change_newpaper"):
        rows = NewPaper.objects.undecided()
        lines.append(_line(_new_papers, rows, "newpaper", "decided=waiting", "in_review"))
    if user.has_perm("education.view_feedback"):
        rows = Feedback.objects.needing_an_answer()
        lines.append(_line(_feedback, rows, "feedback", "needs=answer", "awaiting"))
    return lines


def _waiting_for_you(count):
    return ngettext("{count} revision waits for your review", "{count} revisions wait for your review", count)


def _sent_back(count):
    return ngettext("{count} revision was sent back to you", "{count} revisions were sent back to you", count)


def _scheduled(count):
    return ngettext(
        "{count} approved revision waits for its day", "{count} approved revisions wait for their day", count
    )


def _drafts_of_statements(count):
    return ngettext(
        "{count} draft of an evidence statement waits for a reviewer",
        "{count} drafts of evidence statements wait for a reviewer",
        count,
    )


def _overdue(count):
    return ngettext("{count} page is past its review date", "{count} pages are past their review date", count)


def _due(count):
    return ngettext(
        "{count} page is due for review within 90 days", "{count} pages are due for review within 90 days", count
    )


def _never_reviewed(count):
    return ngettext(
        "{count} page awaits its first clinical review", "{count} pages await their first clinical review", count
    )


def _leaving(count):
    return ngettext("{count} page will be withdrawn", "{count} pages will be withdrawn", count)


def _on_flagged_sources(count):
    return ngettext(
        "{count} page rests on a retracted or rejected source",
        "{count} pages rest on a retracted or rejected source",
        count,
    )


def _on_weak_sources(count):
    return ngettext(
        "{count} evidence statement rests on a weak or flagged reference",
        "{count} evidence statements rest on a weak or flagged reference",
        count,
    )


def _new_papers(count):
    return ngettext("{count} new paper waits for a decision", "{count} new papers wait for a decision", count)


def _feedback(count):
    return ngettext("{count} reader's comment needs an answer", "{count} readers' comments need an answer", count)
