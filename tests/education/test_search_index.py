import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from education import search
from education.actions import (
    ActionRefused,
    approve,
    approve_statement,
    revise_statement,
    submit_for_review,
    withdraw,
)
from education.models import Article, EvidenceStatement, GlossaryTerm, SearchDocument, SearchWord
from education.search import rebuilding
from education.search.stemming import plain_words
from tests.education.factories import (
    BODY,
    make_article,
    make_published_article,
    make_reviewer,
    make_statement,
    make_term,
    make_user,
)
from tests.examples import examples

pytestmark = pytest.mark.django_db


def test_publishing_puts_the_page_into_the_index():
    article = make_article()
    revision = submit_for_review(article)
    assert search.find("eczema").total == 0
    approve(revision, by=make_reviewer())
    assert [result.url for result in search.find("eczema").results] == [article.get_absolute_url()]


def test_the_working_copy_is_not_searched():
    article = make_published_article()
    article.body = BODY.replace("barriers", "quagmires")
    article.title = "Quagmire"
    article.save()
    assert search.find("quagmire").total == 0


def test_a_statement_is_found_by_the_name_of_its_condition():
    article = make_published_article(title="Hives and your gut")
    statement = make_statement(article, slug="h-pylori", sentence="We found no trials of treating H. pylori.")

    search.index_statement(statement)

    assert [result.url for result in search.find("pylori hives").results] == [statement.get_absolute_url()]


def test_a_new_revision_replaces_the_old_one():
    article = make_published_article()
    article.title = "Psoriasis and your gut"
    article.save()
    approve(submit_for_review(article), by=make_reviewer("ben"))
    assert search.find("psoriasis").results[0].title_html == "<mark>Psoriasis</mark> and your gut"
    assert search.find("eczema").results[0].title_html == "Psoriasis and your gut"
    assert search.find("keep using").total == 1
    assert SearchDocument.objects.count() == 1


def test_approving_a_statement_replaces_the_old_one_in_the_index():
    old = make_statement(make_published_article())
    search.index_statement(old)
    draft = revise_statement(old, by=make_user("ana"))
    EvidenceStatement.objects.filter(pk=draft.pk).update(
        sentence="Probiotics probably make no difference to eczema itch."
    )
    assert search.find("eczema symptoms", kind="evidence").total == 1
    assert not search.find("eczema itch").has_every_word
    approve_statement(draft, by=make_reviewer("ben"))
    assert [result.url for result in search.find("eczema itch").results] == ["/evidence/probiotics-eczema/"]
    assert SearchDocument.objects.filter(subject="evidence").count() == 1


def test_a_refused_approval_leaves_the_index_as_it_was():
    author = make_reviewer("ben")
    draft = make_statement(make_published_article(), state="draft", author=author)
    with pytest.raises(ActionRefused):
        approve_statement(draft, by=author)
    assert search.find("eczema symptoms", kind="evidence").total == 0


def test_publishing_a_page_again_costs_the_same_with_many_statements(django_assert_num_queries):
    article = make_published_article()
    make_statement(article)
    search.index_article(article)
    with CaptureQueriesContext(connection) as with_one:
        search.index_article(article)
    for number in range(10):
        make_statement(article, slug=f"statement-{number}", outcome=f"Outcome {number}")
    with django_assert_num_queries(len(with_one)):
        search.index_article(article)
    assert SearchDocument.objects.filter(subject="evidence").count() == 11


def test_statements_come_and_go_with_the_page_that_they_are_about():
    article = make_published_article()
    make_statement(article)
    make_statement(article, slug="a-draft", state="draft")
    search.index_article(article)
    assert SearchDocument.objects.filter(subject="evidence").count() == 1
    withdraw(article, by=make_user("ada"), reason="Out of date.")
    assert not SearchDocument.objects.exists()


def test_words_of_an_old_revision_find_nothing():
    article = make_published_article()
    assert search.find("barriers").total == 1
    article.body = BODY.replace("barriers", "organs")
    article.save()
    approve(submit_for_review(article), by=make_reviewer("ben"))
    assert search.find("barriers").total == 0
    assert search.find("organs").total == 1


def test_a_withdrawn_page_leaves_the_index():
    article = make_published_article()
    withdraw(article, by=make_user("ada"), reason="Out of date.")
    assert search.find("eczema").total == 0
    assert not SearchDocument.objects.exists()


def test_indexing_an_article_without_a_live_revision_removes_it():
    article = make_published_article()
    article.live = None
    search.index_article(article)
    assert search.find("eczema").total == 0


def test_headings_are_found_and_not_repeated_in_the_text():
    make_published_article()
    assert search.find("what you can do gut").total == 1
    assert "What you can do" not in SearchDocument.objects.get().text


def test_a_glossary_term_is_found_by_all_its_names():
    term = make_term("butyrate", also=["butyric acid", "C4"], definition="A fatty acid.")
    search.index_term(term)
    for name in ("butyrate", "butyric acid", "c4"):
        assert search.find(name).definition == term, name
    assert [result.url for result in search.find("fatty").results] == ["/glossary/butyrate/"]
    assert "butyric <mark>acid</mark>" in search.find("acid").results[0].snippet_html


