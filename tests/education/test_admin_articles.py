import re
from html import unescape

import pytest
from django.contrib import admin
from django.urls import reverse
from zeal import zeal_ignore

from education.actions import WorkingCopyChanged, approve, request_changes, submit_for_review, withdraw
from education.models import Article, Revision
from tests.education.admin_cast import article_post, change_url, make_author, make_clinical_reviewer
from tests.education.factories import make_article, make_published_article, make_reference

pytestmark = pytest.mark.django_db

CARD = {"level": "urgent", "heading": "Ask today if:", "items": "fever", "advice": ""}


def errors(response):
    return response.context["adminform"].form.errors


def test_saving_changes_the_working_copy_and_not_the_page(client, ana):
    article = make_published_article()
    response = client.post(change_url(article), article_post(article, title="Eczema, newly told"))
    assert response.status_code == 302
    article.refresh_from_db()
    assert (article.title, article.version, article.updated_by) == ("Eczema, newly told", 2, ana)
    page = client.get(article.get_absolute_url()).content.decode()
    assert "Eczema and your gut" in page
    assert "newly told" not in page


def test_a_new_article_can_be_added(client, ana):
    article = make_article()
    data = article_post(article, [CARD], slug="rosacea", title="Rosacea", version="")
    data["care_cards-0-article"] = ""
    assert client.post(reverse("admin:education_article_add"), data).status_code == 302
    added = Article.objects.get(slug="rosacea")
    assert (added.updated_by, added.version, added.care_cards.count()) == (ana, 1, 1)


def test_what_is_posted_is_cleaned(client, ana):
    article = make_article()
    hostile = article.body + '<p style="color:red" onclick="x()">Hi<script>alert(1)</script><img src=x></p>'
    client.post(change_url(article), article_post(article, body=hostile))
    article.refresh_from_db()
    assert article.body.endswith("<p>Hi</p>")


def test_raised_and_lowered_digits_keep_their_meaning(client, ana):
    article = make_article()
    typed = "<p>10<sup>9</sup> CFU, 10<sup>9 or so</sup>, the 5<sup>th</sup>, vitamin D<sub>3</sub>, m<SUP>2</SUP></p>"
    client.post(change_url(article), article_post(article, body=typed))
    article.refresh_from_db()
    assert article.body == "<p>10⁹ CFU, 10^9 or so, the 5th, vitamin D₃, m²</p>"


def test_an_empty_text_is_saved_and_cannot_be_submitted(client, ana):
    article = make_article()
    assert client.post(change_url(article), article_post(article, body="")).status_code == 302
    response = client.get(reverse("admin:education_article_submit", args=[article.pk]))
    assert "The text cites no reference." in response.content.decode()


def test_the_second_person_to_save_is_told_who_saved_first_and_loses_nothing_typed(client, ana):
    article = make_article()
    opened = article_post(article, title="Mine <now>", summary="My summary.")
    ben = make_author("ben")
    client.force_login(ben)
    client.post(change_url(article), article_post(article, title="Ben's title"))
    client.force_login(ana)

    response = client.post(change_url(article), opened)

    page = unescape(response.content.decode())
    assert response.status_code == 200
    assert "ben saved this on" in page
    assert "Mine <now>" in page
    assert "My summary." in page
    assert f'href="{change_url(article)}" target="_blank"' in page
    article.refresh_from_db()
    assert (article.title, article.version) == ("Ben's title", 2)

    assert client.post(change_url(article), opened).status_code == 200, "pressing save again is not a decision"
    response = client.post(change_url(article), opened | {"replaces_version": "2"})
    assert response.status_code == 302
    article.refresh_from_db()
    assert (article.title, article.version, article.updated_by) == ("Mine <now>", 3, ana)


def test_replacing_an_older_version_than_the_stored_one_is_refused(client, ana):
    article = make_article()
    Article.objects.filter(pk=article.pk).update(version=5)
    response = client.post(change_url(article), article_post(article, replaces_version="4"))
    assert response.status_code == 200
    assert 'name="replaces_version" value="5"' in response.content.decode()


@pytest.mark.parametrize("version", ["", "no number", "-1", "99999999999999999999"])
def test_a_garbled_version_saves_nothing(client, ana, version):
    article = make_article()
    response = client.post(change_url(article), article_post(article, title="Changed", version=version))
    assert response.status_code == 200
    article.refresh_from_db()
    assert article.title == "Eczema and your gut"


