"""Clinical codes, and in which spelling they are stored; and the clinicians."""

import pytest
from django.urls import reverse

from education.models import ClinicalCode, Clinician
from tests.admin_forms import save_form
from tests.education.admin_cast import change_url, make_clinical_reviewer
from tests.education.factories import make_published_article
from tests.education.health_record import ICD, SNOMED

pytestmark = pytest.mark.django_db

ADD = reverse("admin:education_clinicalcode_add")


def post(article, **changes):
    return {"article": article.pk, "system": ICD, "code": "L20.84", "display": "Intrinsic eczema"} | changes


@pytest.mark.parametrize("typed", ["l20.84", "L2084", " L20. 84 ", "L20.84"])
def test_a_code_is_stored_in_one_spelling_and_found_by_a_health_record(client, ana, typed):
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
def test_an_impossible_code_is_refused_with_an_explanation(client, ana, system, code, sentence):
    response = client.post(ADD, post(make_published_article(), system=system, code=code))
    assert response.context["adminform"].form.errors == {"code": [sentence]}
    assert not ClinicalCode.objects.exists()


def test_a_reviewer_can_confirm_a_code_older_than_the_rule(client):
    article = make_published_article()
    old = article.codes.create(system=SNOMED, code="X1", display="Stored before there was a rule")
    client.force_login(make_clinical_reviewer())
    data = post(article, system=SNOMED, code="X1", display="Looked up", is_confirmed="on")
    assert save_form(client, change_url(old), data).status_code == 302
    old.refresh_from_db()
    assert (old.is_confirmed, old.display) == (True, "Looked up")


def test_a_code_cannot_be_added_twice_to_an_article(client, ana):
    article = make_published_article()
    article.codes.create(system=ICD, code="L20.84", display="Intrinsic eczema")
    response = client.post(ADD, post(article, code="l2084"))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors


def test_an_administrator_adds_a_clinician(admin_client):
    data = {"name": "Ida Berg", "credentials": "MD", "role": "Dietitian", "about": "", "user": ""}
    admin_client.post(reverse("admin:education_clinician_add"), data)
    assert Clinician.objects.get().name == "Ida Berg"