def test_another_name_of_a_term_ranks_like_its_title():
    search.index_term(make_term("lactate", definition="Acid, acid."))
    search.index_term(make_term("butyrate", also=["butyric acid"], definition="A fatty one."))
    assert search.find("acid").results[0].url == "/glossary/butyrate/"


def test_the_database_does_not_decide_what_a_letter_is():
    """U+19B0 is a letter of New Tai Lue. SQLite's tokeniser would split the word there and find the wrong document."""
    search.index_term(make_term("two-words", definition="vita min"))
    search.index_term(make_term("one-word", definition="vita\u19b0min"))
    assert [result.url for result in search.find("vita\u19b0min").results] == ["/glossary/one-word/"]


def test_a_changed_glossary_term_replaces_the_old_one():
    term = make_term("butyrate", definition="A fatty acid.")
    search.index_term(term)
    term.definition = "Made by bacteria."
    term.save()
    search.index_term(term)
    assert search.find("fatty").total == 0
    assert search.find("bacteria").total == 1


def test_unindexed_and_deleted_terms_leave_the_index():
    forgotten, deleted = make_term("butyrate"), make_term("lactate")
    search.index_term(forgotten)
    search.index_term(deleted)
    search.unindex_term(forgotten)
    deleted.delete()
    assert search.find("butyrate").total == search.find("lactate").total == 0


def test_a_very_long_text_is_indexed():
    body = "The very many words of a book, over and over. " * 2_000
    article = make_article()
    revision = submit_for_review(article)
    revision.body = f"<p>{body}</p>"
    article.live = revision
    revision.save()
    search.index_article(article)
    assert search.find("a book of very many words").total == 1


def test_a_very_long_word_is_found():
    term = make_term("long", definition="x" * 5_000)
    search.index_term(term)
    assert search.find("x" * 199).total == 1


def test_rebuild_creates_the_index_from_scratch(capsys):
    make_statement(make_published_article())
    SearchDocument.objects.all().delete()
    SearchWord.objects.create(language="en", word="stale")
    call_command("rebuild_search")
    assert search.find("eczema", kind="condition").total == 1
    assert search.find("barrier", kind="glossary").total == 1
    assert not SearchWord.objects.filter(word="stale").exists()
    assert search.find("symptoms", kind="evidence").total == 1
    assert "3 documents" in capsys.readouterr().out


def test_a_rebuild_goes_on_where_it_was_stopped(monkeypatch, capsys):
    monkeypatch.setattr(rebuilding, "BATCH", 1)
    pages = [make_published_article(f"condition-{number}") for number in range(3)]
    SearchDocument.objects.all().delete()
    write, written = rebuilding.write, []

    def stopped(owner, documents):
        if len(written) == 4:  # the term, then each page with its statements
            raise KeyboardInterrupt
        written.append(owner)
        write(owner, documents)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(rebuilding, "write", stopped)
        call_command("rebuild_search")
    found = re.search(r"rebuild_search --after (\d+)", capsys.readouterr().err)
    assert int(found[1]) == pages[0].pk
    call_command("rebuild_search", "--after", found[1])
    assert set(SearchDocument.objects.exclude(article=None).values_list("article", flat=True)) == {
        page.pk for page in pages
    }


def test_what_is_published_during_a_rebuild_is_not_overwritten(monkeypatch):
    """The documents are made before the transaction that writes them."""
    article = make_published_article()
    documents_of = rebuilding.article_documents

    def made_before_someone_publishes(page):
        documents = documents_of(page)
        if not article.revisions.filter(number=2).exists():
            Article.objects.filter(pk=article.pk).update(title="Quagmire")
            approve(submit_for_review(article), by=article.live.reviewer.user)
        return documents

    monkeypatch.setattr(rebuilding, "article_documents", made_before_someone_publishes)
    call_command("rebuild_search")
    assert SearchDocument.objects.get(article=article).title == "Quagmire"


def test_a_rebuild_writes_a_few_pages_at_once():
    """Each batch is a transaction: on SQLite nobody else can write meanwhile."""
    for number in range(rebuilding.BATCH + 1):
        make_published_article(f"condition-{number}")
    assert [batch.documents for batch in search.rebuild_articles()] == [rebuilding.BATCH, 1]


def test_a_document_of_what_is_no_longer_published_is_removed():
    article = make_published_article()
    statement = make_statement(article)
    search.index_statement(statement)
    Article.objects.update(live=None)
    call_command("rebuild_search", verbosity=0)
    assert list(SearchDocument.objects.values_list("subject", flat=True)) == ["glossary"]
    assert set(SearchWord.objects.values_list("word", flat=True)) <= set(plain_words(_glossary_text()))


def _glossary_text():
    return " ".join(f"{term.term} {term.definition}" for term in GlossaryTerm.objects.all())


def test_rebuild_has_a_dry_run():
    make_published_article()
    SearchDocument.objects.all().delete()
    call_command("rebuild_search", "--dry-run", verbosity=0)
    assert not SearchDocument.objects.exists()


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(definition=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80))
def test_every_word_of_any_text_finds_it(one_term, definition):
    """In any script, so that both databases find the same documents."""
    one_term.definition = definition
    search.index_term(one_term)
    for word in plain_words(definition)[:6]:
        assert search.find(word).total == 1, word


@pytest.fixture
def one_term(db):
    return make_term("anything", term="-")