def test_a_save_between_validation_and_update_is_noticed(client, ana, monkeypatch):
    """The other person saves after our form was validated and before it is stored."""
    article = make_article()
    look = admin.ModelAdmin.changeform_view
    overtaken = []

    def changeform_view(self, *args, **kwargs):
        try:
            return look(self, *args, **kwargs)
        except WorkingCopyChanged:
            # Their transaction has been committed; ours has been rolled back.
            overtaken.append(Article.objects.filter(pk=article.pk).update(version=2, title="Theirs"))
            raise

    def too_late(obj, **kwargs):
        raise WorkingCopyChanged("Somebody was faster.")

    monkeypatch.setattr(admin.ModelAdmin, "changeform_view", changeform_view)
    monkeypatch.setattr("education.admin.articles.save_working_copy", too_late)
    with zeal_ignore():  # the form is validated twice, on purpose
        response = client.post(change_url(article), article_post(article, title="Mine"))

    page = response.content.decode()
    article.refresh_from_db()
    assert overtaken == [1]
    assert "after you opened it" in page
    assert 'value="Mine"' in page
    assert article.title == "Theirs"


def test_care_cards_are_saved_with_the_article(client, ana):
    article = make_article()
    client.post(change_url(article), article_post(article, [CARD]))
    card = article.care_cards.get()
    client.post(change_url(article), article_post(article, [CARD | {"id": card.pk, "items": "rash"}], version=2))
    card.refresh_from_db()
    assert (article.care_cards.count(), card.items) == (1, "rash")
    client.post(change_url(article), article_post(article, [CARD | {"id": card.pk, "DELETE": "on"}], version=3))
    assert not article.care_cards.exists()


def test_two_care_cards_of_one_level_are_refused(client, ana):
    article = make_article()
    response = client.post(change_url(article), article_post(article, [CARD, CARD]))
    assert response.status_code == 200
    assert not article.care_cards.exists()


def test_care_cards_can_swap_levels(client, ana):
    article = make_article()
    first = article.care_cards.create(level="urgent", heading="A", items="a")
    second = article.care_cards.create(level="emergency", heading="B", items="b")
    swapped = [
        {"id": first.pk, "level": "emergency", "heading": "A", "items": "a", "advice": ""},
        {"id": second.pk, "level": "urgent", "heading": "B", "items": "b", "advice": ""},
    ]
    assert client.post(change_url(article), article_post(article, swapped)).status_code == 302
    assert dict(article.care_cards.values_list("level", "heading")) == {"emergency": "A", "urgent": "B"}


def test_a_care_card_can_be_deleted_and_replaced_in_one_save(client, ana):
    article = make_article()
    card = article.care_cards.create(level="urgent", heading="Old", items="a")
    rows = [CARD | {"id": card.pk, "heading": "Old", "DELETE": "on"}, CARD | {"heading": "New"}]
    assert client.post(change_url(article), article_post(article, rows)).status_code == 302
    assert article.care_cards.get().heading == "New"


def test_saving_over_a_version_whose_care_cards_were_deleted(client, ana):
    article = make_article()
    card = article.care_cards.create(level="urgent", heading="Old", items="a")
    mine = article_post(article, [CARD | {"id": card.pk, "heading": "Mine"}], replaces_version=2)
    card.delete()
    article.care_cards.create(level="urgent", heading="Theirs", items="b")
    Article.objects.filter(pk=article.pk).update(version=2)
    assert client.post(change_url(article), mine).status_code == 302
    assert article.care_cards.get().heading == "Mine"


def test_the_address_is_read_only_once_published(client, ana):
    article = make_published_article()
    client.post(change_url(article), article_post(article, slug="moved", kind="therapy", language="es"))
    article.refresh_from_db()
    assert (article.slug, article.kind, article.language) == ("atopic-dermatitis", "condition", "en")

    withdraw(article, by=ana, reason="Outdated.")
    client.post(change_url(article), article_post(article, slug="moved", version=2))
    article.refresh_from_db()
    assert article.slug == "atopic-dermatitis"


def test_the_address_of_a_draft_can_change(client, ana):
    article = make_article()
    client.post(change_url(article), article_post(article, slug="eczema"))
    article.refresh_from_db()
    assert article.slug == "eczema"


def test_the_page_shows_problems_and_advice_separately(client, ana):
    article = make_article(summary="A proven diet.")
    page = client.get(change_url(article)).content.decode()
    assert "What has to change before publishing" in page
    assert "proven" in page
    assert "300 to 900 read well" in page


def test_the_form_has_no_inline_script_and_no_import_map(client, ana):
    page = client.get(change_url(make_article())).content.decode()
    assert re.search(r'<script src="[^"]*js/prose-editor.js" type="module"></script>', page)
    assert "importmap" not in page
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))
    assert "<style" not in page
    assert " style=" not in page


def test_the_preview_shows_the_working_copy_and_saves_nothing(client, ana):
    article = make_published_article()
    Article.objects.filter(pk=article.pk).update(title="Not yet public")
    response = client.get(reverse("admin:education_article_preview", args=[article.pk]))
    assert "Not yet public" in response.content.decode()
    assert response.context["preview"] is True
    assert "no-store" in response.headers["Cache-Control"]
    assert Revision.objects.count() == 1


