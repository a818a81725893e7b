"""Who keeps the clinical codes, and in which spelling."""

import pytest
from django.urls import reverse

from education.models import ClinicalCode
from tests.education.admin_cast import change_url, make_clinical_reviewer
from tests.education.factories import make_published_article
from tests.education.health_record import ICD, SNOMED

pytestmark = pytest.mark.django_db

ADD = reverse("admin:education_clinicalcode_add")


def post(article, **changes):
    return {"article": article.pk, "system": ICD, "code": "L20.84", "display": "Intrinsic eczema"} | changes


@pytest.mark.parametrize("typed", ["l20.84", "L2084", " L20. 84 ", "L20.84"])
def test_an_author_adds_a_code_however_it_is_written_and_records_find_it(client, ana, typed):
    article = make_published_article()
    assert client.post(ADD, post(article, code=typed)).status_code == 302
    assert ClinicalCode.objects.get().code == "L20.84"
    answer = client.get(f"/connect/service?mainSearchCriteria.v.cs={ICD}&mainSearchCriteria.v.c=L20.84")
    assert article.live.title in answer.content.decode()


@pytest.mark.parametrize(
    ("system", "code", "sentence"),
    [
        (ICD, "eczema", "This is not an ICD-10-CM code. It looks like L20 or L20.84."),
        (ICD, "L2", "This is not an ICD-10-CM code. It looks like L20 or L20.84."),
        (ICD, "L20.", "This is not an ICD-10-CM code. It looks like L20 or L20.84."),
        (SNOMED, "L20", "This is not a SNOMED CT code. It looks like 24079001."),
        (SNOMED, "٢٤٠٧٩٠٠١", "This is not a SNOMED CT code. It looks like 24079001."),
    ],
)
def test_what_can_be_no_code_is_refused_in_words(client, ana, system, code, sentence):
    response = client.post(ADD, post(make_published_article(), system=system, code=code))
    assert response.context["adminform"].form.errors == {"code": [sentence]}
    assert not ClinicalCode.objects.exists()


def test_a_reviewer_confirms_a_code_even_one_that_no_rule_would_take_today(client):
    article = make_published_article()
    old = article.codes.create(system=SNOMED, code="X1", display="Stored before there was a rule")
    client.force_login(make_clinical_reviewer())
    data = post(article, system=SNOMED, code="X1", display="Looked up", is_confirmed="on")
    assert client.post(change_url(old), data).status_code == 302
    old.refresh_from_db()
    assert (old.is_confirmed, old.display) == (True, "Looked up")


def test_nobody_repeats_a_code_of_an_article(client, ana):
    article = make_published_article()
    article.codes.create(system=ICD, code="L20.84", display="Intrinsic eczema")
    response = client.post(ADD, post(article, code="l2084"))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors
