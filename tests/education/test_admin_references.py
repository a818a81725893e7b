"""References in admin: edited, checked, corrected from a register, merged. Authors may do so; reviewers only read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from education.actions import record_check
from education.models import Reference
from education.references.registers import RegisterAnswer
from tests.admin_forms import save_form
from tests.education.admin_cast import change_url, form_values, make_clinical_reviewer
from tests.education.factories import make_article, make_reference
from tests.education.register_server import DOI

pytestmark = pytest.mark.django_db

REGISTER = reverse("admin:education_reference_lookup_register")
FILE = reverse("admin:education_reference_lookup_file")
LIST = reverse("admin:education_reference_changelist")
RIS = "TY  - JOUR\nTI  - The gut and the skin\nAU  - Deng, Yan\nPY  - 2018\nDO  - 10.1234/deng\nER  - \n"


def shown(response):
    return response.content.decode()


# Editing


def reference_post(reference, **changes):
    return {
        "key": reference.key,
        "type": reference.type,
        "status": reference.status,
        "status_reason": reference.status_reason,
        "authors": "\r\n".join(reference.authors),
        "title": reference.title,
        "container_title": reference.container_title,
        "year": reference.year,
        "doi": reference.doi,
        "unconfirmed_fields": "",
    } | changes


def test_authors_of_a_paper_are_typed_one_on_each_line(client, ana):
    reference = make_reference()
    assert "Zhao Y\nYu C" in client.get(change_url(reference)).content.decode()
    save_form(client, change_url(reference), reference_post(reference, authors="Zhao Y\r\n\r\n Łoś-Müller B \r\n"))
    reference.refresh_from_db()
    assert reference.authors == ["Zhao Y", "Łoś-Müller B"]
    assert reference.checked_at is None, "the status was not touched"


def test_a_change_of_status_needs_a_reason_and_records_who_made_it(client, ana):
    reference = make_reference()
    response = save_form(client, change_url(reference), reference_post(reference, status="retracted"))
    assert "Say why the source is retracted or rejected." in response.content.decode()
    save_form(client, change_url(reference), reference_post(reference, status="retracted", status_reason="Made up."))
    reference.refresh_from_db()
    assert (reference.status, reference.checked_by) == ("retracted", "ana")
    assert reference.checked_at is not None


def test_staff_see_a_rejected_reference_with_its_reason(client, ana):
    make_reference("wrong2020", status="rejected", status_reason="No such paper.")
    page = client.get(reverse("admin:education_reference_changelist")).content.decode()
    assert "wrong2020" in page
    assert "No such paper." in page


def test_a_key_stays_the_same_because_texts_cite_it(client, ana):
    reference = make_reference()
    save_form(client, change_url(reference), reference_post(reference, key="other", title="New title"))
    reference.refresh_from_db()
    assert (reference.key, reference.title) == ("zhao2025", "New title")


def test_an_author_cannot_delete_a_reference(client, ana):
    reference = make_reference()
    response = client.post(reverse("admin:education_reference_delete", args=[reference.pk]), {"post": "yes"})
    assert response.status_code == 403
    assert Reference.objects.exists()


def test_a_finding_that_promises_too_much_is_not_saved(client, ana):
    reference = make_reference()
    client.post(change_url(reference), reference_post(reference, finding="It is proven."))
    reference.refresh_from_db()
    assert reference.finding == ""


# Checks against the registers


def test_asking_the_registers_from_the_page_of_a_reference(client, ana, registers):
    reference = make_reference(doi=DOI, title="The gut-skin axis: Emerging insights", volume="5")
    assert "No register has been asked yet." in shown(client.get(change_url(reference)))
    response = client.post(reverse("admin:education_reference_check", args=[reference.pk]), follow=True)
    page = shown(response)
    assert "Differs from the record" in page
    assert "Use volume from Crossref" in page
    check = reference.checks.get()
    use_value = reverse("admin:education_reference_takeover", args=[reference.pk])
    client.post(use_value, {"check": check.pk, "field": "volume"})
    reference.refresh_from_db()
    assert reference.volume == "56"


@pytest.mark.parametrize("check", ["", "x", "0", "²", "9" * 25])
def test_an_unknown_check_is_refused(client, ana, check):
    reference = make_reference()
    url = reverse("admin:education_reference_takeover", args=[reference.pk])
    page = shown(client.post(url, {"check": check, "field": "volume"}, follow=True))
    assert "This has changed since you opened the page." in page
    assert client.get(url).status_code == 302


def test_a_check_of_another_reference_is_refused(client, ana):
    ours, other = make_reference("ours"), make_reference("other")
    entry = {"field": "volume", "ours": "", "theirs": "7", "contradicts": False}
    record_check(other, [RegisterAnswer("crossref", "agrees", [entry])])
    client.post(
        reverse("admin:education_reference_takeover", args=[ours.pk]),
        {"check": other.checks.get().pk, "field": "volume"},
    )
    assert not Reference.objects.exclude(volume="").exists()


def test_problems_are_on_the_page_and_in_the_filter(client, ana):
    odd = make_reference("maes2025", doi="10.3389/fmicb.2025.112034", container_title="Frontiers in Microbiology")
    make_reference("sound")
    assert "this one, 112034, has 6." in shown(client.get(change_url(odd)))

    def keys(**query):
        return [row.key for row in client.get(LIST, query).context["cl"].result_list]

    assert keys(problem="frontiers-number") == keys(problem="any") == ["maes2025"]
    assert keys(problem="doi-syntax") == []
    record_check(odd, [RegisterAnswer("crossref", "differs")])
    record_check(odd, [RegisterAnswer("crossref", "not-found"), RegisterAnswer("pubmed", "agrees")])
    assert keys(registers="not-found") == keys(registers="agrees") == ["maes2025"]
    assert keys(registers="differs") == [], "only what was said last counts"
    assert keys(registers="never") == ["sound"]
    Reference.objects.filter(key="maes2025").update(merged_into=Reference.objects.get(key="sound"))
    assert keys(duplicates="only") == ["maes2025"]
    assert keys(duplicates="without") == ["sound"]
    assert "Duplicate of sound" in shown(client.get(LIST))


def test_a_reviewer_sees_the_answers_and_changes_nothing(client):
    reference = make_reference(doi="10.3389/fmicb.2025.112034")
    entry = {"field": "volume", "ours": "", "theirs": "56", "contradicts": False}
    record_check(reference, [RegisterAnswer("crossref", "retracted", [entry], notice="10.3892/ijmm.2026.1")])
    client.force_login(make_clinical_reviewer())
    page = shown(client.get(change_url(reference)))
    assert "10.3892/ijmm.2026.1" in page
    assert "this one, 112034, has 6." in page
    for button in ("Use this value", "Ask the registers", "Merge into"):
        assert button not in page
    assert "Import a file" not in shown(client.get(LIST))
    for page in ("check", "takeover", "merge"):
        url = reverse(f"admin:education_reference_{page}", args=[reference.pk])
        assert client.post(url).status_code == client.get(url).status_code == 403
    assert client.post(REGISTER, {"number": DOI}).status_code == 403


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"doi": "10.3389"}, "This is not a DOI."),
        ({"pmid": "PMC1"}, "This is not a PMID."),
        ({"pmcid": "x"}, "This is not a PMCID."),
        ({"doi": "https://doi.org/10.1234/OTHER"}, "other already has this number."),
        ({"pmid": "41000001"}, "other already has this number."),
    ],
)
def test_numbers_are_validated_when_a_reference_is_saved(client, ana, changes, sentence):
    make_reference("other", doi="10.1234/other", pmid="41000001")
    reference = make_reference("ours", doi="10.1234/ours")
    values = form_values(client.get(change_url(reference)))
    assert sentence in shown(client.post(change_url(reference), values | changes))
    reference.refresh_from_db()
    assert (reference.doi, reference.pmid) == ("10.1234/ours", "")


# Merging


def test_two_references_are_merged_from_the_list(client, ana):
    article = make_article()
    kept, duplicate = make_reference("a-kept"), Reference.objects.get(key="zhao2025")
    action = {"action": "merge_two", "_selected_action": [kept.pk, duplicate.pk]}
    response = client.post(LIST, action, follow=True)
    page = shown(response)
    assert "zhao2025" in page
    assert "a-kept" in page
    assert "0 published articles cite it." in page
    url = reverse("admin:education_reference_merge", args=[duplicate.pk])
    assert '<input type="hidden" name="seen" value="a-kept">' in shown(client.get(f"{url}?into=a-kept"))
    response = client.post(url, {"into": "a-kept", "seen": "a-kept", "merge": "1"})
    assert response.url == change_url(kept)
    duplicate.refresh_from_db()
    article.refresh_from_db()
    assert duplicate.merged_into == kept
    assert 'data-ref="a-kept"' in article.body


def test_a_merge_into_a_reference_that_was_not_shown_is_refused(client, ana):
    make_article()
    make_reference("a-kept")
    make_reference("another")
    duplicate = Reference.objects.get(key="zhao2025")
    url = reverse("admin:education_reference_merge", args=[duplicate.pk])
    page = shown(client.post(url, {"into": "another", "seen": "a-kept", "merge": "1"}))
    assert "Both are shown now. Nothing has been merged yet" in page
    assert '<input type="hidden" name="seen" value="another">' in page
    duplicate.refresh_from_db()
    assert duplicate.merged_into is None


@pytest.mark.parametrize(
    ("into", "sentence"),
    [
        ("", "errorlist"),
        ("nobody", "There is no reference with this key."),
        ("zhao2025", "A reference cannot be merged into itself."),
        ("merged", "merged is already a duplicate, of petersen2019."),
        ("retracted", "both need the same status"),
    ],
)
def test_an_impossible_merge_is_refused_with_the_reason(client, ana, into, sentence):
    make_article()
    make_reference("merged", merged_into=Reference.objects.get(key="petersen2019"))
    make_reference("retracted", status="retracted", status_reason="Made up.")
    duplicate = Reference.objects.get(key="zhao2025")
    url = reverse("admin:education_reference_merge", args=[duplicate.pk])
    assert sentence in shown(client.post(url, {"into": into, "merge": "1"}))
    duplicate.refresh_from_db()
    assert duplicate.merged_into is None


@pytest.mark.parametrize("count", [1, 3])
def test_merging_needs_exactly_two(client, ana, count):
    chosen = [make_reference(f"paper{number}").pk for number in range(count)]
    page = client.post(LIST, {"action": "merge_two", "_selected_action": chosen}, follow=True)
    assert "Choose exactly two references to merge." in shown(page)


# Numbers of queries


def queries_of(client, url, data=None):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = client.post(url, data) if data else client.get(url)
    assert response.status_code == 200
    return len(queries)


def test_problems_are_searched_again_only_after_a_change(client, ana):
    make_reference("one")

    def keys(problem):
        return [row.key for row in client.get(LIST, {"problem": problem}).context["cl"].result_list]

    assert keys("any") == []
    with CaptureQueriesContext(connection) as queries:
        assert keys("any") == []
    assert not any("unconfirmed_fields" in query["sql"] for query in queries)

    Reference.objects.filter(key="one").update(pmid="none")
    assert keys("pmid-syntax") == keys("any") == ["one"]


def test_a_dozen_rows_cost_as_many_queries_as_three(client, ana):
    def fill(start, stop):
        for number in range(start, stop):
            reference = make_reference(f"paper{number}", pmid=str(1000 + number))
            record_check(reference, [RegisterAnswer("crossref", "differs"), RegisterAnswer("pubmed", "agrees")])
            make_reference(f"copy{number}", merged_into=reference)

    def costs():
        first = Reference.objects.get(key="paper0")
        text = "\n".join(RIS.replace("deng", f"d{n}").replace("gut", f"g{n}") for n in range(Reference.objects.count()))
        merge = reverse("admin:education_reference_merge", args=[first.pk])
        return {
            "list": queries_of(client, LIST),
            "filtered list": queries_of(client, f"{LIST}?problem=any&registers=differs&duplicates=without"),
            "change": queries_of(client, change_url(first)),
            "merge": queries_of(client, f"{merge}?into=paper1"),
            "import": queries_of(client, FILE, {"text": text}),
            "register": queries_of(client, REGISTER),
        }

    fill(0, 3)
    three = costs()
    fill(3, 12)
    assert costs() == three
    assert three == {"list": 7, "filtered list": 6, "change": 9, "merge": 8, "import": 7, "register": 4}
