"""Names of journals: an abbreviation is no difference, another journal is one."""

import pytest

from education.references import integrity
from education.references.comparison import differences, is_same_journal
from education.references.duplicates import values_of
from education.references.record import Record
from tests.education.factories import make_reference


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Int J Mol Med", "International Journal of Molecular Medicine"),
        ("Br. J. Dermatol.", "British Journal of Dermatology"),
        ("N Engl J Med", "The New England Journal of Medicine"),
        ("J Eur Acad Dermatol Venereol", "Journal of the European Academy of Dermatology and Venereology"),
        ("Acta Derm Venereol", "Acta Dermato-Venereologica"),
        ("Proc Natl Acad Sci", "Proceedings of the National Academy of Sciences"),
        ("Ann Allergy Asthma Immunol", "Annals of Allergy, Asthma & Immunology"),
        ("Dermatol Ther (Heidelb)", "Dermatology and Therapy"),
        ("Z Rheumatol", "Zeitschrift für Rheumatologie"),
        ("J Am Acad Derm", "J. Am. Acad. Dermatol."),
        ("PNAS", "Proceedings of the National Academy of Sciences"),
        ("JAMA", "Journal of the American Medical Association"),
        ("Gut", "gut"),
    ],
)
def test_an_abbreviated_journal_is_the_same(one, other):
    assert is_same_journal(one, other)
    assert is_same_journal(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cell", "Cells"),
        ("Gut", "Gut Microbes"),
        ("Cancer Cell", "Cancer Cells"),
        ("J Dermatol", "Journal of Dermatological Treatment"),
        ("Br J Dermatol", "British Journal of Diabetology"),
        ("Nature", "Nat Med"),
        ("Clinical Dermatology", "Clinics in Dermatology"),
        ("Allergy", "Allergology"),
        ("BMJ", "Biomedical Journal"),
        ("Frontiers in Immunology", "Frontiers in Medicine"),
    ],
)
def test_another_journal_is_a_difference(one, other):
    assert not is_same_journal(one, other)
    assert not is_same_journal(other, one)


@pytest.mark.django_db
def test_neither_a_register_nor_the_doi_contradicts_an_abbreviated_journal():
    reference = make_reference(container_title="Int J Mol Med", doi="10.3892/ijmm.2025.1")
    record = Record(container_title="International Journal of Molecular Medicine")
    assert differences(reference, record) == []
    assert integrity.problems(values_of(reference), integrity.ReferenceIndex([])) == []
    assert [each["field"] for each in differences(reference, Record(container_title="Gut"))] == ["container_title"]
