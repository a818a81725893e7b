"""New papers on the desk of the staff: who decides, alone and with others, and what follows from it."""

from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.urls import reverse

from education.actions import ActionRefused, approve_statement, attach_references, decide_new_papers
from education.actions.new_papers import NEW_STATEMENT
from education.evidence_watch.questions import create_missing_questions
from education.models import EvidenceQuestion, EvidenceStatement, NewPaper, Reference
from education.references.client import RegisterClient
from tests.education import pubmed_server
from tests.education.admin_cast import make_author, make_clinical_reviewer, make_staff
from tests.education.factories import make_published_article, make_reference, make_statement
from tests.education.pubmed_server import TRIAL, Paper

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
LIST = reverse("admin:education_newpaper_changelist")
WAITING = f"{LIST}?decided=waiting"
WHY = "The first trial in children."


@pytest.fixture
def pubmed(settings):
    with pubmed_server.running(settings) as pubmed:
        yield pubmed


@pytest.fixture
def statement(db):
    # Not asked one by one, as in a process that has just started.
    ContentType.objects.get_for_models(EvidenceStatement, NewPaper, Reference)
    eczema = make_published_article()
    statement = make_statement(eczema, certainty="", effect="no-trials", sentence="We found no trials.")
    create_missing_questions(NOW)
    return statement


@pytest.fixture
def paper(statement):
    return make_paper("41000001")


def make_paper(pmid, intervention="probiotics", **values):
    values = {"title": "A trial of probiotics", "journal": "Gut", "year": 2026, "kind": "trial"} | values
    question = EvidenceQuestion.objects.get(intervention=intervention)
    return NewPaper.objects.create(question=question, pmid=pmid, found_at=NOW, **values)


def decide_address(paper, *others):
    address = reverse("admin:education_newpaper_decide", args=[paper.pk])
    return f"{address}?also={','.join(str(one.pk) for one in others)}" if others else address


def post(client, address, **data):
    return client.post(address, {"statement": "", "text": ""} | data)


def test_the_desk_shows_what_waits(client, ana, paper):
    make_paper("41000002", decision="supports", decided_at=NOW)

    front = client.get("/admin/").content.decode()
    assert f'<a href="{WAITING}"><strong class="work__count">1</strong> new paper waits for a decision</a>' in front
    page = client.get(WAITING).content.decode()
    assert "A trial of probiotics" in page
    assert "Randomised trial" in page
    assert 'href="https://pubmed.ncbi.nlm.nih.gov/41000001/"' in page
    assert "41000002" not in page
    own = client.get(reverse("admin:education_newpaper_change", args=[paper.pk])).content.decode()
    assert "Decide…" in own
    assert 'name="_save"' not in own


def test_a_paper_that_changes_a_statement_opens_its_draft_with_the_paper(client, ana, paper, statement, pubmed):
    pubmed.papers = [Paper("41000001", NOW.date(), title="A trial of probiotics.", types=TRIAL)]

    response = post(client, decide_address(paper), decision="changes", statement=statement.pk, text=WHY)

    draft = EvidenceStatement.objects.get(replaces=statement)
    assert response.url == reverse("admin:education_evidencestatement_change", args=[draft.pk])
    paper.refresh_from_db()
    assert (paper.decision, paper.note, paper.decided_by, paper.statement) == ("changes", WHY, ana, draft)
    reference = Reference.objects.get(pmid="41000001")
    assert (paper.reference, reference.title) == (reference, "A trial of probiotics")
    assert reference.status == "confirmed"
    assert reference in draft.references.all()
    assert reference not in statement.references.all()
    assert statement.state == "published"
    assert draft.was_written_by(ana)
    assert list(paper_log(paper)) == [f"Decided: Changes a statement. {WHY}"]


def paper_log(paper):
    entries = LogEntry.objects.filter(object_id=str(paper.pk), content_type__model="newpaper")
    return entries.values_list("change_message", flat=True)


