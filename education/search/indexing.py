"""Indexing: a SearchDocument for each published page, statement and glossary term, and the words in them.

The database keeps its own full-text index up to date with SearchDocument; see migration 0002_search_index.
"""

from itertools import groupby
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from education.models import EvidenceStatement, SearchDocument, SearchWord
from education.rendering import plain_text
from education.search.stemming import LONGEST_TERM, STOPWORDS, plain_words, terms

# A tsvector of PostgreSQL stores positions up to 16,383, and phrase searches need positions.
MOST_WORDS = 15_000
# Shorter words are similar to nearly everything.
SHORTEST_SUGGESTION = 3

COLUMNS_WRITTEN = [
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


class Word(NamedTuple):
    """A row of SearchWord."""

    language: str
    word: str
    is_name: bool


@transaction.atomic
def index_article(article):
    """Index the live revision of an article and, for a condition, its statements.

    Call this in the transaction that publishes it, so that search never shows what the site does not. Without a live
    revision, the article is removed from the index.
    """
    if article.live is None:
        unindex_article(article)
        return
    page, statements = article_documents(article)
    write("article", [page])
    write("statement", statements)


def article_documents(article):
    """An unsaved document of the live revision, and one for each statement of a condition, each with its words."""
    revision = article.live
    # Headings have a column of their own; repeated in the text they would count twice.
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
        text=_flowing([*revision.key_points, *revision.actions, *body, *revision.questions, *cards]),
        names=[revision.title],
        headings=headings,
    )
    # One query for all statements: a condition has a dozen of them, and a reviewer is waiting for the page.
    statements = article.statements_as_condition.published().select_related("intervention").order_by("pk")
    return page, [_statement_document(statement) for statement in statements]


def unindex_article(article):
    """Remove an article from the index, and with a condition its statements, which no page shows any more."""
    SearchDocument.objects.filter(Q(article=article) | Q(statement__condition=article)).delete()


@transaction.atomic
def index_statement(statement):
    """Index a published statement. Call this in the transaction that publishes it.

    A statement that is not published, or whose condition is not, is removed from the index.
    """
    if statement.state != EvidenceStatement.State.PUBLISHED or not statement.condition.is_published:
        unindex_statement(statement)
        return
    write("statement", [_statement_document(statement)])


def _statement_document(statement):
    with translation.override(statement.language):
        url = statement.get_absolute_url()
        intervention = str(statement.intervention)
    return _document(
        statement=statement,
        subject=SearchDocument.Subject.EVIDENCE,
        language=statement.language,
        url=url,
        title=statement.sentence,
        summary="",
        text=statement.why,
        names=[statement.sentence],
        # Some sentences do not say which condition they are about, as they stand on its page.
        headings=[statement.outcome, intervention, statement.condition.live.title],
    )


def unindex_statement(statement):
    """Remove a statement from the index."""
    SearchDocument.objects.filter(statement=statement).delete()


def index_term(term):
    """Index a glossary term under all its names."""
    write("term", [term_document(term)])


def term_document(term):
    """An unsaved document of a glossary term, and its words."""
    with translation.override(term.language):
        url = term.get_absolute_url()
        also = _("Also called: %(names)s.") % {"names": ", ".join(term.also)} if term.also else ""
    return _document(
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


def unindex_term(term):
    """Remove a glossary term from the index."""
    SearchDocument.objects.filter(term=term).delete()


def _document(*, language, title, summary, text, names, headings, **more):
    """An unsaved document, and its words."""
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
    # The sentence of a statement is its whole text, and no name.
    of_names = {word for line in names for word in plain_words(line)} if "statement" not in more else set()
    return document, {Word(language, word, word in of_names) for word in seen if _can_be_suggested(word)}


@transaction.atomic
def write(owner, documents):
    """Insert or update documents that belong to one kind of owner: article, statement or term."""
    # An upsert: publishing again replaces the document, and its id, which the full-text index refers to, stays.
    SearchDocument.objects.bulk_create(
        [document for document, _words in documents],
        update_conflicts=True,
        unique_fields=[owner],
        update_fields=COLUMNS_WRITTEN,
    )
    # Sorted, so that two people who publish at once lock the rows in the same order: no deadlock.
    words = sorted({word for _document, words in documents for word in words})
    # Words are only ever added. To know that no other document has a word would need a query for each of them.
    # A word that is a name comes last, and is the one that is kept.
    by_word = {(word.language, word.word): SearchWord(**word._asdict()) for word in words}
    SearchWord.objects.bulk_create(by_word.values(), ignore_conflicts=True)
    for language, names in groupby((word for word in words if word.is_name), key=lambda word: word.language):
        known = SearchWord.objects.filter(language=language, word__in=[name.word for name in names], is_name=False)
        known.update(is_name=True)


def _joined(lines, language):
    return " ".join([term for line in lines for term in terms(line, language)][:MOST_WORDS])


def _can_be_suggested(word):
    return word.isalpha() and SHORTEST_SUGGESTION <= len(word) <= LONGEST_TERM


def _flowing(lines):
    """The lines as one, to cut snippets from. List items end without a full stop, so a dot is put between them."""
    return "".join(line + (" " if line.endswith((".", "!", "?", ":")) else " · ") for line in lines).strip(" ·")
