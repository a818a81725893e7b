"""What authors do with an article: save it, submit it, withdraw its page, restore an earlier text."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from education import publication_rules
from education.actions.publication import log_change, unpublish
from education.actions.schedule import format_local
from education.models import Article, CareCard, GlossaryTerm, Reference, Revision, RevisionState
from education.readability import reading_grade, words
from education.rendering import plain_text, render_body
from education.sanitiser import sanitise
from gutskin.exceptions import ActionRefused

# The fields that the form edits. save() writes these only, whatever else has changed since.
WORKING_COPY = [
    "kind",
    "slug",
    "language",
    "translation_of",
    "title",
    "summary",
    "key_points",
    "actions",
    "body",
    "questions",
    "conflicts_of_interest",
]


class WorkingCopyChanged(ActionRefused):
    """Someone else saved the article after this user opened it."""


@transaction.atomic
def save_working_copy(article, *, by, seen_version):
    """Saves what was typed, provided that the stored version is still the one that its author had seen.

    Raises WorkingCopyChanged if it is not. The public page stays as it is. A user who saves becomes a contributor, and
    so may not approve the next revision.
    """
    # One UPDATE that compares and counts up: of two saves at the same time, exactly one matches a row.
    changed = Article.objects.filter(pk=article.pk, version=seen_version).update(version=F("version") + 1)
    if not changed:
        raise WorkingCopyChanged(_("Someone else saved this article after you opened it."))
    article.version = seen_version + 1
    article.updated_by = by
    # Without `live`: a reviewer may have published a revision since this form was opened.
    article.save(update_fields=[*WORKING_COPY, "updated_by", "updated_at"])
    article.contributors.add(by)


@transaction.atomic
def submit_for_review(article, *, by=None, note="", seen=None):
    """Freezes the working copy into a new revision that waits for a reviewer, and returns it.

    `seen` is the version that its author saw, as a string; None if it does not matter. Raises WorkingCopyChanged if
    another version is stored, and ActionRefused with every publication problem, or while another revision is under way.
    """
    # Locked, since two submissions at once would give two revisions the same number.
    article = Article.objects.select_for_update().get(pk=article.pk)
    _require_seen(article, seen)
    if under_way := article.revisions.under_way().first():
        raise ActionRefused(_under_way_message(under_way))
    if problems := publication_rules.article_problems(article):
        raise ActionRefused(*problems)
    revision = freeze(article, author=by, note=note)
    log_change(article, by=by, message=_("Submitted revision %(number)s for review.") % {"number": revision.number})
    return revision


def _require_seen(article, seen):
    if seen not in {None, str(article.version)}:
        raise WorkingCopyChanged(_("Someone else saved this article after you opened this page. Read it again first."))


def _under_way_message(revision):
    if revision.state == RevisionState.SCHEDULED:
        return _(
            "Revision %(number)s is approved and will be published on %(when)s. Wait for that day, or ask a reviewer "
            "to call it back. You can go on saving the working copy."
        ) % {"number": revision.number, "when": format_local(revision.publish_at)}
    return _("A revision of this article is already waiting for review.")


def freeze(article, *, author=None, note=""):
    """Stores the snapshot with everyone who contributed to it: none of them may approve it."""
    revision = snapshot(article)
    revision.author = author
    revision.note = note
    revision.save()
    # The text of a revision that was sent back lives on in the next one, and so do its contributors. Those of the live
    # revision are not needed: someone else has already approved their text.
    sent_back = article.revisions.filter(number__gt=article.live.number if article.live else 0)
    contributors = Q(pk__in=article.contributors.all()) | Q(pk__in=_contributors_to(sent_back))
    revision.contributors.set(User.objects.filter(contributors))
    # From now on, contributors are collected for the next revision.
    article.contributors.clear()
    revision.references.set(Reference.objects.filter(key__in=revision.reference_keys))
    return revision


def _contributors_to(revisions):
    return Revision.contributors.through.objects.filter(revision__in=revisions).values("user")


def snapshot(article):
    """The working copy as an unsaved revision, with its HTML rendered and its readability measured.

    The body is sanitised here, at the one place that every text passes, since not every text comes from a form.
    """
    body = sanitise(article.body)
    # Numbers and labels in the HTML are in the language of the article, not of the user who submits it.
    with translation.override(article.language):
        rendered = render_body(body)
    text = plain_text(body)
    latest = article.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    return Revision(
        article=article,
        number=latest + 1,
        title=article.title,
        summary=article.summary,
        key_points=_lines(article.key_points),
        actions=_lines(article.actions),
        body=body,
        body_html=rendered.html,
        contents=rendered.contents,
        glossary=_definitions(article.language, rendered.glossary_slugs),
        questions=_lines(article.questions),
        care_cards=[
            {"level": card.level, "heading": card.heading, "items": _lines(card.items), "advice": card.advice}
            for card in article.care_cards.order_by("pk")
        ],
        related_ids=list(article.related.order_by("kind", "title").values_list("pk", flat=True)),
        reference_keys=rendered.reference_keys,
        conflicts_of_interest=article.conflicts_of_interest,
        word_count=len(words(text)),
        reading_grade=reading_grade(text),
    )


def _lines(text):
    """One entry for each line that is not empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _definitions(language, slugs):
    terms = GlossaryTerm.objects.filter(language=language, slug__in=slugs)
    return [{"slug": term.slug, "term": term.term, "definition": term.definition} for term in terms]