def test_a_paper_that_was_retracted_comes_as_retracted(client, ana, paper, statement, pubmed):
    pubmed.papers = [Paper("41000001", NOW.date(), types=("Journal Article", "Retracted Publication"))]
    post(client, decide_address(paper), decision="changes", statement=statement.pk, text=WHY)
    draft = EvidenceStatement.objects.get(replaces=statement)

    assert Reference.objects.get(pmid="41000001").status == "retracted"
    with pytest.raises(ActionRefused, match="retracted"):
        approve_statement(draft, by=make_clinical_reviewer())


def test_a_paper_that_we_have_is_not_looked_up(client, ana, paper, statement, pubmed):
    known = make_reference("known2026", pmid="41000001")
    post(client, decide_address(paper), decision="changes", statement=statement.pk, text=WHY)

    assert pubmed.requests == []
    assert known in EvidenceStatement.objects.get(replaces=statement).references.all()


def test_without_pubmed_the_decision_is_kept_and_the_record_comes_later(client, ana, paper, statement, settings):
    settings.PUBMED_URL = "http://127.0.0.1:9"
    response = client.post(
        decide_address(paper), {"decision": "changes", "statement": statement.pk, "text": WHY}, follow=True
    )
    draft = EvidenceStatement.objects.get(replaces=statement)
    assert "It is tried again within hours." in response.content.decode()
    with pytest.raises(ActionRefused, match="has not come from PubMed yet"):
        approve_statement(draft, by=make_clinical_reviewer())

    with pubmed_server.running(settings) as pubmed, RegisterClient() as client:
        pubmed.papers = [Paper("41000001", NOW.date())]
        assert attach_references(NewPaper.objects.without_reference(), client) == []
        assert attach_references(NewPaper.objects.without_reference(), client) == []
    assert draft.references.get(pmid="41000001")
    assert Reference.objects.filter(pmid="41000001").count() == 1


def test_a_source_that_was_rejected_is_not_attached(client, ana, paper, statement):
    make_reference("maes2025", pmid="41000001", status="rejected", status_reason="It does not exist.")
    response = client.post(
        decide_address(paper), {"decision": "changes", "statement": statement.pk, "text": WHY}, follow=True
    )
    assert "We have rejected this source, as maes2025: It does not exist." in response.content.decode()
    assert "It is tried again" not in response.content.decode()
    draft = EvidenceStatement.objects.get(replaces=statement)
    assert not draft.references.filter(key="maes2025").exists()
    assert not draft.new_papers.without_reference().exists()


def test_a_new_statement_cannot_be_approved_before_it_is_written(client, ana, statement, pubmed):
    paper = make_paper("41000001", "low-fodmap")
    pubmed.papers = [Paper("41000001", NOW.date())]
    post(client, decide_address(paper), decision="changes", statement=NEW_STATEMENT, text=WHY)

    draft = EvidenceStatement.objects.get(intervention="low-fodmap")
    assert (draft.state, draft.condition, draft.slug) == (
        "draft",
        statement.condition,
        "low-fodmap-atopic-dermatitis-1",
    )
    assert draft.references.get().pmid == "41000001"
    assert client.get(reverse("admin:education_evidencestatement_changelist")).status_code == 200
    with pytest.raises(ActionRefused, match="very uncertain"):
        approve_statement(draft, by=make_clinical_reviewer())


def test_several_papers_are_decided_together(client, ana, paper, statement):
    others = [make_paper("41000002"), make_paper("41000003", "low-fodmap")]
    chosen = {"action": "decide_together", "_selected_action": [one.pk for one in (paper, *others)]}
    address = client.post(LIST, chosen).url
    assert unquote(address) == decide_address(paper, *others)
    assert "Decide about 3 papers" in client.get(address).content.decode()

    response = post(client, address, decision="does-not-belong", text="About dogs.")

    assert response.url == WAITING
    assert list(NewPaper.objects.order_by().values_list("decision", "note").distinct()) == [
        ("does-not-belong", "About dogs.")
    ]
    assert NewPaper.objects.filter(decided_by=ana, decided_at__isnull=False).count() == 3
    assert EvidenceStatement.objects.get() == statement


