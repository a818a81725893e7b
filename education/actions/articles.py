"""What an author does with an article, beyond saving its working copy."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from education import publication_rules
from education.actions.history import record
from education.actions.publication import unpublish
from education.actions.schedule import as_words
from education.models import Article, CareCard, GlossaryTerm, Reference, Revision, RevisionState
from education.prose import sanitise
from education.readability import reading_grade, words
from education.rendering import plain_text, render_body
from gutskin.exceptions import ActionRefused

WORKING_COPY = [
    "kind",
    "slug",
    "language",
    "translation_of",
    "title",
    "summary",
    "key_points",
    "body",
    "questions",
    "conflicts_of_interest",
]


class WorkingCopyChanged(ActionRefused):
    """Two people had the same article open, and the other one saved it first."""


@transaction.atomic
def save_working_copy(article, *, by, seen_version):
    """Writes what was typed over the version its author had seen, and over no other. The public page stays as it is."""
    changed = Article.objects.filter(pk=article.pk, version=seen_version).update(version=F("version") + 1)
    if not changed:
        raise WorkingCopyChanged(_("Somebody else saved this article after you opened it."))
    article.version = seen_version + 1
    article.updated_by = by
    # Not `live`: a reviewer may have published a revision since this form was opened.
    article.save(update_fields=[*WORKING_COPY, "updated_by", "updated_at"])
    article.contributors.add(by)


@transaction.atomic
def submit_for_review(article, *, by=None, note="", seen=None):
    """Freezes the working copy into a new revision that waits for a reviewer. `seen` is the version its author saw."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if seen not in {None, str(article.version)}:
        raise WorkingCopyChanged(_("Somebody else saved this article after you opened this page. Read it again first."))
    if under_way := article.revisions.under_way().first():
        raise ActionRefused(_why_it_waits(under_way))
    if problems := publication_rules.blocking(article):
        raise ActionRefused(*problems)
    revision = freeze(article, author=by, note=note)
    record(article, by=by, message=_("Submitted revision %(number)s for review.") % {"number": revision.number})
    return revision


def _why_it_waits(revision):
    if revision.state == RevisionState.SCHEDULED:
        return _(
            "Revision %(number)s is approved and will be published on %(when)s. Wait for that day, or ask a reviewer "
            "to call it back. You can go on saving the working copy."
        ) % {"number": revision.number, "when": as_words(revision.publish_at)}
    return _("A revision of this article is already waiting for review.")


def freeze(article, *, author=None, note=""):
    """The snapshot that is kept, with everybody who had a hand in it: none of them may approve it."""
    revision = snapshot(article)
    revision.author = author
    revision.note = note
    revision.save()
    # What a reviewer sent back lives on in the next revision, and so do its contributors.
    sent_back = article.revisions.filter(number__gt=article.live.number if article.live else 0)
    hands = Q(pk__in=article.contributors.all()) | Q(pk__in=_hands_in(sent_back))
    revision.contributors.set(User.objects.filter(hands))
    article.contributors.clear()
    revision.references.set(Reference.objects.filter(key__in=revision.reference_keys))
    return revision


def _hands_in(revisions):
    return Revision.contributors.through.objects.filter(revision__in=revisions).values("user")


def snapshot(article):
    """The working copy as a revision that is not saved, for the preview. Sanitises: not every path goes by a form."""
    body = sanitise(article.body)
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
        body=body,
        body_html=rendered.html,
        contents=rendered.contents,
        glossary=_definitions(article.language, rendered.glossary_slugs),
        questions=_lines(article.questions),
        care_cards=[
            {"level": card.level, "heading": card.heading, "items": _lines(card.items), "advice": card.advice}
            for card in article.care_cards.all()
        ],
        related_ids=list(article.related.order_by("kind", "title").values_list("pk", flat=True)),
        reference_keys=rendered.reference_keys,
        conflicts_of_interest=article.conflicts_of_interest,
        word_count=len(words(text)),
        reading_grade=reading_grade(text),
    )


def _lines(text):
    """One entry a line; an empty line is no entry."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _definitions(language, slugs):
    terms = GlossaryTerm.objects.filter(language=language, slug__in=slugs)
    return [{"slug": term.slug, "term": term.term, "definition": term.definition} for term in terms]


@transaction.atomic
def withdraw(article, *, by, reason):
    """Takes the page off the public site. The working copy and all revisions stay."""
    article = Article.objects.select_for_update(of=["self"]).select_related("live").get(pk=article.pk)
    if article.live is None:
        raise ActionRefused(_("This article is not published."))
    if not reason.strip():
        raise ActionRefused(_("Give a reason, so that a colleague can see why the page went."))
    unpublish(article)
    record(article, by=by, message=_("Withdrew the page: %(reason)s") % {"reason": reason})


@transaction.atomic
def restore(revision, *, by):
    """Puts the text of an earlier revision back into the working copy. The public page does not change.

    Words that nobody has reviewed yet bring their writers along, so that none of those approves them now.
    """
    article = Article.objects.select_for_update().get(pk=revision.article_id)
    article.title = revision.title
    article.summary = revision.summary
    article.key_points = "\n".join(revision.key_points)
    article.body = revision.body
    article.questions = "\n".join(revision.questions)
    article.conflicts_of_interest = revision.conflicts_of_interest
    article.version = F("version") + 1
    article.updated_by = by
    article.save()
    article.contributors.add(by)
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
    record(article, by=by, message=_("Restored revision %(number)s.") % {"number": revision.number})
