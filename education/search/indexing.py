"""What search knows: a SearchDocument for each published page, statement and glossary term, and the words in them.

The database keeps its full-text index beside SearchDocument by itself; the migration search_index says how.
"""

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from education.models import Article, EvidenceStatement, GlossaryTerm, SearchDocument, SearchWord
from education.rendering import plain_text
from education.search.matches import engine
from education.search.stopwords import STOPWORDS
from education.search.terms import LONGEST_TERM, plain_words, terms

# PostgreSQL counts places in a text up to 16,383, and phrases need places.
MOST_WORDS = 15_000
SHORTEST_SUGGESTION = 3
WRITTEN = [
    "subject",
    "language",
    "url",
    "title",
    "summary",
    "text",
    "title_terms",
    "summary_terms",
    "heading_terms",
    "text_terms",
]


@transaction.atomic
def index_article(article):
    """Puts the live revision of an article into the index. Called in the transaction that publishes it."""
    revision = article.live
    if revision is None:
        unindex_article(article)
        return
    headings = [entry["text"] for entry in revision.contents]
    body = [line for line in plain_text(revision.body).splitlines() if line not in headings]
    cards = [line for card in revision.care_cards for line in (card["heading"], *card["items"], card["advice"]) if line]
    with translation.override(article.language):
        url = article.get_absolute_url()
    page = _document(
        article=article,
        subject=SearchDocument.Subject(article.kind),
        language=article.language,
        url=url,
        title=revision.title,
        summary=revision.summary,
        text=_flowing([*revision.key_points, *body, *revision.questions, *cards]),
        names=[revision.title],
        headings=headings,
    )
    _write("article", [page])
    # A condition has a dozen statements, and a reviewer waits for the page: one query for all.
    _write("statement", [_statement_document(each) for each in article.statements_as_condition.published()])


def unindex_article(article):
    """Takes an article out of the index, and a condition's statements with it: they are shown on no page then."""
    SearchDocument.objects.filter(Q(article=article) | Q(statement__condition=article)).delete()


@transaction.atomic
def index_statement(statement):
    """Puts a published statement into the index. Called in the transaction that publishes it."""
    if statement.state != EvidenceStatement.State.PUBLISHED or not statement.condition.is_published:
        unindex_statement(statement)
        return
    _write("statement", [_statement_document(statement)])


def _statement_document(statement):
    with translation.override(statement.language):
        url = f"{reverse('education:evidence')}#statement-{statement.slug}"
        intervention = statement.get_intervention_display()
    return _document(
        statement=statement,
        subject=SearchDocument.Subject.EVIDENCE,
        language=statement.language,
        url=url,
        title=statement.sentence,
        summary="",
        text=statement.why,
        names=[statement.sentence],
        headings=[statement.outcome, intervention],
    )


def unindex_statement(statement):
    """Takes a statement out of the index."""
    SearchDocument.objects.filter(statement=statement).delete()


@transaction.atomic
def index_term(term):
    """Puts a glossary term into the index, under all its names."""
    with translation.override(term.language):
        url = term.get_absolute_url()
        also = _("Also called: %(names)s.") % {"names": ", ".join(term.also)} if term.also else ""
    document = _document(
        term=term,
        subject=SearchDocument.Subject.GLOSSARY,
        language=term.language,
        url=url,
        title=term.term,
        summary=term.definition,
        text=also,
        names=[term.term, *term.also],
        headings=[],
    )
    _write("term", [document])


def unindex_term(term):
    """Takes a glossary term out of the index."""
    SearchDocument.objects.filter(term=term).delete()


@transaction.atomic
def rebuild():
    """Forgets everything and starts anew from what is published. Needed when a release changes what a term is."""
    SearchDocument.objects.all().delete()
    SearchWord.objects.all().delete()
    for article in Article.objects.published().with_live():
        index_article(article)
    for term in GlossaryTerm.objects.all():
        index_term(term)
    engine().rebuild()


def _document(*, language, title, summary, text, names, headings, **more):
    """A document to write, and the words of it that may be suggested."""
    document = SearchDocument(
        language=language,
        title=title,
        summary=summary,
        text=text,
        title_terms=_joined(names, language),
        summary_terms=_joined([summary], language),
        heading_terms=_joined(headings, language),
        text_terms=_joined([text], language),
        **more,
    )
    seen = {word for line in (*names, *headings, summary, text) for word in plain_words(line)}
    seen -= STOPWORDS.get(language, set())
    return document, {(language, word) for word in seen if _can_be_suggested(word)}


def _write(owner, documents):
    """Writes documents of one kind of owner (article, statement or term), new or in place of what was known of it."""
    SearchDocument.objects.bulk_create(
        [document for document, _words in documents],
        update_conflicts=True,
        unique_fields=[owner],
        update_fields=WRITTEN,
    )
    # Sorted, so that two who publish at once wait for each other in the same order.
    words = sorted({pair for _document, pairs in documents for pair in pairs})
    SearchWord.objects.bulk_create(
        [SearchWord(language=language, word=word) for language, word in words], ignore_conflicts=True
    )


def _joined(lines, language):
    return " ".join([term for line in lines for term in terms(line, language)][:MOST_WORDS])


def _can_be_suggested(word):
    return word.isalpha() and SHORTEST_SUGGESTION <= len(word) <= LONGEST_TERM


def _flowing(lines):
    """One line to cut snippets from. Entries of a list end without a full stop and get a dot between them."""
    return "".join(line + (" " if line.endswith((".", "!", "?", ":")) else " · ") for line in lines).strip(" ·")
