"""Parts of pages that each process renders once: what changed is on the page at once, and nothing unsafe gets in."""

import pytest
from django.template import Context, Template
from django.test.utils import override_script_prefix
from django.utils.safestring import SafeString

from education.models import EvidenceStatement, Reference
from gutskin.templatetags import kept as kept_parts
from tests.education.factories import make_published_article, make_reference, make_statement

URL = "/conditions/atopic-dermatitis/"


def render(**values):
    names = " ".join(f"{name}={name}" for name in values)
    return Template(f'{{% load kept %}}{{% kept "education/_popover.html" {names} %}}').render(Context(values))


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("sentence", "Probiotics may help a little.", "Probiotics may help a little."),
        ("outcome", "Itching at night", ": Itching at night</span>"),
        ("effect", "worse", " Makes worse</span>"),
        ("certainty", "very-low", " Very low certainty</span>"),
    ],
)
def test_a_changed_statement_is_on_the_next_page(client, db, field, value, shown):
    make_statement(make_published_article())
    before = client.get(f"{URL}more/").content.decode()

    EvidenceStatement.objects.update(**{field: value})

    after = client.get(f"{URL}more/").content.decode()
    assert shown not in before
    assert shown in after


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("title", "A title that was corrected", "A title that was corrected."),
        ("authors", ["Someone E"], "Someone E. "),
        ("year", 1999, "Medicine. 1999. <a"),
        ("status", "retracted", "Retracted: the journal has withdrawn this paper."),
        ("unconfirmed_fields", ["year"], "International Journal of Molecular Medicine. <a"),
        ("doi", "10.1000/182", 'href="https://doi.org/10.1000/182">doi:10.1000/182</a>'),
    ],
)
def test_a_changed_source_is_on_the_next_page(client, db, field, value, shown):
    make_reference("zhao2025", volume="55")
    make_published_article()
    before = client.get(URL).content.decode()

    Reference.objects.filter(key="zhao2025").update(status_reason="Fraud.", **{field: value})

    after = client.get(URL).content.decode()
    assert shown not in before
    assert shown in after


def test_a_text_that_is_safe_does_not_make_the_same_text_safe():
    tag = "<b>gut</b>"

    assert "<p><b>gut</b></p>" in render(slug="gut", term="gut", definition=SafeString(tag))
    assert "<p>&lt;b&gt;gut&lt;/b&gt;</p>" in render(slug="gut", term="gut", definition=tag)
    # The same inside of a tuple.
    listed = Template('{% load kept %}{% kept "education/_breadcrumb.html" crumbs=crumbs %}')
    assert tag in listed.render(Context({"crumbs": [(SafeString(tag), "/")]}))
    assert tag not in listed.render(Context({"crumbs": [(tag, "/")]}))


def test_a_part_is_not_kept_by_a_row_of_the_database(db):
    """Two instances with the same primary key are equal, whatever they say."""
    with pytest.raises(TypeError, match="not by Reference"):
        render(slug="gut", term="gut", definition=make_reference("zhao2025"))


def test_addresses_of_a_part_have_the_prefix_under_which_the_site_is_served(client, db):
    assert 'href="/glossary/' in client.get("/about/").content.decode()
    with override_script_prefix("/skin/"):
        under = client.get("/about/").content.decode()
    assert 'href="/skin/glossary/' in under
    assert 'href="/glossary/' not in under
    assert 'href="/glossary/' in client.get("/about/").content.decode()


def test_authors_of_a_template_see_what_they_change(settings):
    settings.DEBUG = True
    kept_parts._render_once.cache_clear()

    render(slug="gut", term="gut", definition="Where food goes.")

    assert kept_parts._render_once.cache_info().currsize == 0


def test_parts_that_no_page_shows_any_more_are_forgotten():
    kept_parts._render_once.cache_clear()
    for number in range(kept_parts.PARTS + 5):
        kept_parts._render_once("_mark.html", "en", "/", ("number",), ((number, int),))
    assert kept_parts._render_once.cache_info().currsize == kept_parts.PARTS
    kept_parts._render_once.cache_clear()