def test_several_papers_of_one_cell_go_to_one_draft(paper, statement, pubmed):
    other = make_paper("41000002")
    pubmed.papers = [Paper("41000001", NOW.date(), title="One."), Paper("41000002", NOW.date(), title="Two.")]
    draft = decide_new_papers([paper, other], decision="changes", by=make_author(), note=WHY, statement=statement)
    with RegisterClient() as client:
        assert attach_references(draft.new_papers.without_reference(), client) == []
    assert len(pubmed.asked("efetch")) == 1
    assert set(draft.references.values_list("pmid", flat=True)) >= {"41000001", "41000002"}


def test_a_second_decision_is_refused(client, ana, paper, statement):
    other = make_paper("41000002")
    post(client, decide_address(paper), decision="supports", text="As we say.")
    again = post(client, decide_address(paper), decision="does-not-belong", text="No.")
    together = post(client, decide_address(other, paper), decision="does-not-belong", text="No.")

    for response in (again, together):
        assert "Somebody has decided about this since you opened the page." in response.content.decode()
    assert sorted(NewPaper.objects.values_list("decision", flat=True)) == ["", "supports"]
    assert client.post(LIST, {"action": "decide_together", "_selected_action": [paper.pk]}, follow=True).context[
        "messages"
    ]


def test_a_second_click_leads_to_the_draft_of_the_first(client, ana, statement, pubmed):
    paper = make_paper("41000001", "low-fodmap")
    pubmed.papers = [Paper("41000001", NOW.date())]
    form = {"decision": "changes", "statement": NEW_STATEMENT, "text": WHY}
    first, second = (client.post(decide_address(paper), form) for _time in range(2))

    draft = EvidenceStatement.objects.get(intervention="low-fodmap")
    assert first.url == second.url == reverse("admin:education_evidencestatement_change", args=[draft.pk])
    assert "1 paper is decided. Here is the draft of the statement." in client.get(second.url).content.decode()
    assert len(paper_log(paper)) == 1
    # Somebody else who decides the same is told.
    client.force_login(make_author("ben"))
    assert "Somebody has decided about this" in client.post(decide_address(paper), form).content.decode()


def test_the_draft_says_for_which_paper_it_was_opened_and_why(client, ana, paper, statement, pubmed):
    pubmed.papers = [Paper("41000001", NOW.date())]
    draft_page = post(client, decide_address(paper), decision="changes", statement=statement.pk, text=WHY).url
    own = reverse("admin:education_newpaper_change", args=[paper.pk])

    assert f'<li><a href="{own}">A trial of probiotics</a>: {WHY}</li>' in client.get(draft_page).content.decode()
    revise = client.get(reverse("admin:education_evidencestatement_revise", args=[statement.pk]), follow=True)
    assert revise.redirect_chain[0][0] == draft_page
    assert "There is a draft of this statement already. Here it is." in revise.content.decode()


def test_the_page_of_a_paper_shows_its_publication_types_as_words(client, ana, statement):
    paper = make_paper("41000001", publication_types=["Journal Article", "Randomized Controlled Trial"])
    html = client.get(reverse("admin:education_newpaper_change", args=[paper.pk])).content.decode()
    assert "Journal Article, Randomized Controlled Trial" in html


def test_the_page_of_a_decision_that_was_made_leads_to_it(client, ana, paper):
    post(client, decide_address(paper), decision="supports", text="As we say.")
    response = client.get(decide_address(paper), follow=True)

    assert response.redirect_chain[0][0] == reverse("admin:education_newpaper_change", args=[paper.pk])
    assert "This was decided already." in response.content.decode()
    assert "As we say." in response.content.decode()


