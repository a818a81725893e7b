"""Made-up articles, published as the actions would leave them: revision, review, references."""

from collections.abc import Callable
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.html import escape
from django.utils.text import slugify

from education.models import (
    Article,
    CareCard,
    Clinician,
    Decision,
    GlossaryTerm,
    Kind,
    Reference,
    Review,
    Revision,
    RevisionState,
)
from education.readability import reading_grade
from education.readability import words as words_of
from education.rendering import plain_text, render_body
from education.scale.sources import batches
from education.scale.writing import MARK, Writer

BATCH = 200
# Of ten articles.
KINDS = [Kind.CONDITION, Kind.THERAPY, Kind.MECHANISM] * 3 + [Kind.CONDITION]
# One in so many has a translation, which is an article too.
TRANSLATED = 50
HEADINGS = ["What it is", "What the gut has to do with it", "What was tested", "What you can do", "What nobody knows"]
HEADINGS_ES = ["Qué es", "El intestino", "Qué se ha probado", "Qué puede hacer", "Qué no se sabe"]
SIGNS = ["You have a fever and the rash spreads.", "Your lips or tongue swell.", "There is blood in your stool."]


def load_articles(count: int, tell: Callable) -> None:
    """As many of ours as there are missing to `count`, each with its live revision."""
    keys = dict(Reference.objects.filter(loaded_digest=MARK).order_by("pk").values_list("key", "pk"))
    terms = {term.slug: term for term in GlossaryTerm.objects.filter(loaded_digest=MARK).order_by("pk")}
    mine = Article.objects.filter(loaded_digest=MARK)
    clinician = _clinician()
    for start, stop in batches(mine.count(), count, BATCH):
        with transaction.atomic():
            _write([_article(number) for number in range(start, stop)], keys, terms, clinician)
        tell("articles", stop, count)


def _clinician():
    return Clinician.objects.get_or_create(
        name="Made-up reviewer (not a real clinician)",
        defaults={"role": "invented for a measurement", "is_listed": False},
    )[0]


def _article(number):
    writer = Writer(f"article {number}")
    language = "es" if number % TRANSLATED == TRANSLATED - 1 else "en"
    kind = KINDS[number % len(KINDS)]
    name = f"{writer.one(str(kind)).capitalize()} {writer.one('place')}"
    title = f"{name}, {writer.one('microbe')} {number}"
    return Article(
        kind=kind,
        slug=f"{slugify(name)[:60]}-{number}",
        language=language,
        title=title[:120],
        summary=writer.sentence(language)[:300],
        key_points="\n".join(writer.sentence(language) for _ in range(4)),
        actions="\n".join(writer.sentence(language) for _ in range(4)),
        questions="\n".join(f"What about {writer.one('therapy')} and {writer.one('outcome')}?" for _ in range(3)),
        conflicts_of_interest="None: nobody wrote this.",
        loaded_digest=MARK,
    )


def _write(articles, keys, terms, clinician):
    for article in articles:
        article.body = _body(Writer(f"body {article.slug}"), article.language, list(keys), list(terms.values()))
    Article.objects.bulk_create(articles)
    previous = list(Article.objects.published().order_by("-pk").values_list("pk", flat=True)[:50])
    revisions = Revision.objects.bulk_create(_revision(article, previous, terms, clinician) for article in articles)
    for article, revision in zip(articles, revisions, strict=True):
        article.live = revision
    Article.objects.bulk_update(articles, ["live"])
    cites = Revision.references.through
    cites.objects.bulk_create(
        cites(revision_id=revision.pk, reference_id=keys[key])
        for revision in revisions
        for key in revision.reference_keys
    )
    CareCard.objects.bulk_create(
        CareCard(article=article, level="urgent", heading="See a doctor today if:", items="\n".join(SIGNS), advice="")
        for article in articles
    )
    Review.objects.bulk_create(
        Review(
            revision=revision,
            clinician=clinician,
            decision=Decision.APPROVE,
            next_review_due=revision.next_review_due,
        )
        for revision in revisions
        if revision.reviewer
    )


def _body(writer, language, keys, terms):
    random = writer.random
    sources = writer.several(keys, 14)
    explained = iter(random.sample(terms, min(5, len(terms))))
    parts = []
    for heading in HEADINGS_ES if language == "es" else HEADINGS:
        parts.append(f"<h2>{escape(heading)}</h2>")
        for _paragraph in range(3):
            cited = f'<cite data-ref="{random.choice(sources)}"></cite>' if sources else ""
            parts.append(f"<p>{escape(writer.text(5, language))}{cited}</p>")
        for term in islice(explained, 1) if language == "en" else ():
            parts.append(f'<p>Doctors call it <dfn data-term="{term.slug}">{escape(term.term)}</dfn>.</p>')
        points = "".join(f"<li>{escape(writer.sentence(language))}</li>" for _ in range(3))
        parts.append(f"<ul>{points}</ul>")
    return "\n".join(parts)


def _revision(article, previous, terms, clinician):
    random = Writer(f"revision {article.slug}").random
    rendered, text = render_body(article.body), plain_text(article.body)
    explained = [terms[slug] for slug in rendered.glossary_slugs]
    published_at = timezone.now() - timedelta(days=random.randint(0, 1400), minutes=random.randint(0, 1440))
    # As on a real site: many reviewed, some overdue, some waiting for their first review.
    reviewed = {}
    if random.random() < 0.8:
        day = timezone.localdate(published_at)
        reviewed = {"reviewer": clinician, "last_reviewed": day, "next_review_due": day + timedelta(days=730)}
    return Revision(
        article=article,
        number=1,
        state=RevisionState.PUBLISHED,
        title=article.title,
        summary=article.summary,
        key_points=article.key_points.splitlines(),
        actions=article.actions.splitlines(),
        body=article.body,
        body_html=rendered.html,
        contents=rendered.contents,
        glossary=[{"slug": term.slug, "term": term.term, "definition": term.definition} for term in explained],
        questions=article.questions.splitlines(),
        care_cards=[{"level": "urgent", "heading": "See a doctor today if:", "items": SIGNS, "advice": ""}],
        related_ids=random.sample(previous, min(4, len(previous))),
        reference_keys=rendered.reference_keys,
        conflicts_of_interest=article.conflicts_of_interest,
        word_count=len(words_of(text)),
        reading_grade=reading_grade(text),
        created_at=published_at,
        published_at=published_at,
        **reviewed,
    )