@transaction.atomic
def withdraw(article, *, by, reason, seen=None):
    """Takes the page off the public site at once. The working copy and all revisions stay.

    `seen` is the primary key of the live revision when the user decided it, as a string; None skips that check. Raises
    ActionRefused if another revision is live by now, if the article is not published, or without a reason.
    """
    # `of` as in publish(): `live` may be null.
    article = Article.objects.select_for_update(of=["self"]).select_related("live").get(pk=article.pk)
    if article.live is None:
        raise ActionRefused(_("This article is not published."))
    if seen not in {None, str(article.live_id)}:
        raise ActionRefused(
            _("Revision %(number)s was published after you opened this page. Read it first, then decide again.")
            % {"number": article.live.number}
        )
    if not reason.strip():
        raise ActionRefused(_("Give a reason, so that a colleague can see why the page was withdrawn."))
    unpublish(article)
    log_change(article, by=by, message=_("Withdrew the page: %(reason)s") % {"reason": reason})


@transaction.atomic
def restore(revision, *, by, seen=None):
    """Puts the text of an earlier revision back into the working copy. The public page does not change.

    If no one has reviewed that text, its authors become contributors to the working copy, so that none of them can
    approve it now. `seen` and WorkingCopyChanged are as for submit_for_review().
    """
    article = Article.objects.select_for_update().get(pk=revision.article_id)
    _require_seen(article, seen)
    article.title = revision.title
    article.summary = revision.summary
    article.key_points = "\n".join(revision.key_points)
    article.actions = "\n".join(revision.actions)
    article.body = revision.body
    article.questions = "\n".join(revision.questions)
    article.conflicts_of_interest = revision.conflicts_of_interest
    # A new version, so that an author who has the form open is told instead of overwriting this.
    article.version = F("version") + 1
    article.updated_by = by
    article.save()
    article.contributors.add(by)
    # Text that a reviewer has approved has had its second pair of eyes.
    if not revision.is_reviewed:
        article.contributors.add(*revision.contributors.all(), *filter(None, [revision.author]))
    article.related.set(Article.objects.filter(pk__in=revision.related_ids))
    article.care_cards.all().delete()
    CareCard.objects.bulk_create(
        CareCard(
            article=article,
            level=card["level"],
            heading=card["heading"],
            items="\n".join(card["items"]),
            advice=card["advice"],
        )
        for card in revision.care_cards
    )
    log_change(article, by=by, message=_("Restored revision %(number)s.") % {"number": revision.number})