@pytest.mark.parametrize(
    ("decision", "attach_to", "text", "reason"),
    [
        ("", "", WHY, "What this means: Choose what the papers mean.</a>"),
        ("changes", "", WHY, "Choose the statement that changes"),
        ("changes", NEW_STATEMENT, "", "Say why."),
        ("does-not-belong", "", "", "Say why."),
        ("does-not-belong", "own", WHY, "cannot be attached to a statement"),
        ("supports", NEW_STATEMENT, WHY, "can only be written for a paper that changes something"),
        ("changes", "other", WHY, "Select a valid choice"),
        ("changes", "7" * 30, WHY, "Select a valid choice"),
        ("nonsense", "", WHY, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_asked_for(client, ana, paper, statement, decision, attach_to, text, reason):
    other = make_statement(statement.condition, slug="another", intervention="low-fodmap")
    attach_to = {"own": statement.pk, "other": other.pk}.get(attach_to, attach_to)

    page = post(client, decide_address(paper), decision=decision, statement=attach_to, text=text).content.decode()

    assert reason in page
    assert not NewPaper.objects.exclude(decision="").exists()
    assert EvidenceStatement.objects.count() == 2


def test_supporting_papers_may_be_attached_to_nothing(client, ana, paper, statement):
    post(client, decide_address(paper), decision="supports")
    paper.refresh_from_db()
    assert (paper.decision, paper.statement) == ("supports", None)
    assert EvidenceStatement.objects.get() == statement


def test_papers_of_two_cells_cannot_change_one_statement(statement, paper):
    other, ana = make_paper("41000002", "low-fodmap"), make_author()
    with pytest.raises(ActionRefused, match="different cells"):
        decide_new_papers([paper, other], decision="changes", by=ana, note=WHY, statement=statement)
    with pytest.raises(ActionRefused, match="about something else"):
        decide_new_papers([other], decision="changes", by=ana, note=WHY, statement=statement)
    assert NewPaper.objects.undecided().count() == 2


@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Clinician", "Privacy lead", ""])
def test_only_authors_and_reviewers_decide(client, paper, role):
    client.force_login(make_clinical_reviewer() if role == "Clinical reviewer" else make_staff("somebody", role))
    response = post(client, decide_address(paper), decision="supports")
    paper.refresh_from_db()
    may = role in {"Author", "Clinical reviewer"}
    assert (response.status_code, paper.is_decided) == ((302, True) if may else (403, False))
    assert client.get(LIST).status_code == (200 if may else 403)


def test_a_reviewer_who_opened_the_draft_cannot_approve_it(client, ruth, paper, statement, pubmed):
    pubmed.papers = [Paper("41000001", NOW.date())]
    post(client, decide_address(paper), decision="changes", statement=statement.pk, text=WHY)
    with pytest.raises(ActionRefused, match="Someone else has to approve it"):
        approve_statement(EvidenceStatement.objects.get(replaces=statement), by=ruth)


def test_the_database_keeps_decisions_whole(paper):
    for values in ({"decision": "supports"}, {"decision": "does-not-belong", "decided_at": NOW}, {"decided_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            NewPaper.objects.filter(pk=paper.pk).update(**values)


def test_a_question_is_edited_in_admin_and_asked_again(client, ana, statement):
    EvidenceQuestion.objects.update(state="looked", last_looked_at=NOW, last_count=3)
    question = EvidenceQuestion.objects.get(intervention="probiotics")
    address = reverse("admin:education_evidencequestion_change", args=[question.pk])
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() for name in ("since", "is_asked")} | {"version": form["version"].value()}

    assert client.post(address, data | {"query": "eczema AND yoghurt"}).status_code == 302
    question.refresh_from_db()
    assert (question.query, question.last_looked_at, question.state) == ("eczema AND yoghurt", None, "never")
    page = client.get(reverse("admin:education_evidencequestion_changelist")).content.decode()
    assert "Eczema and your gut: Probiotics" in page
    assert client.get(reverse("admin:education_evidencequestion_add")).status_code == 403


def test_a_failed_look_says_so_in_admin_and_readyz_does_not(client, ana, statement):
    EvidenceQuestion.objects.update(state="failed", failure="PubMed is too slow. Try again later.", failures=1)
    page = client.get(reverse("admin:education_evidencequestion_changelist")).content.decode()
    assert "PubMed is too slow. Try again later." in page
    assert "pubmed" not in client.get("/readyz").content.decode().lower()
