"""Indexing everything again in short transactions: while it goes on, readers search and clinicians publish."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from education.models import Article, EvidenceStatement, GlossaryTerm, SearchDocument, SearchWord
from education.search.indexing import Word, article_documents, term_document, write
from gutskin.page_cache.content_version import changes

# Pages or terms, written in less than a tenth of a second. Nobody else can write into SQLite in that time.
BATCH = 20
# Rows that are deleted or changed at once.
AT_ONCE = 500


class Batch(NamedTuple):
    # Primary key of the last page or term.
    last: int
    documents: int
    words: set[Word]


def rebuild_terms(*, dry_run: bool = False) -> Iterator[Batch]:
    """Indexes all glossary terms. A dry run makes the documents and writes nothing."""
    terms = GlossaryTerm.objects.all()
    return _in_batches(terms, 0, lambda terms: {"term": [term_document(term) for term in terms]}, dry_run)


def rebuild_articles(*, after: int = 0, dry_run: bool = False) -> Iterator[Batch]:
    """Indexes the published pages with a primary key greater than `after`, and their statements."""
    return _in_batches(Article.objects.published().with_live(), after, _documents_of_articles, dry_run)


def remove_outdated(words: set[Word]) -> None:
    """Removes documents of what is not published, and words that are not among these, or are no longer names."""
    shown = Q(statement__state=EvidenceStatement.State.PUBLISHED, statement__condition__live__isnull=False)
    documents = SearchDocument.objects.filter(
        Q(article__isnull=False, article__live=None) | Q(statement__isnull=False) & ~shown
    )
    _delete(SearchDocument, documents.values_list("pk", flat=True))
    seen = {(word.language, word.word) for word in words}
    names = {(word.language, word.word) for word in words if word.is_name}
    known = list(SearchWord.objects.values_list("pk", "language", "word", "is_name"))
    _delete(SearchWord, [pk for pk, *word, _is_name in known if tuple(word) not in seen])
    for keys in _slices([pk for pk, *word, is_name in known if is_name and tuple(word) not in names]):
        SearchWord.objects.filter(pk__in=keys).update(is_name=False)


def _delete(model, keys):
    for some in _slices(list(keys)):
        model.objects.filter(pk__in=some).delete()


def _slices(keys):
    return [keys[begin : begin + AT_ONCE] for begin in range(0, len(keys), AT_ONCE)]


def _in_batches(rows, after, documents_of, dry_run):
    while keys := list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        after = keys[-1]
        documents = _index_again(lambda keys=keys: documents_of(rows.filter(pk__in=keys).order_by("pk")), dry_run)
        yield Batch(after, len(documents), {word for _document, words in documents for word in words})


def _documents_of_articles(articles):
    pages, statements = [], []
    for article in articles:
        page, its_statements = article_documents(article)
        pages.append(page)
        statements += its_statements
    return {"article": pages, "statement": statements}


def _index_again(read: Callable[[], dict[str, list]], dry_run):
    """Makes the documents before the transaction, since that takes longest. Returns them with their words."""
    before = changes()
    documents = read()
    if not dry_run:
        with transaction.atomic():
            # Whoever is publishing one of them has written its document: this waits until that is committed.
            for owner, of_owner in documents.items():
                owners = [getattr(document, f"{owner}_id") for document, _words in of_owner]
                list(SearchDocument.objects.select_for_update().filter(**{f"{owner}__in": owners}).values_list("pk"))
            if changes() != before:
                documents = read()
            for owner, of_owner in documents.items():
                write(owner, of_owner)
    return [pair for of_owner in documents.values() for pair in of_owner]
