from education.citation import vancouver
from education.models import Reference


def reference(**values):
    defaults = {
        "authors": ["Zhao Y", "Yu C"],
        "title": "The gut-skin axis",
        "container_title": "Int J Mol Med",
        "year": 2025,
        "volume": "56",
        "issue": "6",
        "page": "210",
    }
    return Reference(**defaults | values)


def test_authors_title_journal_and_place():
    assert vancouver(reference()) == "Zhao Y, Yu C. The gut-skin axis. Int J Mol Med. 2025;56(6):210."


def test_more_than_six_authors_are_cut():
    text = vancouver(reference(authors=[f"Author {letter}" for letter in "ABCDEFG"]))

    assert text.startswith("Author A, Author B, Author C, Author D, Author E, Author F, et al. The")


def test_an_incomplete_list_of_authors_says_so():
    assert vancouver(reference(authors=["Ford AR"], et_al=True)).startswith("Ford AR, et al. ")


def test_what_nobody_has_confirmed_is_left_out():
    text = vancouver(reference(unconfirmed_fields=["issue", "page", "volume"]))

    assert text == "Zhao Y, Yu C. The gut-skin axis. Int J Mol Med. 2025."


def test_a_title_that_ends_in_a_question_mark_keeps_it():
    assert "Is there an axis? Int" in vancouver(reference(title="Is there an axis?"))


def test_the_link_is_the_doi_unless_that_is_unconfirmed():
    both = {"doi": "10.1/x", "pmid": "123"}

    assert reference(**both).link == "https://doi.org/10.1/x"
    assert reference(**both, unconfirmed_fields=["doi"]).link == "https://pubmed.ncbi.nlm.nih.gov/123/"
    assert reference(doi="10.1/x", unconfirmed_fields=["doi"]).link == "https://doi.org/10.1/x"
    assert reference(url="https://www.nice.org.uk/guidance/ng198").link == "https://www.nice.org.uk/guidance/ng198"
