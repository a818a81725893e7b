"""What an author may choose as the article that another one was translated from."""

import pytest
from django.urls import reverse
from zeal import zeal_ignore

from education.models import Article
from tests.admin_forms import save_form
from tests.education.admin_cast import article_post, change_url
from tests.education.factories import make_article, make_published_article

pytestmark = pytest.mark.django_db


def save(client, article, **changes):
    with zeal_ignore():  # the field asks for the other article as the view asks for this one
        return save_form(client, change_url(article), article_post(article, **changes)).content.decode()


@pytest.fixture
def english():
    return make_article("acne", title="Acne")


@pytest.fixture
def spanish():
    return make_article("acne-es", title="Acné", language="es")


def test_an_article_is_a_translation_of_one_in_another_language(client, ana, english, spanish):
    save(client, spanish, translation_of=english.pk)
    assert Article.objects.get(slug="acne-es").translation_of == english
    save(client, Article.objects.get(slug="acne-es"), translation_of=english.pk, title="El acné")
    assert Article.objects.get(slug="acne-es").title == "El acné", "it can be saved again"


def test_an_article_is_no_translation_of_itself(client, ana, english):
    assert "An article cannot be a translation of itself." in save(client, english, translation_of=english.pk)
    assert Article.objects.get().translation_of is None


def test_an_article_is_no_translation_of_one_in_its_language(client, ana, english):
    other = make_published_article("rosacea")
    assert "This article is in the same language." in save(client, english, translation_of=other.pk)
    page = save(client, other, translation_of=english.pk)
    assert "This article is in the same language." in page, "even where the language can no longer be changed"
    assert not Article.objects.filter(translation_of__isnull=False).exists()


def test_an_article_is_no_translation_of_a_translation(client, ana, english, spanish):
    Article.objects.filter(pk=spanish.pk).update(translation_of=english)
    arabic = make_article("acne-ar", language="ar")
    assert "This is a translation itself." in save(client, arabic, translation_of=spanish.pk)
    page = save(client, english, translation_of=make_article("rosacea-ar", language="ar").pk)
    assert "Other articles are translations of this one" in page


def test_an_article_has_one_translation_into_a_language(client, ana, english, spanish):
    Article.objects.filter(pk=spanish.pk).update(translation_of=english)
    second = make_article("acne-dos", language="es")
    assert "already has a translation into this language." in save(client, second, translation_of=english.pk)
    values = article_post(second, translation_of=english.pk, slug="acne-tres", version="")
    page = client.post(reverse("admin:education_article_add"), values).content.decode()
    assert "already has a translation into this language." in page


def test_an_original_does_not_move_into_the_language_of_its_translation(client, ana, english, spanish):
    Article.objects.filter(pk=spanish.pk).update(translation_of=english)
    assert "A translation of this article is in this language." in save(client, english, language="es")
