"""What readers see of the watch: when a cell was last looked at, that a paper is being read, and what it changed."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from education.actions import approve_statement, attach_references, decide_new_papers
from education.evidence_watch.looking import look
from education.evidence_watch.pubmed_search import polite_client
from education.evidence_watch.questions import create_missing_questions
from education.models import EvidenceQuestion, NewPaper
from tests.education import pubmed_server
from tests.education.admin_cast import make_author, make_clinical_reviewer
from tests.education.factories import make_published_article, make_reference, make_statement
from tests.education.pubmed_server import Paper

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
LAST_CHECKED = "Last checked for new trials: 1 December 2026"
BEING_READ = "A new paper is being read."
NO_TRIALS = {
    "effect": "no-trials",
    "certainty": "",
    "sentence": "We found no trials of probiotics.",
    "search_date": date(2026, 6, 1),
    "search_where": "PubMed",
    "search_words": "probiotics AND eczema",
    "search_by": "Ana",
}


@pytest.fixture
def eczema(db):
    return make_published_article()


@pytest.fixture
def question(eczema):
    create_missing_questions(NOW)
    question = EvidenceQuestion.objects.get(intervention="probiotics")
    EvidenceQuestion.objects.exclude(pk=question.pk).update(is_asked=False)
    return question


def looked(question, at=NOW, **values):
    EvidenceQuestion.objects.filter(pk=question.pk).update(state="looked", last_looked_at=at, **values)


def add_paper(question, kind="trial", **values):
    title = "Probiotics & eczema"
    return question.papers.create(
        pmid="41000001", title=title, journal="Gut", year=2026, kind=kind, found_at=NOW, **values
    )


def page_of(client, address="/conditions/atopic-dermatitis/more/"):
    return client.get(address).content.decode()


def test_a_statement_says_when_its_cell_was_last_looked_at(client, eczema, question):
    make_statement(eczema)
    make_statement(eczema, slug="another", intervention="low-fodmap")
    assert "Last checked" not in page_of(client)

    looked(question)

    page = page_of(client)
    assert page.count(LAST_CHECKED) == 1
    assert BEING_READ not in page


def test_a_question_that_is_not_asked_any_more_has_no_date(client, eczema, question):
    make_statement(eczema)
    looked(question, is_asked=False)
    assert "Last checked" not in page_of(client) + page_of(client, "/evidence/")


@pytest.mark.parametrize(
    ("kind", "effect", "decision", "is_read"),
    [
        ("trial", "no-trials", "", True),
        ("review", "no-trials", "", False),
        ("trial", "better", "", False),
        ("trial", "no-trials", "does-not-belong", False),
    ],
)
def test_readers_are_told_of_a_trial_where_there_was_none(client, eczema, question, kind, effect, decision, is_read):
    values = NO_TRIALS if effect == "no-trials" else {"effect": effect}
    make_statement(eczema, **values)
    decided = {"decision": decision, "note": "Not here.", "decided_at": NOW} if decision else {}
    add_paper(question, kind, **decided)

    for address in ("/conditions/atopic-dermatitis/more/", "/evidence/"):
        assert (BEING_READ in page_of(client, address)) == is_read, address


def test_the_sentence_has_the_day_of_the_record_below_it(client, eczema, question):
    """The look at PubMed is another search, with other words: its day is beside the sentence, with its place."""
    make_statement(eczema, **NO_TRIALS)
    sentence = "We found no trials of probiotics (last looked 1 June 2026)."

    looked(question)

    page = page_of(client)
    assert sentence in page
    assert "Where: PubMed. Last looked on 1 June 2026, by Ana." in page
    assert f"{LAST_CHECKED} (PubMed)" in page
    assert "last looked 1 December 2026" not in page + page_of(client, "/evidence/")
    assert json.loads(client.get("/evidence.json").content)["statements"][0]["summary"] == sentence


def test_a_search_is_not_old_while_looks_find_nothing(client, eczema, question):
    statement = make_statement(eczema, **NO_TRIALS | {"search_date": date(2024, 6, 1)})
    due = "We are due to look again."
    assert due in page_of(client)

    looked(question, datetime.now(UTC))
    assert due not in page_of(client)

    paper = add_paper(question)
    assert due in page_of(client)

    decide_new_papers([paper], decision="changes", by=make_author(), note="A trial.", statement=statement)
    assert due in page_of(client)

    NewPaper.objects.update(decision="does-not-belong", statement=None)
    assert due not in page_of(client)


def test_an_older_look_does_not_take_the_date_back(client, eczema, question):
    make_statement(eczema, **NO_TRIALS)
    looked(question, datetime(2026, 2, 1, tzinfo=UTC))
    assert "(last looked 1 June 2026)" in page_of(client)


def test_the_map_names_the_day_once_for_each_cell(client, eczema, question):
    make_statement(eczema)
    make_statement(eczema, slug="another")
    looked(question)
    looked(EvidenceQuestion.objects.get(intervention="low-fodmap"), is_asked=True)

    page = page_of(client, "/evidence/")

    assert page.count(LAST_CHECKED) == 2
    empty = page.partition('id="cell-atopic-dermatitis-low-fodmap"')[2].partition("<h3")[0]
    assert LAST_CHECKED in empty
    assert "We have not summarised this yet." in empty


def test_the_watch_costs_no_query(client, eczema, question):
    make_statement(eczema)
    make_statement(eczema, slug="another", intervention="low-fodmap", **NO_TRIALS)
    looked(question)
    add_paper(question)
    for address, count in (
        ("/conditions/atopic-dermatitis/", 4),
        ("/conditions/atopic-dermatitis/more/", 4),
        ("/evidence/", 5),
    ):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        assert len(queries) <= count, address


def test_a_page_that_is_kept_sees_a_look_and_a_paper(client, eczema, question):
    make_statement(eczema, **NO_TRIALS)
    first = page_of(client)
    assert page_of(client) == first
    looked(question)
    assert LAST_CHECKED in page_of(client)
    add_paper(question)
    assert BEING_READ in page_of(client)


def test_a_new_trial_goes_from_pubmed_to_the_reader(client, eczema, question, settings):
    """On the desk, on the statement and, once it is decided and approved, in the feed."""
    statement = make_statement(eczema, **NO_TRIALS)
    ana, ruth = make_author(), make_clinical_reviewer()
    with pubmed_server.running(settings) as pubmed:
        pubmed.papers = [Paper("41000001", NOW.date(), title="Probiotics & eczema in 90 children.")]
        with polite_client(0) as register:
            question = EvidenceQuestion.objects.select_related("condition", "intervention").get(pk=question.pk)
            assert look(question, register, now=NOW) == 1
            assert BEING_READ in page_of(client)
            paper = NewPaper.objects.get()
            draft = decide_new_papers(
                [paper], decision="changes", by=ana, note="The first trial in children.", statement=statement
            )
            attach_references([NewPaper.objects.get()], register)
    assert BEING_READ not in page_of(client)
    assert "Changed after new evidence" not in page_of(client, "/feed/")

    draft.effect, draft.certainty = "better", "low"
    draft.sentence = "Probiotics may ease eczema in children."
    draft.search_date = None
    draft.save()
    approve_statement(draft, by=ruth)

    feed = page_of(client, "/feed/")
    assert "<title>Changed after new evidence: Probiotics, Eczema and your gut</title>" in feed
    assert "We now say: Probiotics may ease eczema in children." in feed
    assert "New paper: Probiotics &amp;amp; eczema in 90 children." in feed
    assert "https://pubmed.ncbi.nlm.nih.gov/41000001/" in feed
    assert "Why: The first trial in children." in feed
    assert 'href="https://gutskin.example/evidence/probiotics-eczema/"' in feed
    assert "Probiotics may ease eczema in children." in page_of(client)


def test_a_statement_that_awaits_review_is_no_news(client, eczema, question):
    statement = make_statement(eczema)
    add_paper(question, decision="changes", note="Why.", decided_at=NOW, statement=statement)
    assert "Changed after new evidence" not in page_of(client, "/feed/")


def test_one_entry_names_all_papers_that_changed_a_statement(client, eczema, question):
    statement = make_statement(eczema, reviewed_on=NOW.date(), reviewed_by=make_clinical_reviewer().clinician)
    decided = {"decision": "changes", "note": "Two trials.", "decided_at": NOW, "statement": statement}
    add_paper(question, **decided)
    question.papers.create(
        pmid="41000002", title="Second", kind="trial", found_at=NOW, reference=make_reference("second"), **decided
    )
    feed = page_of(client, "/feed/")
    assert feed.count("Changed after new evidence") == 1
    assert feed.count("New paper:") == 2
    assert feed.count("Why: Two trials.") == 1


@pytest.mark.parametrize("hour", [8, 12])
def test_publishing_every_page_on_one_day_pushes_no_change_out_of_the_feed(
    client, eczema, question, time_machine, hour
):
    """Whether the statement was approved before the pages were published, at ten, or after that."""
    for minute in range(20):
        time_machine.move_to(NOW.replace(hour=10, minute=minute), tick=False)
        make_published_article(f"page-{minute}", title=f"Page {minute}")
    time_machine.move_to(NOW.replace(hour=hour), tick=False)
    trial = make_reference("second")
    draft = make_statement(eczema, state="draft", references=[trial])
    add_paper(question, decision="changes", note="A trial.", decided_at=NOW, statement=draft, reference=trial)
    approve_statement(draft, by=make_clinical_reviewer())

    feed = page_of(client, "/feed/")

    assert feed.count("<title>Changed after new evidence") == 1
    assert feed.count("<entry>") == 20


def test_changes_take_few_places_of_the_pages_published_since(client, eczema, question):
    clinician = make_clinical_reviewer().clinician
    for number in range(8):
        statement = make_statement(
            eczema, slug=f"statement-{number}", reviewed_on=NOW.date() - timedelta(days=900), reviewed_by=clinician
        )
        decided = {"decision": "changes", "note": "A trial.", "decided_at": NOW, "statement": statement}
        question.papers.create(pmid=f"4200000{number}", title="A trial", kind="trial", found_at=NOW, **decided)
    for number in range(20):
        make_published_article(f"page-{number}", title=f"Page {number}")

    feed = page_of(client, "/feed/")

    assert feed.count("<title>Changed after new evidence") == 5
    assert feed.count("<entry>") == 20


def test_the_about_page_explains_it(client, eczema):
    page = page_of(client, "/about/")
    assert "How we notice new papers" in page
    assert "“Last checked for new trials”" in page


def test_a_day_is_that_of_the_site(client, eczema, question, settings):
    """Half past eleven in the evening in London is the next day in Universal Time in summer."""
    make_statement(eczema)
    looked(question, datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    page = page_of(client)
    assert "Last checked for new trials: 2 July 2026" in page
    looked(question, datetime(2026, 7, 1, 22, 30, tzinfo=UTC) - timedelta(hours=1))
    assert "Last checked for new trials: 1 July 2026" in page_of(client)
