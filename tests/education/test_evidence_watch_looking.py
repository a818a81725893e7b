"""Questions to PubMed and looks for new papers, with a local server in its place."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from education.evidence_watch import looking
from education.evidence_watch.looking import look, look_at_each, look_at_next
from education.evidence_watch.pubmed_search import polite_client
from education.evidence_watch.questions import create_missing_questions, full_query
from education.models import EvidenceQuestion, Intervention, NewPaper
from education.references.client import RegisterClient
from tests.at_once import together
from tests.education import pubmed_server
from tests.education.factories import make_article, make_published_article, make_statement, make_synonyms
from tests.education.pubmed_server import REVIEW, TRIAL, Paper
from tests.education.register_server import cut_off, dripping, status

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
YESTERDAY = date(2026, 11, 30)


@pytest.fixture
def pubmed(settings):
    with pubmed_server.running(settings) as pubmed:
        yield pubmed


@pytest.fixture
def question(db):
    """The only one that is asked: about probiotics for eczema."""
    make_published_article()
    create_missing_questions(NOW)
    EvidenceQuestion.objects.exclude(intervention="probiotics").update(is_asked=False)
    return EvidenceQuestion.objects.get(intervention="probiotics")


def ask(question, now=NOW, max_wait=0):
    question = EvidenceQuestion.objects.select_related("condition", "intervention").get(pk=question.pk)
    with polite_client(max_wait) as client:
        found = look(question, client, now=now)
    question.refresh_from_db()
    return found, question


def run(*arguments):
    """The output of the command and its exit status."""
    out = StringIO()
    try:
        call_command("watch_evidence", *arguments, stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}{error}", error.returncode
    return out.getvalue(), 0


def test_each_cell_of_the_map_gets_a_question_made_of_its_names(db):
    make_synonyms("eczema", "atopic eczema")
    eczema = make_published_article()
    eczema.codes.create(system="2.16.840.1.113883.6.90", code="L20", display="Atopic dermatitis")
    make_article("draft", title="Not published")

    assert create_missing_questions(NOW) == Intervention.objects.count()
    question = EvidenceQuestion.objects.get(intervention="prebiotics-and-synbiotics")
    assert question.query == (
        "(Eczema OR atopic dermatitis OR atopic eczema) AND (Prebiotics and synbiotics OR Prebiotics OR synbiotics)"
    )
    assert "randomized controlled trial[pt]" in full_query(question)
    assert "systematic review[pt]" in full_query(question)
    assert question.since == date(2025, 12, 1)


def test_a_question_that_a_clinician_edited_stays(question):
    EvidenceQuestion.objects.filter(pk=question.pk).update(query="my own words")

    assert create_missing_questions(NOW) == 0
    question.refresh_from_db()
    assert question.query == "my own words"


def test_the_first_look_goes_back_to_the_search_of_the_statement(db):
    make_statement(make_published_article(), effect="no-trials", certainty="", search_date=date(2026, 3, 4))
    create_missing_questions(NOW)

    assert EvidenceQuestion.objects.get(intervention="probiotics").since == date(2026, 3, 4)


def test_a_look_stores_what_is_new(pubmed, question):
    title = "Effect of &lt;i&gt;Lactobacillus&lt;/i&gt; on eczema."
    pubmed.papers = [
        Paper("41000001", YESTERDAY, ("eczema", "probiotics"), title),
        Paper("41000002", YESTERDAY, ("eczema",), types=REVIEW),
        Paper("41000003", YESTERDAY, ("eczema",), types=("Journal Article",)),
        Paper("41000004", YESTERDAY, ("psoriasis",)),
        Paper("41000005", date(2020, 1, 1), ("eczema",)),
    ]

    found, question = ask(question)

    assert (found, question.state, question.last_looked_at, question.last_count) == (3, "looked", NOW, 3)
    assert list(question.papers.order_by("pmid").values_list("pmid", "kind")) == [
        ("41000001", "trial"),
        ("41000002", "review"),
        ("41000003", "unsure"),
    ]
    paper = question.papers.get(pmid="41000001")
    assert (paper.title, paper.year) == ("Effect of Lactobacillus on eczema", 2026)
    assert (paper.journal, paper.found_at) == ("The Journal of investigative dermatology", NOW)
    assert paper.link == "https://pubmed.ncbi.nlm.nih.gov/41000001/"


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (TRIAL, "trial"),
        ((*TRIAL, "Clinical Trial Protocol"), "unsure"),
        ((*TRIAL, "Retracted Publication"), "unsure"),
        ((*TRIAL, "Systematic Review"), "review"),
        ((), "unsure"),
    ],
)
def test_the_kind_comes_from_the_publication_types(pubmed, question, types, kind):
    pubmed.papers = [Paper("41000001", YESTERDAY, types=types)]
    ask(question)
    assert NewPaper.objects.get().kind == kind


def test_pubmed_is_told_who_asks(pubmed, question, settings):
    settings.NCBI_API_KEY = "a-key"
    pubmed.papers = [Paper("41000001", YESTERDAY)]
    ask(question)

    assert [name for name, _query in pubmed.requests] == ["esearch", "esummary"]
    for _name, query in pubmed.requests:
        assert (query["tool"], query["email"], query["api_key"]) == ("gutskin", "desk@gutskin.example", "a-key")


@pytest.mark.parametrize(("key", "pause"), [("", 0.4), ("a-key", 0.11)])
def test_requests_keep_to_the_limit(settings, key, pause):
    settings.NCBI_API_KEY, settings.REGISTER_PAUSE = key, 0.4
    assert polite_client(0).pause == pause


def test_a_second_look_asks_for_nothing_twice(pubmed, question):
    pubmed.papers = [Paper("41000001", YESTERDAY)]
    ask(question)
    NewPaper.objects.update(decision="does-not-belong", note="Not about this.", decided_at=NOW)
    pubmed.papers.append(Paper("41000002", date(2026, 12, 5)))

    found, question = ask(question, NOW + timedelta(days=7))

    assert found == 1
    assert [query["id"] for query in pubmed.asked("esummary")] == ["41000001", "41000002"]
    assert pubmed.asked("esearch")[1]["mindate"] == "2026/11/01"
    assert NewPaper.objects.undecided().get().pmid == "41000002"


def test_what_another_question_knows_is_not_asked_again(pubmed, question):
    pubmed.papers = [Paper("41000001", YESTERDAY)]
    ask(question)
    other = EvidenceQuestion.objects.get(intervention="low-fodmap")
    EvidenceQuestion.objects.filter(pk=other.pk).update(is_asked=True)

    found, other = ask(other)

    assert (found, other.papers.get().title) == (1, "A trial of something")
    assert len(pubmed.asked("esummary")) == 1


@pytest.mark.slow
def test_ten_thousand_papers_come_in_pages(pubmed, question):
    pubmed.papers = [Paper(str(41000001 + number), YESTERDAY) for number in range(10_000)]

    found, question = ask(question)

    assert (found, question.last_count) == (10_000, 10_000)
    assert [query["retstart"] for query in pubmed.asked("esearch")] == ["0", "2000", "4000", "6000", "8000"]
    assert len(pubmed.asked("esummary")) == 50


def test_more_papers_than_pubmed_lists_are_a_failure_that_says_so(pubmed, question):
    pubmed.papers = [Paper(str(41000001 + number), YESTERDAY) for number in range(10_001)]

    found, question = ask(question)

    assert (found, question.state, question.last_looked_at) == (0, "failed", None)
    assert question.failure == "PubMed found 10001 papers, more than it can list. Make the question narrower."


RUBBISH = {
    "an error": status(500, b"Internal Server Error"),
    "too many requests": status(429, b'{"error":"API rate limit exceeded","api-key":"192.0.2.1","count":"4"}'),
    "not found": status(404, b"Not Found"),
    "moved to another host": status(302, b"", Location="https://elsewhere.example/"),
    "HTML": b"<!DOCTYPE html><html><title>Maintenance</title></html>",
    "broken JSON": b'{"header":{"type":"esearch"},"esearchresult":{"count":"1"',
    "nothing": b"",
    "cut off": cut_off,
    "dripping": dripping,
    "a list": b"[]",
    "null": b"null",
    "not UTF-8": b'{"esearchresult":{"count":"\xff\xfe"}}',
    "deep": b"[" * 100_000,
    "wrong types": b'{"esearchresult":{"count":1,"idlist":"41000001"},"result":{"uids":7}}',
    "numbers that are none": b'{"esearchresult":{"count":"1","idlist":["../../x"]},"result":{"uids":null}}',
    "a count without numbers": b'{"esearchresult":{"count":"5","idlist":[]},"result":[]}',
    "a refusal": b'{"esearchresult":{"ERROR":"Search Backend failed: unbalanced <b>brackets</b>"}}',
}


@pytest.mark.parametrize("program", ["esearch", "esummary"])
@pytest.mark.parametrize("answer", RUBBISH.values(), ids=RUBBISH)
def test_a_look_that_fails_moves_nothing_and_has_its_turn_after_the_others(pubmed, question, settings, program, answer):
    settings.REGISTER_TIMEOUT = 0.5
    pubmed.papers = [Paper("41000001", YESTERDAY)]
    pubmed.instead[program] = [answer]

    found, question = ask(question)

    assert (found, question.state, question.last_looked_at, question.failures) == (0, "failed", None, 1)
    assert question.failure.endswith((".", "brackets"))
    EvidenceQuestion.objects.update(is_asked=True)
    in_turn = EvidenceQuestion.objects.due_or_failed(NOW).in_order_of_need()
    assert in_turn.last() == question
    EvidenceQuestion.objects.exclude(pk=question.pk).update(tried_at=NOW + timedelta(minutes=1))
    assert in_turn.first() == question
    assert ask(question, NOW + timedelta(hours=1))[0] == 1


def test_a_slow_answer_is_not_waited_for(pubmed, question, settings):
    settings.REGISTER_TIMEOUT = 0.2
    pubmed.instead["esearch"] = [pubmed.slowly]

    assert ask(question)[1].failure == "PubMed is too slow. Try again later."


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_busy_and_broken_answers_are_tried_again_after_longer_and_longer(pubmed, question, monkeypatch, code):
    waits = []
    monkeypatch.setattr("education.references.client.time.sleep", waits.append)
    pubmed.papers = [Paper("41000001", YESTERDAY)]
    pubmed.instead["esearch"] = [status(code), status(code), status(code, b"", Retry_After="3")]

    found, question = ask(question, max_wait=60)

    assert (found, question.state, waits) == (1, "looked", [5, 10, 3])


def test_an_interrupted_look_goes_on_where_it_stopped(pubmed, question):
    pubmed.papers = [Paper(str(41000001 + number), YESTERDAY) for number in range(450)]
    pubmed.instead["esummary"] = [None, status(500)]

    found, question = ask(question)
    assert (found, question.state, question.last_looked_at) == (200, "failed", None)

    found, question = ask(question, NOW + timedelta(hours=1))
    assert (found, question.papers.count(), question.last_looked_at) == (250, 450, NOW + timedelta(hours=1))
    asked = [number for query in pubmed.asked("esummary") for number in query["id"].split(",")]
    assert len(asked) == 450 + 200, "only the portion that failed is asked for again"


def test_a_process_that_was_killed_holds_a_question_for_half_an_hour(pubmed, question):
    EvidenceQuestion.objects.update(claimed_at=NOW)

    assert ask(question, NOW + timedelta(minutes=10))[0] is None
    assert ask(question, NOW + timedelta(minutes=31))[0] == 0


def test_a_clock_that_was_ahead_loses_nothing(pubmed, question):
    ahead = NOW + timedelta(days=4000)
    assert ask(question, ahead)[1].last_looked_at == ahead
    pubmed.papers = [Paper("41000001", YESTERDAY)]

    assert list(EvidenceQuestion.objects.due(NOW)) == [question]
    found, question = ask(question, NOW)

    assert (found, question.last_looked_at) == (1, NOW)


def test_a_clock_that_goes_back_a_little_loses_nothing(pubmed, question):
    ask(question, NOW)
    back = NOW - timedelta(days=3)
    pubmed.papers = [Paper("41000001", (NOW - timedelta(days=2)).date())]
    found, question = ask(question, back)
    assert found == 1

    pubmed.papers.append(Paper("41000002", YESTERDAY))
    assert ask(question, NOW + timedelta(days=7))[0] == 1


def test_a_record_that_pubmed_adds_late_is_found(pubmed, question):
    ask(question, NOW)
    pubmed.papers = [Paper("41000001", YESTERDAY - timedelta(days=10))]
    assert ask(question, NOW + timedelta(days=7))[0] == 1


def test_a_question_that_is_changed_while_it_is_asked_is_asked_again(question, monkeypatch):
    def change(*arguments):
        EvidenceQuestion.objects.update(query="other words", due_at=NOW)
        return []

    monkeypatch.setattr(looking, "search", change)
    ask(question)

    question.refresh_from_db()
    assert (question.last_looked_at, question.claimed_at) == (None, None)
    assert question in EvidenceQuestion.objects.due(NOW)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_ask_each_question_once(pubmed, file_database):
    make_published_article()
    create_missing_questions(NOW)
    pubmed.papers = [Paper(str(41000001 + number), YESTERDAY) for number in range(30)]

    def watch(_number):
        questions = EvidenceQuestion.objects.due(NOW).in_order_of_need().select_related("condition", "intervention")
        with RegisterClient() as client:
            return look_at_each(list(questions), client, now=NOW)

    looks = together(2, watch)

    count = EvidenceQuestion.objects.count()
    assert sum(each.asked for each in looks) == len(pubmed.asked("esearch")) == count
    assert NewPaper.objects.count() == 30 * count


def test_the_command_says_what_it_did(pubmed, db):
    make_published_article()
    pubmed.papers = [Paper("41000001", timezone.localdate(), ("probiotics",))]

    output, code = run()
    assert code == 3
    count = Intervention.objects.count()
    assert output.splitlines() == [
        f"Questions added: {count}.",
        "Eczema and your gut: Probiotics: 1 new",
        f"Asked: {count}. New papers: 1. Failed: 0.",
        "New papers wait for a decision in admin: 1.",
    ]
    assert run() == ("Asked: 0. New papers: 0. Failed: 0.\n", 0)
    assert run("--all")[0] == f"Asked: {count}. New papers: 0. Failed: 0.\n"


def test_a_dry_run_asks_and_changes_nothing(pubmed, question):
    output, code = run("--dry-run")
    assert (code, pubmed.requests) == (0, [])
    assert output.endswith("Dry run: nothing was asked or changed. Due: 1.\n")


def test_the_command_gives_up_on_a_pubmed_that_is_down(settings, db):
    settings.PUBMED_URL = "http://127.0.0.1:9"
    make_published_article()

    output, code = run()
    assert code == 1
    assert "Asked: 3. New papers: 0. Failed: 3." in output
    assert output.endswith(f"Run it again. Not asked: {Intervention.objects.count() - 3}.")
    assert EvidenceQuestion.objects.filter(state="failed").count() == 3


def test_the_scheduler_asks_one_question_each_round(pubmed, db):
    make_published_article()
    create_missing_questions(NOW)

    assert look_at_next(now=NOW, most=1).asked == 1
    assert look_at_next(now=NOW, most=1).asked == 1
    assert EvidenceQuestion.objects.filter(state="looked").count() == 2


def test_a_round_of_the_scheduler_watches_if_it_is_wanted(pubmed, db, settings, monkeypatch):
    monkeypatch.setattr("education.leaflets.make_missing", lambda at_most: 0)
    make_published_article()
    pubmed.papers = [Paper("41000001", NOW.date())]
    with time_machine.travel(NOW, tick=False):
        call_command("run_scheduler", stdout=StringIO())
        assert pubmed.requests == []
        settings.EVIDENCE_WATCH = True
        call_command("run_scheduler", stdout=(out := StringIO()))
    assert "New papers found: 1." in out.getvalue()
    settings.PUBMED_URL = "http://127.0.0.1:9"
    call_command("run_scheduler", stdout=StringIO())
    assert EvidenceQuestion.objects.filter(state="failed").exists()


def test_a_condition_that_was_withdrawn_is_not_asked_about(pubmed, question):
    condition = question.condition
    condition.live = None
    condition.save(update_fields=["live"])
    assert not EvidenceQuestion.objects.due(NOW).exists()