def test_submitting_an_article_for_review(client, ana):
    article = make_article()
    url = reverse("admin:education_article_submit", args=[article.pk])
    assert "last saved" in client.get(url).content.decode()
    assert not Revision.objects.exists(), "looking at the page submits nothing"
    assert client.post(url, {"text": "Please look at the doses."}).status_code == 302
    revision = Revision.objects.get()
    assert (revision.author, revision.note) == (ana, "Please look at the doses.")


def test_a_refused_submission_keeps_the_note_and_gives_reasons(client, ana):
    article = make_article()
    submit_for_review(article, by=ana)
    url = reverse("admin:education_article_submit", args=[article.pk])
    page = client.post(url, {"text": "My long note."}).content.decode()
    assert "already waiting for review" in page
    assert "My long note." in page


def test_a_blocked_article_has_no_submit_button(client, ana):
    article = make_article(key_points="One.")
    page = client.get(reverse("admin:education_article_submit", args=[article.pk])).content.decode()
    assert "three to five sentences" in page
    assert 'type="submit" class="default"' not in page


def test_withdrawing_a_page(client):
    article = make_published_article()
    client.force_login(make_clinical_reviewer())
    url = reverse("admin:education_article_withdraw", args=[article.pk])
    assert client.post(url, {"text": ""}).status_code == 200
    article.refresh_from_db()
    assert article.is_published
    assert client.post(url, {"text": "Safety warning."}).status_code == 302
    assert client.get(article.get_absolute_url()).status_code == 410


def test_a_page_that_was_published_meanwhile_is_not_withdrawn_unread(client):
    article = make_published_article()
    client.force_login(make_clinical_reviewer())
    url = reverse("admin:education_article_withdraw", args=[article.pk])
    seen = client.get(url).context["seen"]
    newer = submit_for_review(article, by=make_author())
    approve(newer, by=make_clinical_reviewer("nora", "Nora Lind"))
    response = client.post(url, {"text": "Outdated.", "seen": seen})
    assert "Revision 2 was published after you opened this page." in response.content.decode()
    assert "Outdated." in response.content.decode()
    assert Article.objects.get().is_published


def test_a_user_without_change_permission_sees_text_and_no_html(client):
    client.force_login(make_clinical_reviewer())
    page = client.get(change_url(make_article())).content.decode()
    assert "What you can do<br>" in page
    assert "&lt;h2&gt;" not in page


def test_lookups_offer_what_can_be_cited_and_explained(client, ana):
    make_article()
    make_reference("bad2019", status="rejected", status_reason="Does not exist.", title="Eczema and bread")
    references = reverse("admin:education_article_lookup_references")
    glossary = reverse("admin:education_article_lookup_glossary")
    assert [row["value"] for row in client.get(references, {"q": "zhao told"}).json()["results"]] == [
        "petersen2019",
        "zhao2025",
    ]
    assert client.get(references, {"q": "bread"}).json()["results"] == []
    assert client.get(glossary, {"q": "skin"}).json()["results"][0]["words"] == "skin barrier"
    assert client.get(glossary, {"q": "skin", "language": "es"}).json()["results"] == []


def test_a_blocked_article_asks_for_no_note(client, ana):
    article = make_article(summary="A miracle.")
    url = reverse("admin:education_article_submit", args=[article.pk])
    assert "textarea" not in client.get(url).content.decode()
    page = client.post(url, {"text": "For Ruth", "seen": article.version}).content.decode()
    assert "This could not be done" in page
    assert "For Ruth" in page, "blocked only after the note was written, the note is still there"


def test_only_a_published_article_has_a_view_on_site_link(client, ana):
    assert "View on site" not in client.get(change_url(make_article())).content.decode()
    assert "View on site" in client.get(change_url(make_published_article(slug="acne"))).content.decode()


def test_a_reviewer_reads_the_working_copy_with_its_citations(client):
    article = make_article()
    client.force_login(make_clinical_reviewer())
    page = unescape(client.get(change_url(article)).content.decode())
    cited = re.search(r'data-ref="([^"]+)"', article.body)[1]
    assert f"[{cited}]" in page


def test_a_care_card_can_be_added_without_a_script(client, ana):
    article = make_article()
    page = client.get(change_url(article)).content.decode()
    assert 'name="care_cards-0-heading"' in page
    empty = {"level": "", "heading": "", "items": "", "advice": ""}
    assert client.post(change_url(article), article_post(article, [empty])).status_code == 302
    assert not article.care_cards.exists(), "left empty, it is no card"


def test_an_author_reads_what_has_to_change_beside_the_text(client, ana):
    article = make_article()
    revision = submit_for_review(article, by=ana)
    request_changes(revision, by=make_clinical_reviewer(), reason="Say which microbes.")
    assert "Say which microbes." in client.get(change_url(article)).content.decode()

    submit_for_review(article, by=ana)
    assert "Say which microbes." not in client.get(change_url(article)).content.decode()
