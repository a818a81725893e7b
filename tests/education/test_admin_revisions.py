import pytest
from django.urls import reverse

from education.actions import save_working_copy, submit_for_review
from education.models import Article, Review, RevisionState
from tests.education.admin_cast import change_url, make_author, make_staff
from tests.education.factories import make_article, make_published_article

pytestmark = pytest.mark.django_db


def step(revision, name):
    return reverse(f"admin:education_revision_{name}", args=[revision.pk])


def resubmit(article, **changes):
    Article.objects.filter(pk=article.pk).update(**changes)
    return submit_for_review(article, by=make_author(), note="I changed the title.")


def test_the_reviewer_sees_changes_reading_grade_and_note(client, ruth):
    revision = resubmit(make_published_article(), title="Eczema and the gut")
    page = client.get(change_url(revision)).content.decode()
    assert '<del><span class="visually-hidden">removed: </span>your </del>' in page
    assert '<ins><span class="visually-hidden">added: </span>the </ins>' in page
    assert "I changed the title." in page
    assert f"<dd>{revision.word_count}</dd>" in page
    assert f"<dd>{revision.reading_grade}</dd>" in page
    assert step(revision, "approve") in page


def test_approving_publishes_and_names_the_reviewer(client, ruth):
    article = make_article()
    revision = submit_for_review(article, by=make_author())
    response = client.post(step(revision, "approve"), {"text": "Well put."}, follow=True)
    assert "Readers see this revision now." in response.content.decode()
    page = client.get(article.get_absolute_url()).content.decode()
    assert "Ruth Okafor" in page
    assert Review.objects.get().reason == "Well put."


def test_opening_the_approval_page_approves_nothing(client, ruth):
    revision = submit_for_review(make_article(), by=make_author())
    assert client.get(step(revision, "approve")).status_code == 200
    revision.refresh_from_db()
    assert revision.state == RevisionState.IN_REVIEW


def test_requesting_changes_shows_the_author_the_reason(client, ruth):
    ana = make_author()
    revision = submit_for_review(make_article(), by=ana)
    assert "This field is required" in client.post(step(revision, "request"), {"text": ""}).content.decode()
    client.post(step(revision, "request"), {"text": "Name the <doses>."})
    client.force_login(ana)
    page = client.get(change_url(revision)).content.decode()
    assert "Name the &lt;doses&gt;." in page
    assert "Ruth Okafor" in page


def test_a_user_in_both_groups_cannot_approve_their_own_revision(client, ruth):
    revision = submit_for_review(make_article(), by=ruth)
    page = client.get(change_url(revision)).content.decode()
    assert step(revision, "approve") not in page
    assert "You wrote this revision, or a part of it. Someone else has to review it." in page
    page = client.post(step(revision, "approve"), {"text": ""}).content.decode()
    assert "You wrote this revision, or a part of it." in page
    revision.refresh_from_db()
    assert revision.state == RevisionState.IN_REVIEW


def test_a_reviewer_without_a_clinician_is_told_what_to_do(client):
    client.force_login(make_staff("nora", "Clinical reviewer"))
    revision = submit_for_review(make_article(), by=make_author())
    assert "Ask an administrator to link it." in client.post(step(revision, "approve"), {"text": "ok"}).content.decode()


def test_restoring_a_revision(client):
    article = make_published_article()
    Article.objects.filter(pk=article.pk).update(title="A worse title")
    client.force_login(make_author())
    response = client.post(step(article.live, "restore"), follow=True)
    assert "The working copy now holds the text of this revision." in response.content.decode()
    article.refresh_from_db()
    assert (article.title, article.version) == ("Eczema and your gut", 2)


def test_restoring_does_not_replace_a_working_copy_that_no_one_has_seen(client):
    article = make_published_article()
    client.force_login(make_author())
    page = client.get(step(article.live, "restore"))
    save_working_copy(Article.objects.get(), by=make_author("bea"), seen_version=1)
    response = client.post(step(article.live, "restore"), {"seen": page.context["seen"]})
    assert "Someone else saved this article after you opened this page." in response.content.decode()
    assert Article.objects.get().version == 2
    # The page comes back for the version that is stored now.
    assert client.post(step(article.live, "restore"), {"seen": response.context["seen"]}).status_code == 302


def test_no_one_can_edit_a_revision(client, admin_client):
    revision = submit_for_review(make_article(), by=make_author())
    assert admin_client.post(change_url(revision), {"title": "Changed"}).status_code == 403
    assert admin_client.post(reverse("admin:education_revision_delete", args=[revision.pk])).status_code == 403
    assert admin_client.get(reverse("admin:education_revision_add")).status_code == 403


def test_a_revision_can_be_previewed_before_it_is_live(client, ruth):
    revision = submit_for_review(make_article(), by=make_author())
    response = client.get(step(revision, "preview"))
    assert response.context["preview"] is True
    assert "Eczema and your gut" in response.content.decode()


def test_the_front_page_lists_revisions_waiting_for_review(client, ruth):
    revision = submit_for_review(make_article(), by=make_author())
    assert change_url(revision) in client.get(reverse("admin:index")).content.decode()
